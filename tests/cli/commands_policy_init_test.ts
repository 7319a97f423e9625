// The contract of `policy init` (spec 02, section 1.5).
import { utf8 } from "../../core/base/bytes.ts";
import { TEMPLATES } from "../../core/gate/templates.ts";
import { assertEquals } from "../assert.ts";
import { machine, refusal } from "./commands_world.ts";

const LOW_ADVICE =
  'Template baseline-lowrisk has default_verdict allow: write "default_verdict: block" once its rules name all that your agents may do';

Deno.test("policy init: exactly these members, and the template in the file", async () => {
  const made = machine();
  const said = (template: string, policy_path: string, warnings: readonly string[]) => ({
    ok: true,
    template,
    policy_path,
    next_commands: [
      `gait policy validate ${policy_path}`,
      `gait policy test ${policy_path} intent.json`,
      `gait gate eval --policy ${policy_path} --intent intent.json`,
    ],
    ...(warnings.length === 0 ? {} : { warnings }),
  });
  assertEquals(await made.json("policy", "init", "HIGH"), [0, said("baseline-highrisk", "gait.policy.yaml", [])]);
  assertEquals(await made.json("policy", "init", "low", "--out", " ./p//l.yaml "), [
    0,
    said("baseline-lowrisk", "p/l.yaml", [LOW_ADVICE]),
  ]);
  const texts = TEMPLATES.map(({ text }) => text);
  assertEquals([made.file("gait.policy.yaml"), made.file("p/l.yaml")], [texts[2], texts[0]]);
  assertEquals(made.disk.mode("gait.policy.yaml"), 0o600);
  assertEquals(await made.text("policy", "init", "low", "--force", "--out", "my policy.yaml"), [0, [
    "policy init ok: my policy.yaml from template baseline-lowrisk",
    `warning: ${LOW_ADVICE}`,
    "next: gait policy validate 'my policy.yaml'",
    "next: gait policy test 'my policy.yaml' intent.json",
    "next: gait gate eval --policy 'my policy.yaml' --intent intent.json",
  ]]);
});

Deno.test("policy init: every template passes validate as it is written", async () => {
  const made = machine();
  for (
    const [name, default_verdict, rule_count] of [["low", "allow", 3], ["medium", "require_approval", 3], ["high", "block", 8]]
  ) {
    await made.json("policy", "init", String(name), "--out", `${name}.yaml`);
    const [exit, said] = await made.json("policy", "validate", `${name}.yaml`);
    assertEquals([exit, said.ok, said.default_verdict, said.rule_count], [0, true, default_verdict, rule_count]);
  }
});

Deno.test("policy init: nothing is overwritten without --force, and refusals leave nothing", async () => {
  const made = machine({ files: { "gait.policy.yaml": "default_verdict: block\n" } });
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["low"], "file_exists"],
    [["extreme"], "flag_value"],
    [["extreme", "--force"], "flag_value"],
    [[], "missing_argument"],
    [["low", "high"], "usage"],
    [["low", "--out", " "], "path_refused"],
    [["low", "--out", "../x.yaml"], "path_refused"],
    [["low", "--out", "."], "path_refused"],
  ];
  const before = new Map(made.disk.files());
  for (const [argv, code] of cases) {
    const [exit, said] = await made.json("policy", "init", ...argv);
    assertEquals([exit, said.fault, said.ok], [6, code, false], argv.join(" "));
    assertEquals(new Map(made.disk.files()), before, argv.join(" "));
  }
  made.disk.put("gait.policy.yaml", utf8("x"));
  assertEquals((await made.json("policy", "init", "low", "--force"))[0], 0);
  assertEquals(made.file("gait.policy.yaml"), TEMPLATES[0]?.text);
  const [, said] = await made.json("policy", "init", "low");
  assertEquals(
    said,
    refusal(
      "file_exists",
      'Cannot write "gait.policy.yaml": it is there already',
      "Choose another name; where a command may replace it, its --help says how",
      { file: "gait.policy.yaml" },
    ),
  );
});
