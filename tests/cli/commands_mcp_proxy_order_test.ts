// The order of work of `gait mcp proxy` (spec 05, section 2.1): the first failure decides, and what came before it is there.
import { assert, assertEquals } from "../assert.ts";
import { logOf, stateOf, STOPPED } from "../job/jobs.ts";
import { SHELF, shelfMachine, stopping } from "./boundary_world.ts";

/** Something that can be wrong: the words of the command line when it is, what is then said, and what is there by then. */
type Stage = {
  readonly wrong: readonly string[];
  readonly says: RegExp;
  readonly fault: string;
  readonly leaves?: readonly string[];
  /** Events of the job's log that came before it. */
  readonly told?: number;
  /** A flag that makes something else of it when it is wrong too. */
  readonly apart?: string;
};

const CONTEXT = { identity: "i", workspace: "/w", session_id: "s", risk_class: "low", job_id: "j" };
const call = (change: object, context: object = {}): string =>
  JSON.stringify({ name: "shelf.peek", ...change, context: { ...CONTEXT, ...context } });

// A call of a stopped job, of a tool that the kill switch stops, and of a rule with a limit: all that can be written is written.
const FILES: Readonly<Record<string, string>> = {
  "policy.yaml": "default_verdict: block\nrules: [{name: r, effect: allow, rate_limit: {requests: 9}}]\n",
  "open.yaml": "default_verdict: allow\n",
  "bad.yaml": "rules: [\n",
  "call.json": call({}),
  "torn.json": "{",
  "nameless.json": call({ name: "" }),
  "enveloped.json": call({}, { context_envelope_path: "env.json" }),
  "oauth.json": call({}, { auth_mode: "magic" }),
  "odd.json": call({ targets: [{ kind: "galaxy", value: "v" }] }),
  "s/ks.json": stopping("shelf.peek"),
  "jobs/j/state.json": JSON.stringify(stateOf(2, STOPPED)),
  "jobs/j/events.jsonl": logOf("submitted", "emergency_stop_acknowledged"),
};

const LIMITS = ["limits.json"];
const TRACED = [...LIMITS, "o/t.json", "s/kill_switch_journal.jsonl"];

const STAGES: readonly Stage[] = [
  { wrong: ["--nope"], says: /flag "--nope"/, fault: "unknown_flag", apart: "--profile" },
  { wrong: ["--profile", "strict"], says: /--profile/, fault: "flag_value" },
  { wrong: ["extra"], says: /"extra"/, fault: "usage" },
  { wrong: ["--pack-out", "policy.yaml"], says: /"policy.yaml" is that file/, fault: "same_file", apart: "--policy" },
  { wrong: ["--call", "gone.json"], says: /"gone.json"/, fault: "file_missing" },
  { wrong: ["--call", "torn.json"], says: /"torn.json"/, fault: "json_syntax" },
  { wrong: ["--adapter", "gemini"], says: /adapter "gemini"/, fault: "adapter_unknown" },
  { wrong: ["--call", "nameless.json"], says: /name the tool/, fault: "call_invalid" },
  { wrong: ["--call", "enveloped.json"], says: /context_envelope_path/, fault: "path_refused" },
  { wrong: ["--context-envelope", "env.json"], says: /"env.json"/, fault: "file_missing" },
  { wrong: ["--context-envelope", "../env.json"], says: /must not climb/, fault: "path_refused" },
  { wrong: ["--kill-switch-state", "gone.json"], says: /kill switch/, fault: "file_missing", apart: "--profile" },
  { wrong: ["--call", "oauth.json"], says: /auth_mode/, fault: "oauth_refused" },
  { wrong: ["--profile", "oss-prod", "--key-mode", "dev"], says: /--key-mode prod/, fault: "profile_refused" },
  { wrong: ["--policy", "gone.yaml"], says: /"gone.yaml"/, fault: "file_missing" },
  { wrong: ["--policy", "bad.yaml"], says: /"bad.yaml"/, fault: "yaml_syntax" },
  { wrong: ["--profile", "oss-prod", "--policy", "open.yaml"], says: /must not be allow/, fault: "profile_refused" },
  { wrong: ["--call", "odd.json"], says: /"odd.json"/, fault: "document_shape" },
  { wrong: ["--rate-limit-state", "torn.json"], says: /"torn.json"/, fault: "json_syntax" },
  { wrong: ["--private-key", "pub"], says: /private key/, fault: "key_format", leaves: LIMITS, told: 1 },
  { wrong: ["--trace-out", "../t.json"], says: /the trace/, fault: "path_refused", leaves: LIMITS, told: 1 },
  { wrong: ["--runpack-out", "../r.zip"], says: /the runpack/, fault: "path_refused", leaves: TRACED, told: 1 },
  { wrong: ["--pack-out", "../p.zip"], says: /the pack/, fault: "path_refused", leaves: [...TRACED, "o/r.zip"], told: 1 },
  {
    wrong: ["--export-log-out", "../l.jsonl"],
    says: /the log export/,
    fault: "path_refused",
    leaves: [...TRACED, "o/p.zip", "o/r.zip"],
    told: 1,
  },
  {
    wrong: ["--export-otel-out", "../e.jsonl"],
    says: /the OTEL export/,
    fault: "path_refused",
    leaves: [...TRACED, "o/l.jsonl", "o/p.zip", "o/r.zip"],
    told: 1,
  },
];

