// The contract of `check` (spec 02, section 1.6): how a policy fits its folder. It refuses only what is no policy, and changes nothing.
import { assert, assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";

const CONTRACT = {
  repo_policy_path: ".gait.yaml",
  project_defaults_path: ".gait/config.yaml",
  regress_config_path: "gait.yaml",
  legacy_policy_scaffold_path: "gait.policy.yaml",
};

const COMMON = { ok: true, contract: CONTRACT, detection: {} };
const NOTES = [
  {
    code: "repo.no_supported_framework_detected",
    severity: "info",
    summary: "No agent framework that gait knows was found in this folder",
    detected_surface: "repo.frameworks",
    remediation: "Nothing is wrong with that: call gait gate eval where your program calls its tools",
    evidence: [],
  },
  {
    code: "repo.no_high_confidence_signals",
    severity: "info",
    summary: "Nothing in this folder tells what its agents do",
    detected_surface: "repo.signals",
    remediation: "Write rules for the tools that your agents call; none could be drawn from here",
    evidence: [],
  },
];
const nextOf = (path: string) => [`gait policy validate ${path}`, `gait gate eval --policy ${path} --intent intent.json`];

Deno.test("check: exactly these members for what init has written", async () => {
  const made = machine();
  await made.json("init");
  const before = new Map(made.disk.files());
  assertEquals(await made.json("check"), [0, {
    ...COMMON,
    policy_path: ".gait.yaml",
    default_verdict: "block",
    rule_count: 8,
    findings: NOTES,
    next_commands: nextOf(".gait.yaml"),
    summary: "check ok: .gait.yaml default_verdict=block rules=8 warnings=0 notes=2",
  }]);
  assertEquals(new Map(made.disk.files()), before);
});

Deno.test("check: warnings of its findings, and of a default that nobody wrote", async () => {
  const made = machine({
    files: { "p.yaml": "rules: []\n", "a.ts": 'import { tool } from "ai";\nconst sendMail = tool({});\n' },
  });
  const [exit, said] = await made.json("check", "--policy", "p.yaml");
  assertEquals([exit, said.detection, said.default_verdict, said.rule_count], [
    0,
    { frameworks: ["vercel_ai"], tool_names: ["sendMail"] },
    "require_approval",
    undefined,
  ]);
  assertEquals(said.gap_warnings, [
    "The policy has no rules",
    "No rule does anything but allow",
    "Tools were found in this folder, and no rule names a tool",
  ]);
  assertEquals(said.detected_signals, [{ code: "framework.vercel_ai", confidence: "high", evidence: ["a.ts"] }]);
  assertEquals(said.warnings, [
    "The policy has no default_verdict; a call that no rule matches comes to require_approval; write default_verdict: block",
  ]);
});

Deno.test("check: for people", async () => {
  const made = machine({ files: { "p.yaml": "default_verdict: allow\nrules:\n- {name: a, effect: block}\n" } });
  assertEquals(await made.text("check", "--policy", "./p.yaml"), [0, [
    "check ok: ./p.yaml default_verdict=allow rules=1 warnings=1 notes=2",
    "warning policy.default_allow: Calls that no rule matches are allowed. Write default_verdict: block, and rules for what may happen",
    ...NOTES.map(({ code, severity, summary, remediation }) => `${severity} ${code}: ${summary}. ${remediation}`),
    ...nextOf("./p.yaml").map((next) => `next: ${next}`),
  ]]);
  const [exit, lines] = await made.text("check");
  assertEquals([exit, lines[0]], [6, 'check error: Cannot read ".gait.yaml": there is no such file or folder (ENOENT)']);
});

Deno.test("check: every refusal carries the contract and an empty detection, and the path once it is known", async () => {
  const made = machine({ files: { "bad.yaml": "rulez: []\n", "old.yaml": "version: 1\n", "p.yaml": "" } });
  const cases: readonly (readonly [readonly string[], string, string | undefined])[] = [
    [["--policy", "bad.yaml"], "policy_shape", "bad.yaml"],
    [["--policy", "old.yaml"], "policy_legacy", "old.yaml"],
    [[], "file_missing", ".gait.yaml"],
    [["--policy", " "], "missing_argument", undefined],
    [["--policy", "p.yaml", "more"], "usage", undefined],
    [["--bogus"], "unknown_flag", undefined],
  ];
  for (const [argv, code, path] of cases) {
    const [exit, { fault, ok, contract, detection, policy_path }] = await made.json("check", ...argv);
    assertEquals([exit, fault, ok, contract, detection, policy_path], [6, code, false, CONTRACT, {}, path], argv.join(" "));
  }
  const [, { line, column, migration }] = await made.json("check", "--policy", "old.yaml");
  assert(line === 1 && column === 1 && migration !== undefined, "what an older policy becomes is told here too");
});
