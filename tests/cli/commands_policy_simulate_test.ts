// The contract of `policy simulate` (spec 02, section 1.4): members, lines, recommendations, which fixtures are taken, refusals.
import { assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";

const BASE =
  "default_verdict: allow\nrules:\n  - {name: void, effect: block, match: {tool_names: [ledger.void]}, violations: [v]}\n";
const intent = (tool_name: string) =>
  JSON.stringify({ tool_name, context: { identity: "svc.clerk", workspace: "/srv/books", risk_class: "low" } });
const FILES = {
  "base.yaml": BASE,
  "loose.yaml": "default_verdict: allow\n",
  "tight.yaml": "default_verdict: block\n",
  "fx/one.json": intent("ledger.read"),
  "fx/deep/two.JSON": JSON.stringify({ intent: JSON.parse(intent("ledger.void")), expect: { verdict: "block" } }),
  "fx/note.txt": "no",
  "three.json": intent("ledger.post"),
  "empty/x.txt": "1",
};
const simulate = (
  policy: string,
  fixtures: string,
) => ["policy", "simulate", "--policy", policy, "--baseline", "base.yaml", "--fixtures", fixtures];

Deno.test("policy simulate: exactly these members; each path once, in byte order, however it is named", async () => {
  const world = machine({ files: FILES });
  const [exit, { baseline_policy_digest, candidate_policy_digest, changed, ...said }] = await world.json(
    ...simulate("loose.yaml", " ./fx/, three.json,,fx/one.json,fx/deep/../one.json "),
  );
  assertEquals([exit, typeof baseline_policy_digest, typeof candidate_policy_digest], [0, "string", "string"]);
  assertEquals(said, {
    ok: true,
    fixtures_total: 3,
    changed_fixtures: 1,
    baseline_verdicts: [{ verdict: "allow", count: 2 }, { verdict: "block", count: 1 }],
    candidate_verdicts: [{ verdict: "allow", count: 3 }],
    recommendation: "observe",
    summary: "policy simulate fixtures=3 changed=1 recommendation=observe",
  });
  assertEquals(changed, [{
    fixture_path: "fx/deep/two.JSON",
    intent_digest: "fad5cec47ef32dab9bb743f4c51d5ba0eea7b82ab93d7f44a914ba9264f97130",
    baseline_verdict: "block",
    baseline_reason_codes: ["matched_rule_void"],
    baseline_violations: ["v"],
    baseline_matched_rule: "void",
    candidate_verdict: "allow",
    candidate_reason_codes: ["default_allow"],
    changed: true,
  }]);
});

Deno.test("policy simulate: lines for people", async () => {
  assertEquals(await machine({ files: FILES }).text(...simulate("tight.yaml", "fx")), [0, [
    "policy simulate fixtures=2 changed=2 recommendation=require_approval",
    "baseline: allow 1, block 1",
    "candidate: block 2",
    "changed: fx/deep/two.JSON: block (void) becomes block (no rule)",
    "changed: fx/one.json: allow (no rule) becomes block (no rule)",
  ]]);
});

Deno.test("policy simulate: refusals, among them a single fixture that cannot be read", async () => {
  const world = machine({ files: { ...FILES, "fx/deep/torn.json": "{", "bad.yaml": "rules: 1\n" } });
  const cases = [
    [["policy", "simulate", "--baseline", "base.yaml", "--fixtures", "three.json"], "missing_argument"],
    [["policy", "simulate", "--policy", "base.yaml", "--fixtures", "three.json"], "missing_argument"],
    [["policy", "simulate", "--policy", "base.yaml", "--baseline", "base.yaml"], "missing_argument"],
    [simulate("base.yaml", " , "), "file_missing"],
    [simulate("base.yaml", "empty"), "file_missing"],
    [simulate("base.yaml", "gone"), "file_missing"],
    [simulate("base.yaml", "fx/note.txt"), "file_unreadable"],
    [simulate("base.yaml", "three.json,fx"), "json_syntax"],
    [simulate("bad.yaml", "three.json"), "policy_shape"],
    [simulate("gone.yaml", "three.json"), "file_missing"],
    [[...simulate("base.yaml", "three.json"), "more"], "usage"],
  ] as const;
  for (const [argv, fault] of cases) {
    const [exit, said] = await world.json(...argv);
    assertEquals([exit, said["fault"]], [6, fault], argv.join(" "));
  }
});
