// The program as a process: streams that break, colour, variables, permissions that are missing, logs that cannot be written.
import { assert, assertEquals } from "../assert.ts";
import { skipped } from "../shared.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const gait = (...argv: string[]): string[] => [Deno.execPath(), "run", "-A", "-q", "--no-prompt", MAIN, ...argv];

const shell = async (script: string, argv: readonly string[], env: Record<string, string> = {}, cwd?: string) => {
  const args = ["-c", script, "sh", ...argv];
  const options = { args, env: { NO_COLOR: "", ...env }, ...(cwd === undefined ? {} : { cwd }) };
  const { code, stdout, stderr } = await new Deno.Command("bash", options).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
};

Deno.test("main: the answer on stdout, the exit number, nothing on stderr", async () => {
  assertEquals(await shell('"$@"', gait("--version")), { code: 0, out: "gait 0.0.0-dev\n", err: "" });
  const { code, out, err } = await shell('"$@"', gait("conjure", "--json"));
  assertEquals([code, out.split("\n").length, JSON.parse(out).fault, err], [6, 2, "unknown_command", ""]);
});

Deno.test("main: a reader that goes away is no crash, and the exit stays", async () => {
  const { code, err } = await shell('"$@" | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}', gait("help"));
  assertEquals([code, err], [0, ""]);
  const closed = await shell('("$@"; echo $? >&2) | true', gait("conjure"));
  assertEquals(closed.err, "6\n");
});

Deno.test("main: an answer that cannot be written is a failure", async () => {
  const { code, err } = await shell('"$@" > /dev/full', gait("version"));
  assertEquals([code, err], [1, "gait: cannot write the answer to standard output\n"]);
});

Deno.test("main: a stream goes on as long as it is read, ends quietly when nobody does, and fails when it cannot be written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    Deno.writeTextFileSync(`${folder}/p.yaml`, "default_verdict: allow\n");
    const one = '{"tool_name":"a","args":{},"context":{"identity":"i","workspace":"w","risk_class":"low"}}\n';
    Deno.writeTextFileSync(`${folder}/c.jsonl`, one.repeat(20_000));
    const argv = gait("gate", "eval", "--policy", "p.yaml", "--intents", "c.jsonl");
    const whole = await shell('"$@" | tail -n 1', argv, {}, folder);
    assertEquals([whole.code, JSON.parse(whole.out).line, whole.err], [0, 20_000, ""]);
    const gone = await shell('"$@" | head -n 1; exit ${PIPESTATUS[0]}', argv, {}, folder);
    assertEquals([gone.code, JSON.parse(gone.out).line, gone.err], [0, 1, ""]);
    const full = await shell('"$@" > /dev/full', argv, {}, folder);
    assertEquals([full.code, full.err], [1, "gait: cannot write the answer to standard output\n"]);
    const fed = await shell('(head -n 1 c.jsonl; sleep 1; echo "{") | "$@" -', argv.slice(0, -1), {}, folder);
    const verdicts = fed.out.trim().split("\n").map((line) => JSON.parse(line).verdict);
    assertEquals([fed.code, verdicts, fed.err], [3, ["allow", "block"], ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("main: colour on a terminal only, and never with NO_COLOR", async () => {
  const terminal = `script -qec "$(printf '%q ' "$@")" /dev/null`;
  const plain = await shell('"$@"', gait("conjure"));
  assert(plain.code === 6 && !plain.out.includes("\x1b"), "a pipe gets no colour");
  const seen = await shell(terminal, gait("conjure"));
  if (seen.code === 127) return skipped("colour on a terminal", "there is no script(1) here");
  assert(seen.out.startsWith("\x1b[31merror: "), seen.out);
  const without = await shell(terminal, gait("conjure"), { NO_COLOR: "1" });
  assert(without.code === 6 && without.out.startsWith("error: ") && !without.out.includes("\x1b[3"), without.out);
});

Deno.test("main: works without the permission to read variables, and without any for what needs none", async () => {
  for (const given of [[], ["--allow-read"]]) {
    const argv = [Deno.execPath(), "run", "-q", "--no-prompt", ...given, MAIN, "help", "--json"];
    const { code, out, err } = await shell('"$@"', argv);
    assertEquals([code, JSON.parse(out).ok, err], [0, true, ""], given.join(" "));
  }
});

Deno.test("main: event logs are written around every command, and their failure changes nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const env = {
      GAIT_ADOPTION_LOG: " logs/adoption.jsonl ",
      GAIT_OPERATIONAL_LOG: "op.jsonl",
      GAIT_TELEMETRY_HEALTH_PATH: "health.json",
    };
    const first = await shell('"$@"', gait("conjure", "--json"), env, folder);
    assertEquals([first.code, first.err], [6, ""]);
    const lines = (path: string) =>
      Deno.readTextFileSync(`${folder}/${path}`).trimEnd().split("\n").map((line) => JSON.parse(line));
    const [start, end] = lines("op.jsonl");
    assertEquals([start.phase, end.phase, end.exit_code, end.command], ["start", "end", 6, "conjure"]);
    assertEquals([start.correlation_id, end.correlation_id], Array(2).fill(JSON.parse(first.out).correlation_id));
    assert(Number.isInteger(end.elapsed_ms) && end.elapsed_ms > 0);
    assertEquals(lines("logs/adoption.jsonl").length, 1);
    const { streams } = JSON.parse(Deno.readTextFileSync(`${folder}/health.json`));
    assertEquals(Object.keys(streams), ["adoption", "operational_start", "operational_end"]);
    const broken = { GAIT_ADOPTION_LOG: `${folder}/op.jsonl/x` };
    const warned = await shell('"$@"', gait("version"), broken, folder);
    assertEquals([warned.code, warned.out], [0, "gait 0.0.0-dev\n"]);
    assert(
      /^gait: cannot write the adoption log ".*": a part of the path is not a folder \(ENOTDIR\)\n$/.test(warned.err),
      warned.err,
    );
    const silent = await shell('"$@"', gait("version"), { ...broken, GAIT_TELEMETRY_WARN: "Off" }, folder);
    assertEquals([silent.code, silent.err], [0, ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