const RIGHT = [
  ...["mcp", "proxy", "--policy", "policy.yaml", "--call", "call.json", "--job-root", "jobs"],
  ...["--kill-switch-state", "s/ks.json", "--rate-limit-state", "limits.json", "--key-mode", "prod", "--private-key", "k"],
  ...["--trace-out", "o/t.json", "--runpack-out", "o/r.zip", "--pack-out", "o/p.zip"],
  ...["--export-log-out", "o/l.jsonl", "--export-otel-out", "o/e.jsonl"],
];

const ALL = [...TRACED, "o/e.jsonl", "o/l.jsonl", "o/p.zip", "o/r.zip"];

const machineOf = () => shelfMachine({ files: FILES });

const made = (on: ReturnType<typeof machineOf>): string[] =>
  [...on.disk.files().keys()].filter((path) => !(path in FILES) && !(path in SHELF)).sort();

const told = (on: ReturnType<typeof machineOf>): number => on.file("jobs/j/events.jsonl").split("\n").length - 3;

Deno.test("mcp proxy order: when nothing is wrong all of it is there", async () => {
  const on = machineOf();
  const [exit, said] = await on.json(...RIGHT);
  assertEquals([exit, said.verdict, made(on), told(on)], [3, "block", [...ALL].sort(), 1]);
});

for (const [at, stage] of STAGES.entries()) {
  Deno.test(`mcp proxy order: ${stage.wrong.join(" ")} comes before what follows it, and after what is there by then`, async () => {
    // Alone, and with each and all of what follows wrong too: a later fault must not be the one that is told.
    const flags = [...stage.wrong, stage.apart ?? ""].filter((word) => word.startsWith("--"));
    const rest = STAGES.slice(at + 1).filter(({ wrong }) => !wrong.some((word) => flags.includes(word)));
    for (const later of [[], ...rest.map(({ wrong }) => wrong), rest.flatMap(({ wrong }) => wrong)]) {
      const on = machineOf();
      const [exit, said] = await on.json(...RIGHT, ...later, ...stage.wrong); // of a repeated flag the last one counts
      assert(stage.says.test(String(said.error)), `${later.join(" ")}: ${said.error}`);
      assertEquals(
        [exit, said.ok, said.executed, said.fault, said.verdict],
        [6, false, false, stage.fault, undefined],
        later.join(" "),
      );
      assertEquals([made(on), told(on)], [[...stage.leaves ?? []].sort(), stage.told ?? 0], later.join(" "));
    }
  });
}
