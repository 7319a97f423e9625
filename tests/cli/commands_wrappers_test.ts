// Contracts of `test`, `enforce` and `trace -- <command>` (spec 06, section 6): members, lines, exits, what is gait's and what the child's.
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import type { ChildEnd, ChildRules } from "../../core/ports.ts";
import { parse } from "../../cli/flags.ts";
import { kept } from "../../cli/power.ts";
import enforce from "../../cli/commands/enforce.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { machine, PRIVATE_KEY, PUBLIC_KEY, refusal } from "./commands_world.ts";
import { evalOf, FILES as GATE, SIGNED } from "./gate_world.ts";

const trace = (verdict: string, change: JsonObject = {}): string =>
  JSON.stringify({
    ...{ schema_id: "gait.gate.trace", schema_version: "1.0.0", created_at: "2026-03-01T10:00:00Z", producer_version: "p" },
    ...{ trace_id: "t1", tool_name: "mail.send", verdict },
    ...{ args_digest: "a".repeat(64), intent_digest: "b".repeat(64), policy_digest: "c".repeat(64) },
    ...change,
  });

const FILES = {
  "allow.json": trace("allow"),
  "block.json": trace("block"),
  "ask.json": trace("require_approval"),
  "odd.json": trace(" block "),
  "short.json": trace("allow", { intent_digest: "22" }),
  "sub/x": "",
};

type Says = { readonly out?: string; readonly err?: string } & Partial<Omit<ChildEnd, "output" | "errors">>;

/** A machine on which every program says the same; what it was asked to run, and how. */
const world = (says: Says = {}) => {
  const { out = "", err = "", ...end } = says;
  const asked: { argv: readonly string[]; rules: ChildRules }[] = [];
  const made = machine({
    files: { ...FILES, k: PRIVATE_KEY, pub: PUBLIC_KEY },
    child(argv, rules) {
      asked.push({ argv, rules });
      return { output: utf8(out), errors: utf8(err), code: 0, timedOut: false, whole: true, ...end };
    },
  });
  return { ...made, asked };
};

const CONTRACT = { boundary_contract: "explicit_trace_reference", trace_reference_required: true };

Deno.test("wrappers: exactly these members, and how the program is run", async () => {
  const out = "trace_path=allow.json\nrunpack_path=r.zip\n";
  for (const mode of ["test", "enforce", "trace"]) {
    const made = world({ out, err: "trace_path=block.json\n" });
    const [exit, { duration_ms, ...said }] = await made.json(
      mode,
      "--timeout",
      "1.5s",
      "--cwd",
      "sub",
      "--json",
      "--",
      "./c.sh",
      "x y",
      "--json",
    );
    assertEquals(said, {
      ok: mode !== "enforce",
      mode,
      command: ["./c.sh", "x y", "--json", "--json"],
      cwd: "sub",
      ...CONTRACT,
      verdict_counts: [{ count: 1, verdict: "allow" }, { count: 1, verdict: "block" }],
      trace_paths: ["allow.json", "block.json"],
      runpack_paths: ["r.zip"],
      stdout: out,
      stderr: "trace_path=block.json\n",
    });
    assertEquals([exit, duration_ms], [mode === "enforce" ? 3 : 0, 1000]);
    assertEquals(made.asked.map(({ rules }) => rules), [
      { folder: "sub", variables: { GAIT_WRAPPER_MODE: mode }, milliseconds: 1500, grace: 2000, bytes: 2 ** 26 },
    ]);
  }
});

Deno.test("wrappers: the line for people; the program's own exit code, and 255 for a signal", async () => {
  const out = "trace_path=allow.json\n";
  assertEquals(await world({ out }).text("test", "--", "a"), [0, ["test ok: child_exit=0 traces=1"]]);
  assertEquals(await world({ out, code: 9 }).text("enforce", "--", "a"), [9, ["enforce finished: child_exit=9 traces=1"]]);
  const [exit, said] = await world({ out, code: -1 }).json("trace", "--json", "--", "a");
  assertEquals([exit, said.ok, said.child_exit_code, said.error, said.failure_reason], [255, false, -1, undefined, undefined]);
  assertEquals(await world({ out: "trace_path=block.json\n" }).text("enforce", "--", "a"), [3, [
    "enforce finished: child_exit=0 traces=1",
  ]]);
  assertEquals(await world({ out: "trace_path=ask.json\n" }).text("enforce", "--", "a"), [4, [
    "enforce finished: child_exit=0 traces=1",
  ]]);
});

