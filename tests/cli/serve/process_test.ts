// The server as a process: killed under load, told to end, called by those who are slow, reached by a socket of the file system.
import { denoListen } from "../../../cli/host/listen_deno.ts";
import { readSegment } from "../../../cli/serve/journal_segments.ts";
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { readPrivateKey } from "../../../core/base/keys.ts";
import { readShape } from "../../../core/base/shape.ts";
import { TraceShape } from "../../../core/schema/trace.ts";
import { verifyTrace } from "../../../core/trace/verify.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";
import { RUNS } from "../../properties/run.ts";
import { PRIVATE_KEY } from "../commands_world.ts";
import { inFolder, over, post, readAll, start } from "./process.ts";
import { callOf, requestText } from "./world.ts";

const LONG = RUNS >= 1000;
const JOURNAL = "gait-out/mcp-serve/journal";

const journaled = (folder: string) =>
  [...Deno.readDirSync(`${folder}/${JOURNAL}`)].map(({ name }) => name).filter((name) => name.endsWith(".jsonl")).flatMap((
    name,
  ) => assertOk(readSegment(Deno.readFileSync(`${folder}/${JOURNAL}/${name}`), name)).calls);

Deno.test("serve: killed under load, every call that was told is in the journal and verifies", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/k`, PRIVATE_KEY);
    const key = assertOk(await readPrivateKey(nodeHost.crypto, PRIVATE_KEY));
    const told: { readonly trace_id: string; readonly trace_path: string }[] = [];
    for (let round = 0; round < (LONG ? 20 : 3); round++) {
      const { process, port, errors } = await start(folder, "--key-mode", "prod", "--private-key", "k");
      let dead = false;
      const caller = async (n: number): Promise<void> => {
        for (let i = 0; !dead; i++) {
          const answer = await post(
            port,
            callOf(i % 3 === 0 ? "no" : "go", { run_id: `r${round}_${n}_${i}`, session_id: `s${n % 2}` }),
          );
          if (answer === undefined) return;
          assertEquals(answer.status, 200, answer.body);
          told.push({ trace_id: String(answer.json.trace_id), trace_path: String(answer.json.trace_path) });
        }
      };
      const callers = Array.from({ length: 6 }, (_, n) => caller(n));
      const enough = told.length + 12 + 7 * round % 40;
      while (told.length < enough) await new Promise((resolve) => setTimeout(resolve, 3));
      process.kill("SIGKILL");
      dead = true;
      await Promise.all(callers);
      await process.status;
      await errors();
    }
    assert(told.length > 20, `${told.length} calls`);
    for (const { trace_path } of told.slice(-3)) await Deno.remove(`${folder}/${trace_path}`); // as a machine that stops may leave it
    const last = await start(folder, "--key-mode", "prod", "--private-key", "k");
    last.process.kill("SIGTERM");
    assertEquals((await last.process.status).code, 0);
    assert((await last.errors()).includes('"event":"journal_recovered"'));
    const calls = new Map(journaled(folder).map((call) => [call.trace_path, call]));
    for (const { trace_id, trace_path } of told) {
      const call = calls.get(trace_path);
      assert(call?.trace !== undefined, `${trace_path} is in no journal`);
      assertEquals(Deno.readTextFileSync(`${folder}/${trace_path}`), `${JSON.stringify(call.trace)}\n`);
      const trace = assertOk(readShape(TraceShape, call.trace, trace_path));
      assertEquals([trace.trace_id, (await verifyTrace(nodeHost.crypto, trace, key)).signature_status], [trace_id, "verified"]);
    }
  }));

Deno.test("serve: told to end it answers what came, and nothing is left for the next one to mend", () =>
  inFolder(async (folder) => {
    const { process, port, errors } = await start(folder);
    const half = await Deno.connect({ hostname: "127.0.0.1", port });
    const text = requestText("POST", "/v1/evaluate", {}, callOf("go"));
    await half.write(new TextEncoder().encode(text.slice(0, -5)));
    const idle = await Deno.connect({ hostname: "127.0.0.1", port });
    const calls = Array.from({ length: 20 }, () => post(port, callOf("go")));
    const answers = await Promise.all(calls);
    process.kill("SIGTERM");
    assertEquals((await readAll(idle)).length, 0);
    const late = await over(half, text.slice(-5));
    assertEquals([late?.status, late?.headers.get("connection")], [200, "close"]);
    for (const conn of [half, idle]) conn.close();
    assertEquals((await process.status).code, 0);
    assertEquals(answers.filter((answer) => answer?.status === 200).length, 20);
    assertEquals(journaled(folder).length, 21);
    const lines = (await errors()).trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map(({ event }) => event), ["listening", "ending", "ended"]);
    const segment = Deno.readFileSync(`${folder}/${JOURNAL}/serve_000001.jsonl`);
    assert(assertOk(readSegment(segment, "j")).settled && !segment.includes(0));
  }));

Deno.test("serve: told to end it takes what the system holds for it: on a connection that waits, and before one is taken", () =>
  inFolder(async (folder) => {
    const { process, port, errors } = await start(folder);
    const text = requestText("POST", "/v1/evaluate", {}, callOf("go"));
    const kept = await Deno.connect({ hostname: "127.0.0.1", port });
    await kept.write(utf8(text));
    assert((await kept.read(new Uint8Array(65_536)) ?? 0) > 0);
    process.kill("SIGSTOP"); // all that comes from here on waits in the system
    const fresh = await Deno.connect({ hostname: "127.0.0.1", port });
    const answers = [kept, fresh].map((conn) => over(conn, text));
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill("SIGTERM");
    process.kill("SIGCONT");
    for (const answer of await Promise.all(answers)) {
      assertEquals([answer?.status, answer?.headers.get("connection")], [200, "close"]);
    }
    for (const conn of [kept, fresh]) conn.close();
    assertEquals((await process.status).code, 0);
    assertEquals(journaled(folder).length, 3);
    await errors();
  }));

Deno.test("serve: hundreds who are slow are cut off, and keep nobody waiting meanwhile", () =>
  inFolder(async (folder) => {
    const { process, port, errors } = await start(folder);
    const slow = await Promise.all(Array.from({ length: 300 }, () => Deno.connect({ hostname: "127.0.0.1", port })));
    const began = performance.now();
    for (const [i, conn] of slow.entries()) {
      if (i % 2 === 0) await conn.write(new TextEncoder().encode("POST /v1/evaluate HTTP/1.1\r\nhost: 127.0.0.1\r\n"));
    }
    const waited: number[] = [];
    for (let i = 0; i < 20; i++) {
      const sent = performance.now();
      assertEquals((await post(port, callOf("go")))?.status, 200);
      waited.push(performance.now() - sent);
    }
    assert(Math.max(...waited) < 4_000, `${Math.max(...waited)} ms`);
    const ends = await Promise.all(slow.map(async (conn) => {
      const said = fromUtf8(await readAll(conn));
      conn.close();
      return said.slice(0, 12);
    }));
    const milliseconds = performance.now() - began;
    assert(milliseconds > 4_000 && milliseconds < 9_000, `${milliseconds} ms`);
    assertEquals([ends.filter((said) => said === "HTTP/1.1 408").length, ends.filter((said) => said === "").length], [
      150,
      150,
    ]);
    process.kill("SIGINT");
    assertEquals((await process.status).code, 0);
    await errors();
  }));

Deno.test("serve: a socket of the file system takes the place of a port, and of one that a killed server left", () =>
  inFolder(async (folder) => {
    const flags = ["--unix-socket", "g.sock"];
    const path = `${folder}/g.sock`;
    const child = new URL("./unix_child.ts", import.meta.url).pathname;
    const ask = async () => {
      const asked = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "-q", "--no-check", child, path] });
      return Number(fromUtf8((await asked.output()).stdout));
    };
    const first = await start(folder, ...flags);
    assertEquals([first.ready.listen, await ask()], ["g.sock", 200]);
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o7, 0);
    const second = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "-q",
        "--no-check",
        new URL("../../../cli/main.ts", import.meta.url).pathname,
        "mcp",
        "serve",
        "p.yaml",
        ...flags,
        "--journal-dir",
        "j",
        "--json",
      ],
      cwd: folder,
    });
    const { code, stdout } = await second.output();
    assertEquals([code, JSON.parse(fromUtf8(stdout)).fault], [1, "listen_failed"]);
    assertEquals(await ask(), 200);
    first.process.kill("SIGKILL");
    await first.process.status;
    await first.errors();
    const third = await start(folder, ...flags);
    assertEquals(await ask(), 200);
    third.process.kill("SIGTERM");
    await third.process.status;
    await third.errors();
    assert(![...Deno.readDirSync(folder)].some(({ name }) => name === "g.sock"));
    const plain = await denoListen.open({ kind: "unix", path: `${folder}/p.yaml` }, { alone: false });
    assertEquals(
      assertFault(plain, "listen_failed").message,
      `Cannot listen on "${folder}/p.yaml": what stands there is no socket (ENOTSOCK)`,
    );
  }));

Deno.test("serve: once it listens, the network is for those who call and for nothing else", async () => {
  const child = new URL("./alone_child.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "-q", "--no-check", child] })
    .output();
  assertEquals([code, fromUtf8(stdout), fromUtf8(stderr)], [0, "answered NotCapable NotCapable\n", ""]);
});

Deno.test("serve: a pipe that a caller names is refused, and holds nobody up", () =>
  inFolder(async (folder) => {
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    const { process, port, errors } = await start(folder, "--allow-client-artifact-paths");
    const late = setTimeout(() => process.kill("SIGKILL"), 10_000); // one that hangs gives no answer then
    const BODIES = [
      callOf("go", { session_id: "s", session_journal: "pipe" }),
      callOf("go", {}, { context_envelope_path: "pipe" }),
      callOf("go", {}, { context_envelope_path: "/dev/zero" }),
    ];
    for (const body of BODIES) {
      const answer = await post(port, body);
      assertEquals([answer?.status, answer?.json.fault], [400, "path_refused"], body);
    }
    assertEquals((await post(port, callOf("go")))?.json.verdict, "allow");
    clearTimeout(late);
    process.kill("SIGTERM");
    assertEquals((await process.status).code, 0);
    await errors();
  }));

Deno.test("serve: pipes in the folders that it looks into hold nobody up, whatever they are named", () =>
  inFolder(async (folder) => {
    const pipe = async (path: string): Promise<void> => {
      await Deno.remove(`${folder}/${path}`).catch(() => {}); // another file may be there
      assertEquals((await new Deno.Command("mkfifo", { args: [`${folder}/${path}`] }).output()).code, 0);
    };
    for (const path of ["jobs/j1", "jobs/j2"]) await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    const { process, port, errors } = await start(folder, "--pending-dir", "box", "--job-root", "jobs");
    const late = setTimeout(() => process.kill("SIGKILL"), 20_000); // one that hangs gives no answer then
    const ask = async (body: string, path?: string, method?: string) => {
      const answer = await post(port, body, path, method);
      assertEquals((await post(port, "", "/livez", "GET"))?.status, 200, `${path} ${body}`);
      return answer;
    };
    const ids: string[] = [];
    for (const run_id of ["a", "b"]) {
      ids.push(String((await ask(callOf("ask", { run_id }, { run_id })))?.json.pending_request_id));
    }
    const [decided = "", held = ""] = ids;
    await pipe(`box/decision_${decided}_1.json`);
    await pipe(`box/call_${held}.json`);
    assert((await ask("", "/v1/approvals?state=damaged", "GET"))?.body.includes(decided));
    assertEquals((await ask("{}", `/v1/approvals/${held}/resubmit`))?.json.fault, "request_missing");
    const none = "ab".repeat(32);
    await pipe(`box/request_${none}.json`);
    assertEquals((await ask("", `/v1/approvals/${none}`, "GET"))?.json.fault, "file_unreadable");
    assertEquals((await ask("", "/v1/approvals?state=all", "GET"))?.status, 200);

    const sessions = "gait-out/mcp-serve/sessions";
    await pipe(`${sessions}/S.journal.jsonl`);
    assertEquals((await ask(callOf("go", { session_id: "S" })))?.json.fault, "file_unreadable");
    await pipe(`${sessions}/T.journal.jsonl.lock`);
    assertEquals((await ask(callOf("go", { session_id: "T" })))?.json.fault, "write_failed");

    await pipe("jobs/j1/state.json");
    await pipe("jobs/j2/events.jsonl");
    await Deno.writeTextFile(`${folder}/jobs/j2/state.json`, "{}");
    for (const job_id of ["j1", "j2"]) {
      assertEquals((await ask(callOf("go", {}, { job_id })))?.json.verdict, "block", job_id);
    }

    await pipe("snapshot");
    await Deno.writeTextFile(`${folder}/p.yaml`, "default_verdict: allow\nmcp_trust: {snapshot: snapshot}\n");
    const unknown = await ask('{"call": {"name": "go", "server": {"server_id": "a"}}}');
    assertEquals(unknown?.json.reason_codes, ["default_allow", "mcp_trust_snapshot_unavailable"]);
    await pipe("p.yaml");
    assertEquals((await ask(callOf("go")))?.json.fault, "file_unreadable");

    // A trace that is a pipe is none: it neither keeps the server from ending nor is made to be one.
    await pipe(`gait-out/mcp-serve/traces/${[...Deno.readDirSync(`${folder}/gait-out/mcp-serve/traces`)][0]?.name}`);
    clearTimeout(late);
    const slow = setTimeout(() => process.kill("SIGKILL"), 10_000);
    process.kill("SIGTERM");
    assertEquals((await process.status).code, 0);
    clearTimeout(slow);
    await errors();
  }));
