// `gait policy validate` on a machine in memory: what it prints for a good policy, and how a bad one is told.
import { errors } from "../../core/base/errors.ts";
import { assert, assertEquals } from "../assert.ts";
import { machine, refusal } from "./commands_world.ts";

const POLICY = "default_verdict: block\nrules:\n  - name: read\n    effect: allow\n    match: {tool_names: [tool.read]}\n";
const UNUSUAL = "default_verdict: &v block\nrules: [{name: read, effect: allow, match: {tool_names: &t [tool.read]}}] # *t\n";

Deno.test("policy validate: a policy by its digest, in whatever style", async () => {
  const world = machine({ files: { "p.yaml": POLICY, "u.yaml": UNUSUAL, "empty.yaml": "" } });
  const [exit, said] = await world.json("policy", "validate", "p.yaml");
  const { policy_digest } = said;
  assertEquals(exit, 0);
  assertEquals([said["ok"], said["default_verdict"], said["rule_count"]], [true, "block", 1]);
  assertEquals([said["schema_id"], said["schema_version"]], ["gait.gate.policy", "1.0.0"]);
  const [, lines] = await world.text("policy", "validate", "p.yaml");
  assert(lines[0]?.includes(`default_verdict=block rules=1 policy_digest=${policy_digest}`), lines[0]);
  assertEquals((await world.json("policy", "validate", "u.yaml"))[1]["policy_digest"], policy_digest);
  assert(!("rule_count" in (await world.json("policy", "validate", "empty.yaml"))[1]), "none is left out");
});

Deno.test("policy validate: a bad policy is shown with its line, what is wrong underlined", async () => {
  const world = machine({ files: { "p.yaml": POLICY.replace("effect", "efect"), "q.yaml": 'rules:\n  - {name: "x}\n' } });
  const words = 'Cannot read policy "p.yaml": line 4, column 5: field "efect" is not known here, did you mean "effect"';
  const { remedy } = errors().policy_shape;
  assertEquals(await world.text("policy", "validate", "p.yaml"), [
    6,
    [`policy validate error: ${words}`, "p.yaml:4:5", "    efect: allow", "    ^^^^^", remedy],
  ]);
  const place = {
    file: "p.yaml",
    line: 4,
    column: 5,
    end_column: 10,
    pointer: "/rules/0/efect",
    frame: "    efect: allow\n    ^^^^^",
  };
  assertEquals(await world.json("policy", "validate", "p.yaml"), [6, refusal("policy_shape", words, remedy, place)]);
  const [exit, { fault, file, line, column }] = await world.json("policy", "validate", "q.yaml");
  assertEquals([exit, fault, file, line, column], [6, "yaml_syntax", "q.yaml", 2, 12]);
});

Deno.test("policy validate: what is no policy", async () => {
  const world = machine({
    files: { "old.yaml": "version: 1\n", "big.yaml": " ".repeat(2 ** 20 + 1), "b.zip": "PK\x03\x04\0\0" },
  });
  const faults = await Promise.all(["old.yaml", "big.yaml", "b.zip", "nowhere.yaml"].map(async (path) => {
    const [exit, { fault, migration }] = await world.json("policy", "validate", path);
    return [exit, fault, migration === undefined];
  }));
  assertEquals(faults, [
    [6, "policy_legacy", false],
    [6, "file_too_large", true],
    [6, "yaml_syntax", true],
    [6, "file_missing", true],
  ]);
});