Deno.test("wrappers: each failure has its exit, its reason and its words, and what is known is told", async () => {
  const fail = async (says: Says, ...argv: string[]) => {
    const [exit, said] = await world(says).json("enforce", "--json", ...argv, "--", "a");
    assertEquals([said.ok, said.fault, said.retryable, said.command], [false, said.failure_reason, false, ["a", "--json"]]);
    return [exit, said.failure_reason, said.error_code, said.error];
  };
  const vouch = 'Cannot vouch for "a": ';
  const out = "trace_path=allow.json\n";
  assertEquals(await fail({ out, timedOut: true, code: -1 }), [
    ...[1, "child_timed_out", "internal_failure"],
    `${vouch}it took longer than --timeout lets it`,
  ]);
  assertEquals(await fail({ out, whole: false }), [
    ...[1, "child_wait_failed", "internal_failure"],
    `${vouch}it printed more than can be held, or its output broke off`,
  ]);
  assertEquals(await fail({ code: 7 }), [
    ...[6, "missing_trace_reference", "invalid_input"],
    `${vouch}it printed no line trace_path=<file>`,
  ]);
  assertEquals(await fail({ out: `${out}trace_path=gone.json\n` }), [
    ...[3, "invalid_trace_artifact", "policy_blocked"],
    `${vouch}1 of 2 traces that it named are none`,
  ]);
  assertEquals(await fail({}, "--cwd", "none"), [
    ...[1, "child_start_failed", "internal_failure"],
    'Cannot start "a" in "none": there is no such folder',
  ]);
  const [exit, said] = await machine({}).json("test", "--json", "--", "nope");
  assertEquals([exit, said.failure_reason, said.cwd, said.mode], [1, "child_start_failed", ".", "test"]);
  const [, timed] = await world({ out, timedOut: true, code: -1 }).json("trace", "--json", "--", "a");
  assertEquals([timed.timed_out, timed.child_exit_code, timed.trace_paths, timed.stdout], [true, -1, ["allow.json"], out]);
  assertEquals(await world({ out: "trace_path=gone.json\n" }).text("enforce", "--", "a"), [3, [
    'enforce error: Cannot vouch for "a": 1 of 1 traces that it named are none',
    "Let the program name the trace files that gait gate eval wrote, unchanged",
    'warning: Cannot read "gone.json": there is no such file or folder (ENOENT)',
  ]]);
});

Deno.test("wrappers: a trace that is none is told, and fails enforce alone", async () => {
  const out = ["allow", "gone", "odd", "short", "sub"].map((name) => `trace_path=${name}${name === "sub" ? "" : ".json"}\n`)
    .join("");
  const [exit, { warnings, verdict_counts, ok }] = await world({ out }).json("test", "--json", "--", "a");
  assertEquals([exit, ok, verdict_counts], [0, true, [{ count: 1, verdict: "allow" }]]);
  assertEquals(warnings, [
    'Cannot read "gone.json": there is no such file or folder (ENOENT)',
    'Cannot use trace "odd.json": member "/verdict" must be one of allow, dry_run, require_approval, block, not " block "',
    'Cannot use trace "short.json": member "/intent_digest" must be 64 lowercase hexadecimal digits',
    'Cannot read "sub": it is a folder (EISDIR)',
  ]);
  assertEquals((await world({ out }).json("enforce", "--json", "--", "a"))[0], 3);
});

