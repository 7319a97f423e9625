// The contract of `init` (spec 02, section 1.6): the policy of a project, and what was found in its folder.
import { TEMPLATES } from "../../core/gate/templates.ts";
import { assert, assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";

const CONTRACT = {
  repo_policy_path: ".gait.yaml",
  project_defaults_path: ".gait/config.yaml",
  regress_config_path: "gait.yaml",
  legacy_policy_scaffold_path: "gait.policy.yaml",
};

const AGENT =
  "from langchain.tools import tool\n@tool\ndef delete_user(): pass\n@tool\ndef save_note(): pass\n@tool('weather.now')\ndef w(): pass\n";

Deno.test("init: exactly these members for an empty folder", async () => {
  const made = machine({ files: { "note.txt": "x" } });
  assertEquals(await made.json("init"), [0, {
    ok: true,
    template: "baseline-highrisk",
    policy_path: ".gait.yaml",
    detection: {},
    contract: CONTRACT,
    next_commands: [
      "gait check",
      "gait policy validate .gait.yaml",
      "gait gate eval --policy .gait.yaml --intent intent.json",
    ],
  }]);
  assertEquals(made.disk.mode(".gait.yaml"), 0o600);
});

Deno.test("init: what is detected is said, and written in comments that decide nothing", async () => {
  const made = machine({ files: { "src/agent.py": AGENT, ".mcp.json": '{"mcpServers":{"files":{}}}' } });
  const [exit, said] = await made.json("init", "--template", "medium", "--out", "policies/p.yaml");
  assertEquals([exit, said], [0, {
    ok: true,
    template: "baseline-mediumrisk",
    policy_path: "policies/p.yaml",
    detection: { frameworks: ["langchain", "mcp"], tool_names: ["delete_user", "save_note", "weather.now"] },
    detected_signals: [
      { code: "framework.langchain", confidence: "high", evidence: ["src/agent.py"] },
      { code: "framework.mcp", confidence: "high", evidence: [".mcp.json"] },
      { code: "tool.destructive", confidence: "high", evidence: ["delete_user"] },
      { code: "tool.state_change", confidence: "high", evidence: ["save_note"] },
    ],
    generated_rules: [
      {
        name: "starter.block.destructive",
        priority: 10,
        effect: "block",
        match: { tool_names: ["delete_user"] },
        reason_codes: ["destructive_tool_blocked"],
      },
      {
        name: "starter.require_approval.state_change",
        priority: 20,
        effect: "require_approval",
        match: { tool_names: ["save_note"] },
        reason_codes: ["approval_required_for_state_change"],
      },
    ],
    unknown_signals: [{ code: "tool.unclassified", confidence: "low", evidence: ["weather.now"] }],
    contract: CONTRACT,
    next_commands: [
      "gait check --policy policies/p.yaml",
      "gait policy validate policies/p.yaml",
      "gait gate eval --policy policies/p.yaml --intent intent.json",
    ],
    warnings: [
      'Template baseline-mediumrisk has default_verdict require_approval: write "default_verdict: block" once its rules name all that your agents may do',
    ],
  }]);
  const text = made.file("policies/p.yaml");
  assert(text.includes("# Tools found here: delete_user, save_note, weather.now\n"), text);
  const [, { policy_digest, rule_count }] = await made.json("policy", "validate", "policies/p.yaml");
  await made.json("policy", "init", "medium");
  assertEquals([policy_digest, rule_count], [
    (await made.json("policy", "validate", "gait.policy.yaml"))[1].policy_digest,
    TEMPLATES[1] === undefined ? 0 : 3,
  ]);
  const [, { changed }] = await made.json("policy", "fmt", "policies/p.yaml");
  assertEquals(changed, undefined);
});

Deno.test("init: for people", async () => {
  const made = machine({ files: { "a.py": AGENT } });
  assertEquals(await made.text("init"), [0, [
    "init ok: .gait.yaml from template baseline-highrisk",
    "detected frameworks: langchain",
    "detected tool_names: delete_user, save_note, weather.now",
    "signal framework.langchain: a.py",
    "signal tool.destructive: delete_user",
    "signal tool.state_change: save_note",
    "rule to take over: starter.block.destructive",
    "rule to take over: starter.require_approval.state_change",
    "next: gait check",
    "next: gait policy validate .gait.yaml",
    "next: gait gate eval --policy .gait.yaml --intent intent.json",
  ]]);
});

Deno.test("init: every refusal carries the contract and an empty detection, and leaves what is there", async () => {
  const made = machine({ files: { ".gait.yaml": "mine\n", "a.py": AGENT } });
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], "file_exists"],
    [["--template", "odd"], "flag_value"],
    [["--template", "odd", "--force"], "flag_value"],
    [["--template", " "], "flag_value"],
    [["--out", " "], "path_refused"],
    [["--out", "../p.yaml"], "path_refused"],
    [["--bogus"], "unknown_flag"],
    [["more"], "usage"],
  ];
  const before = new Map(made.disk.files());
  for (const [argv, code] of cases) {
    const [exit, { fault, ok, contract, detection }] = await made.json("init", ...argv);
    assertEquals([exit, fault, ok, contract, detection], [6, code, false, CONTRACT, {}], argv.join(" "));
    assertEquals(new Map(made.disk.files()), before, argv.join(" "));
  }
  assertEquals((await made.json("init", "--force"))[0], 0);
  assert(made.file(".gait.yaml").startsWith("# yaml-language-server: $schema="));
});
