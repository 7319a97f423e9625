// `gait regress serve` as a program: what it says on which stream, the report that it leaves, how it ends, and what it does in trouble.
import { memoryPorts } from "../../cli/host/memory.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { serveRecording, type ServeValues } from "../../cli/regress_serve.ts";
import { concatBytes, fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { digestOf } from "../../core/base/digest.ts";
import { lockDocument, lockedServer, withServer } from "../../core/mcp/lock.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { QUOTE } from "../regress/worlds.ts";
import { machine } from "./commands_world.ts";
import { recorded } from "./regress_world.ts";

const GREETING = { jsonrpc: "2.0", id: 0, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {} } };

const call = (id: number, name: string, args: object) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

const CALLS = QUOTE.intents.map(({ tool_name, args }, index) => call(index + 1, tool_name, args));

type Setup = {
  readonly values?: Partial<ServeValues>;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly trouble?: Trouble;
  readonly output?: (bytes: Uint8Array) => boolean;
};

const FROM = "gait-out/runpack_quote.zip";

/** Plays the run of `QUOTE` to a client that says these frames. */
async function served(frames: readonly (object | string)[], { values = {}, files = {}, trouble, output }: Setup = {}) {
  const text = frames.map((frame) => `${typeof frame === "string" ? frame : JSON.stringify(frame)}\n`).join("");
  const memory = memoryPorts({
    host: nodeHost,
    files: { ...recorded("quote"), ...files },
    input: [utf8(text)],
    ...(trouble === undefined ? {} : { trouble }),
  });
  const said: Uint8Array[] = [];
  const exit = await serveRecording(
    { from: "quote", checkpoint: "", order: "any", results: "", lock: "", report: "", ...values },
    {
      ...memory,
      output: {
        write(bytes) {
          said.push(bytes);
          return Promise.resolve(output?.(bytes) ?? true);
        },
      },
    },
    "v",
  );
  return {
    exit,
    frames: fromUtf8(concatBytes(said)).split("\n").slice(0, -1).map((line): Record<string, unknown> => JSON.parse(line)),
    notes: memory.lines,
    disk: memory.disk,
    get report() {
      const report = memory.disk.bytes(values.report ?? "none");
      return typeof report === "string" ? undefined : JSON.parse(fromUtf8(report));
    },
  };
}

Deno.test("regress serve: a client that makes the recorded calls gets what they gave back", async () => {
  const { exit, frames, notes } = await served([GREETING, ...CALLS]);
  assertEquals(exit, "ok");
  assertEquals(frames.slice(1).map(({ result }) => Object(result).structuredContent), [{ id: 7 }, { reason: "limit" }, {}]);
  assertEquals(frames.slice(1).map(({ result }) => Object(result).isError ?? false), [false, true, false]);
  assertEquals(notes, ["gait regress serve: pass: 3 calls, 3 answered as recorded, 0 diverged"]);
});

Deno.test("regress serve: tools are listed in the order of their calls, and as they were locked", async () => {
  const list = { jsonrpc: "2.0", id: 9, method: "tools/list" };
  const listed = async (setup: Setup = {}) => Object((await served([GREETING, list], setup)).frames[1]?.["result"]).tools;
  const open = { type: "object" };
  assertEquals(await listed(), [
    { name: "crm.lookup", inputSchema: open },
    { name: "quote.write", inputSchema: open },
    { name: "mail.send", inputSchema: open },
  ]);
  const declared = { name: "quote.write", description: "Writes", inputSchema: { type: "object", required: ["amount"] } };
  const server = lockedServer(nodeHost.crypto, {
    server_name: "s",
    command: ["x"],
    reported: { name: "", version: "" },
    tools: [{ name: "quote.write", declared }],
  });
  const lock = utf8(JSON.stringify(lockDocument(withServer(undefined, server), "2026-01-01T00:00:00Z", "v")));
  const tools = await listed({ values: { lock: "gait.mcp.lock" }, files: { "gait.mcp.lock": lock } });
  assertEquals(tools[1], declared);
});