Deno.test("wrappers: with a key a trace that it did not sign is none", async () => {
  const made = machine({
    files: { ...GATE, ...FILES },
    child: () => ({ output: utf8("trace_path=t.json\n"), errors: utf8(""), code: 0, timedOut: false, whole: true }),
  });
  assertEquals((await made.json(...evalOf("go.json", ...SIGNED, "--trace-out", "t.json")))[0], 0);
  assertEquals((await made.json("enforce", "--public-key", "pub", "--json", "--", "a"))[0], 0);
  const edited = machine({
    files: { ...GATE, "t.json": made.file("t.json").replace('"go"', '"no"') },
    child: () => ({ output: utf8("trace_path=t.json\n"), errors: utf8(""), code: 0, timedOut: false, whole: true }),
  });
  assertEquals((await edited.json("enforce", "--json", "--", "a"))[0], 0, "without a key only the shape is looked at");
  const [exit, { warnings }] = await edited.json("enforce", "--public-key", "pub", "--json", "--", "a");
  assertEquals([exit, warnings], [3, ['Cannot trust trace "t.json": it is not signed by the key']]);
  assertEquals((await edited.json("enforce", "--public-key", "none", "--json", "--", "a"))[1].fault, "file_missing");
  assertEquals(edited.programs.length, 2, "the key is read before anything runs");
});

Deno.test("wrappers: an unusable command line runs nothing and keeps the contract", async () => {
  const made = world();
  const extra = { mode: "enforce", ...CONTRACT };
  const wanted = "Give the flag a value of the kind that --help names";
  for (const timeout of ["soon", "0s", "-5s", "1", "597h"]) {
    assertEquals(await made.json("enforce", "--json", "--timeout", timeout, "--", "true"), [
      6,
      refusal(
        "flag_value",
        `Cannot read value "${timeout}" of --timeout: wanted is a duration above zero and up to 24 days, such as 300ms or 2m`,
        wanted,
        extra,
      ),
    ]);
  }
  const [exit, said] = await made.json("enforce", "--json", "--retries", "2", "--", "true");
  assertEquals([exit, said.fault, said.mode, said.command], [6, "unknown_flag", "enforce", undefined]);
  for (const mode of ["test", "enforce", "trace"]) {
    assertEquals((await made.json(mode))[1], {
      ...refusal(
        "missing_argument",
        "Cannot run without <command>: The program to run, and its arguments",
        "Run the command with --help to see what it needs",
      ),
      ...extra,
      mode,
    });
  }
  assertEquals(made.programs, []);
});

Deno.test("wrappers: the program begins behind -- or with the first word, and nothing of it is gait's", async () => {
  const own = async (...argv: string[]) => {
    const made = world({ out: "trace_path=allow.json\n" });
    const [, [first = ""]] = await made.text(...argv);
    return [made.programs[0], first.startsWith("{")];
  };
  assertEquals(await own("test", "ls", "-l", "--json", "--help", "--explain"), [
    ["ls", "-l", "--json", "--help", "--explain"],
    false,
  ]);
  assertEquals(await own("enforce", "--cwd", "sub", "ls", "--", "-x"), [["ls", "--", "-x"], false]);
  assertEquals(await own("enforce", "--json", "--", "--json"), [["--json"], true]);
  assertEquals(await own("trace", "--", "verify", "--json"), [["verify", "--json"], false]);
  assertEquals(await own("test", "--json=false", "--", "--", "--json"), [["--", "--json"], false]);
  assertEquals(await own("test", "--cwd", "--json", "--", "a"), [undefined, false], "a value of a flag is no flag");
  const [exit, lines] = await world().text("trace", "a.json", "--", "x");
  assertEquals([exit, lines[0], lines[3]], [
    6,
    'trace error: Cannot take argument "a.json": <command> is wanted behind "--"',
    "Usage: gait trace [flags] -- <command>...",
  ]);
  assert(lines.includes("  gait trace verify  Verify the signed record of a decision"));
  assertEquals((await world().text("trace"))[1][3], "Usage: gait trace [flags] -- <command>...");
  assertEquals((await world().text("test", "--help", "ls"))[1][0], "Usage: gait test [flags] -- <command>...");
});

Deno.test("wrappers: the power to read variables is kept only where a flag names one", () => {
  const keeps = (...argv: string[]) => {
    const { values } = assertOk(parse(enforce.flags, enforce.positionals, argv));
    return [...kept(enforce.needed(values), false)].sort();
  };
  assertEquals(keeps("--", "a"), ["read", "run"]);
  assertEquals(keeps("--public-key-env", "K", "--", "a"), ["env", "read", "run"]);
});
