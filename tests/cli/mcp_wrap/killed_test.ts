// Real gates that are killed at random moments: every call whose result the client has seen is in the runpack that the next gate seals.
import { ROOT } from "../../../scripts/tools/run.ts";
import { assert, assertEquals } from "../../assert.ts";
import { RUNS } from "../../properties/run.ts";
import { inFolder, run } from "../../runtimes/programs.ts";
import { toolCall } from "./world.ts";

const DENO = [Deno.execPath(), "run", "-A", "-q", "--no-check", `--config=${ROOT}deno.json`];
const GAIT = [...DENO, `${ROOT}cli/main.ts`];
const ROUNDS = RUNS >= 1000 ? 20 : 3;

const gate = (folder: string): Deno.ChildProcess => {
  const [program = "", ...args] = GAIT;
  const flags = ["--policy", `${folder}/allow.yaml`, "--session-dir", `${folder}/s`];
  const server = [...DENO, `${ROOT}scripts/bench/wrap_echo.ts`];
  return new Deno.Command(program, {
    args: [...args, "mcp", "wrap", ...flags, "--", ...server],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
};

/** Calls without a pause until the gate is killed; the ids of those whose result came. */
async function untilKilled(folder: string, milliseconds: number): Promise<readonly number[]> {
  const child = gate(folder);
  const writer = child.stdin.getWriter();
  const seen: number[] = [];
  let id = 0;
  // Fails when the gate is gone, which is what ends it.
  const ask = (): Promise<void> =>
    writer.write(new TextEncoder().encode(`${JSON.stringify(toolCall(id++, "file.read", { path: "x" }))}\n`)).catch(() => {});
  for (let i = 0; i < 4; i++) void ask();
  let killing: ReturnType<typeof setTimeout> | undefined;
  let rest = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    killing ??= setTimeout(() => child.kill("SIGKILL"), milliseconds);
    const lines = `${rest}${piece}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { id: answered, result } = JSON.parse(line);
      assert(result !== undefined, line);
      seen.push(answered);
      void ask();
    }
  }
  await child.status;
  await writer.abort().catch(() => {});
  return seen;
}

Deno.test("wrap: a gate that is killed at any moment loses no call that was acknowledged", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    let calls = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const known = new Set(round === 0 ? [] : [...Deno.readDirSync(`${folder}/s`)].map(({ name }) => name));
      const seen = await untilKilled(folder, Math.random() * 60);
      calls += seen.length;
      const made = [...Deno.readDirSync(`${folder}/s`)].map(({ name }) => name).filter((name) =>
        !known.has(name) && name !== ".open"
      );
      const session = `${folder}/s/${made[0]}`;
      assertEquals(made.length, 1);
      const journal = Deno.readTextFileSync(`${session}/journal.jsonl`);
      assert(!journal.includes(`"end":`), "it was killed before its end");
      const after = gate(folder); // the next one, which has no calls of its own
      await after.stdin.close();
      await after.stdout.cancel();
      assertEquals((await after.status).code, 0);

      const key = ["--require-signature", "--public-key", `${session}/signer.pub`];
      const { code, out } = await run(GAIT[0] ?? "", [...GAIT.slice(1), "verify", `${session}/runpack.zip`, ...key]);
      assertEquals(code, 0, out);
      const records = Deno.readTextFileSync(`${session}/journal.jsonl`).split("\n").slice(0, -1).map((line) =>
        JSON.parse(line)
      );
      const asked = new Map(records.flatMap(({ decision }) => decision ? [[decision.request_id, decision.call]] : []));
      const results = new Map(records.flatMap(({ result }) => result ? [[result.call, result.status]] : []));
      for (const id of seen) assertEquals(results.get(asked.get(String(id))), "ok", `call ${id}`);
      assertEquals(records.at(-1).end.why, "interrupted");
      assertEquals([...Deno.readDirSync(`${folder}/s/.open`)], []);
    }
    assert(calls > ROUNDS, "calls were acknowledged");
  });
});