Deno.test("regress serve: the report says which call diverged and how, the same for the same calls", async () => {
  const other = call(2, "quote.write", { amount: 90, to: "a@example.test" });
  const run = () => served([GREETING, CALLS[0] ?? {}, other], { values: { report: "out/playback.json", order: "strict" } });
  const { exit, report, notes } = await run();
  assertEquals(exit, "regression");
  const { divergences, ...rest } = report;
  const args_digest = (amount: number) => digestOf(nodeHost.crypto, { amount, to: "a@example.test" });
  const words = `the recording has no call of this tool with these arguments; expected is step 2, "quote.write" (c2)`;
  const diff = [
    "--- recorded",
    "+++ made",
    '  tool_name: "quote.write"',
    "  args:",
    "-   amount: 100",
    "+   amount: 90",
    '    to: "a@example.test"',
    `- args_digest: "${args_digest(100)}"`,
    `+ args_digest: "${args_digest(90)}"`,
  ];
  const reason_code = "playback_call_unknown";
  assertEquals(divergences, [{ call: 2, tool_name: "quote.write", reason_code, words, step: 2, intent_id: "c2", diff }]);
  assertEquals(rest, {
    schema_id: "gait.regress.playback",
    schema_version: "1.0.0",
    created_at: "2026-03-01T10:00:00Z",
    producer_version: "v",
    recording: "quote",
    run_id: "quote",
    order: "strict",
    status: "fail",
    ended: true,
    recorded: 3,
    calls: 2,
    answered: 1,
    unanswered: 0,
    diverged: 1,
    missing: 2,
    missing_calls: [{ step: 2, intent_id: "c2", tool_name: "quote.write" }, {
      step: 3,
      intent_id: "c3",
      tool_name: "mail.send",
    }],
  });
  assertEquals(notes.map((line) => line.replace("gait regress serve: ", "")), [
    `call 2, "quote.write": ${reason_code}: ${words}`,
    ...diff,
    "fail: 2 calls, 1 answered as recorded, 1 diverged",
    `2 of 3 recorded calls were not made, the first is step 2, "quote.write" (c2)`,
  ]);
  assertEquals((await run()).report, report);
});

Deno.test("regress serve: in strict order a call that is not made is a regression", async () => {
  for (const order of ["any", "strict"] as const) {
    assertEquals((await served(CALLS.slice(0, 2), { values: { order } })).exit, order === "any" ? "ok" : "regression");
  }
});

