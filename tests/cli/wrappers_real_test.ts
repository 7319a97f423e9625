// A program under a wrapper that is killed or takes too long, on the real machine: the trace that it had made is whole and verifies, and
// the wrapper ends as the contract says.
import { assert, assertEquals } from "../assert.ts";
import { evalOf, FILES, SIGNED } from "./gate_world.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const GAIT = [Deno.execPath(), "run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN];

/** Runs gait in a folder. */
async function gait(folder: string, ...args: readonly string[]): Promise<readonly [number, Record<string, unknown>]> {
  const [program = "", ...first] = GAIT;
  const { code, stdout } = await new Deno.Command(program, { args: [...first, ...args], cwd: folder, stdin: "null" }).output();
  return [code, JSON.parse(new TextDecoder().decode(stdout))];
}

/** A program that has the gate decide, names the trace, and then ends as the script says. */
const integration = (then: string): readonly string[] => {
  const line = [...GAIT, ...evalOf("ask.json", ...SIGNED, "--trace-out", "t.json")].map((word) => `'${word}'`).join(" ");
  return ["sh", "-c", `${line} > said; echo trace_path=t.json; touch ready; ${then}; touch late`];
};

async function wrapped(
  mode: string,
  timeout: string,
  then: string,
  exit: number,
  wanted: Record<string, unknown>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(FILES)) await Deno.writeTextFile(`${folder}/${path}`, text);
    const [code, said] = await gait(
      folder,
      mode,
      "--timeout",
      timeout,
      "--public-key",
      "pub",
      "--json",
      "--",
      ...integration(then),
    );
    const { child_exit_code, failure_reason, timed_out } = said;
    assertEquals({ code, child_exit_code, failure_reason, timed_out }, { code: exit, ...wanted }, JSON.stringify(said));
    assertEquals([said["trace_paths"], said["verdict_counts"]], [["t.json"], [{ count: 1, verdict: "require_approval" }]]);
    const [verified, { ok, verdict }] = await gait(folder, "trace", "verify", "t.json", "--public-key", "pub", "--json");
    assertEquals([verified, ok, verdict], [0, true, "require_approval"]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert(names.includes("ready") && !names.includes("late"), names.join(" "));
    assertEquals(names.filter((name) => name.includes("tmp")), [], "no half file is left");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("wrappers: a program that is killed leaves its trace whole; exit 255", () =>
  wrapped("enforce", "60s", "kill -9 $$", 255, { child_exit_code: -1, failure_reason: undefined, timed_out: undefined }));

Deno.test("wrappers: a program that takes too long leaves its trace whole; exit 1, child_timed_out", () =>
  wrapped("test", "6s", "sleep 60", 1, { child_exit_code: -1, failure_reason: "child_timed_out", timed_out: true }));