Deno.test("regress serve: a client that only asks who is there leaves no report, and takes none away", async () => {
  const discover = {
    jsonrpc: "2.0",
    id: 1,
    method: "server/discover",
    params: {
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  };
  const { exit, report, notes } = await served([GREETING, discover], {
    values: { report: "r.json", order: "strict" },
    files: { "r.json": utf8(`"old"`) },
  });
  assertEquals([exit, report, notes], ["ok", "old", []]);
});

Deno.test("regress serve: a server that is killed leaves what it came to so far", async () => {
  const seen: unknown[] = [];
  const memory = memoryPorts({ host: nodeHost, files: recorded("quote") });
  const lines = [GREETING, ...CALLS].map((frame) => utf8(`${JSON.stringify(frame)}\n`));
  await serveRecording(
    { from: "quote", checkpoint: "", order: "any", results: "", lock: "", report: "r.json" },
    {
      ...memory,
      input: {
        next() {
          const report = memory.disk.bytes("r.json");
          if (typeof report !== "string") {
            const { calls, ended } = JSON.parse(fromUtf8(report));
            seen.push([calls, ended]);
          }
          const line = lines.shift();
          return Promise.resolve({ ok: true, value: line === undefined ? undefined : Uint8Array.from(line) });
        },
      },
    },
    "v",
  );
  assertEquals(seen, [[1, false], [2, false], [3, false]]);
});

Deno.test("regress serve: frames that are none, too long or cut short", async () => {
  const long = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${"a".repeat(64 * 2 ** 20)}"}}`;
  const { exit, frames } = await served(["[]", `{"id":1,"id":2,"method":"ping"}`, long, { ...GREETING, id: "last" }]);
  assertEquals(exit, "ok");
  assertEquals(frames.map(({ id, error }) => [id, Object(error).code]), [[null, -32600], [null, -32700], [null, -32600], [
    "last",
    undefined,
  ]]);
});

Deno.test("regress serve: what cannot be played is said to the client too, and ends with the exit code of the fault", async () => {
  const twice = recorded("twice", { intents: [...QUOTE.intents, ...QUOTE.intents.slice(0, 1)] });
  const rows: readonly (readonly [Setup, string])[] = [
    [{ values: { from: "none" } }, "file_missing"],
    [{ values: { from: "twice" }, files: twice }, "replay_impossible"],
    [{ values: { results: "r.jsonl" } }, "file_missing"],
    [{ values: { results: "r.jsonl" }, files: { "r.jsonl": utf8("[]") } }, "document_shape"],
    [{ values: { lock: "l" }, files: { l: utf8("{}") } }, "document_shape"],
    [{ values: { report: FROM } }, "same_file"],
    [{ values: { report: "../r.json" } }, "path_refused"],
    [{ values: { from: FROM }, files: { [FROM]: utf8("no zip") } }, "not_a_zip"],
  ];
  for (const [setup, fault] of rows) {
    const { exit, frames, notes } = await served([GREETING, CALLS[0] ?? {}], setup);
    assertEquals([fault, exit, frames.length], [fault, "usage", 2]);
    assertEquals(frames.map(({ error }) => [Object(error).code, Object(error).data.fault]), [[-32603, fault], [-32603, fault]]);
    assertEquals(notes.length, 1);
  }
});

Deno.test("regress serve: a report whose last writing fails is a fault of its own", async () => {
  const values = { report: "r.json" };
  const calm = await served([GREETING, ...CALLS], { values });
  assertEquals(calm.exit, "ok");
  const exits = new Set<string>();
  for (let step = 1; step <= calm.disk.steps(); step++) {
    const { exit, notes, report } = await served([GREETING, ...CALLS], { values, trouble: { step, kind: "ENOSPC" } });
    exits.add(exit);
    if (exit === "ok") assertEquals(report, calm.report, `step ${step}`);
    else assert(notes.some((line) => line.includes(`Cannot write "r.json"`)), `step ${step}: ${notes.join("\n")}`);
  }
  assertEquals([...exits].sort(), ["internal", "ok"]);
});

Deno.test("regress serve: a client that has gone is served no more", async () => {
  const { exit, frames } = await served([GREETING, ...CALLS], { output: () => false });
  assertEquals([exit, frames.length], ["ok", 1]);
});

Deno.test("regress serve: the command takes a run as regress init does, and answers by its exit code", async () => {
  const said = [GREETING, call(1, "mail.send", {})].map((frame) => `${JSON.stringify(frame)}\n`);
  const made = machine({ files: recorded("quote"), input: said });
  assertEquals((await made.raw("regress", "serve", "--from", "quote", "--report", "out/r.json")).slice(0, 2), [5, ""]);
  assertEquals(JSON.parse(made.file("out/r.json")).diverged, 1);
  const calm = machine({ files: recorded("quote"), input: said.slice(0, 1) });
  assertEquals(await calm.raw("regress", "serve", "--from", FROM, "--order", "strict"), [0, "", ""]);
  assertEquals((await calm.text("regress", "serve"))[0], 6);
  assertEquals((await calm.text("regress", "serve", "--from", "quote", "--order", "odd"))[0], 6);
});
