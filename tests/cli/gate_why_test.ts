// `gate eval --why`: the explanation that the command prints, and as the member `why` of its JSON.
import { assert, assertEquals } from "../assert.ts";
import { object } from "../run/packs.ts";
import { machine } from "./commands_world.ts";

const POLICY = `default_verdict: block
rules:
  - name: reads
    priority: 10
    effect: allow
    match: { tool_names: [tool.read], risk_classes: [low], identities: [bob] }
  - name: writes
    priority: 20
    effect: allow
    match: { tool_names: [tool.write] }
    endpoint: { path_allowlist: ["/srv/app/**"] }
  - name: deploys
    priority: 30
    effect: require_approval
    match: { tool_names: [tool.deploy] }
`;

const call = (tool_name: string) =>
  JSON.stringify({
    tool_name,
    targets: [{ kind: "path", value: "/etc/passwd", operation: "read" }],
    context: { identity: "alice", workspace: "/srv/app", risk_class: "low" },
  });

const world = () =>
  machine({ files: { "p.yaml": POLICY, "write.json": call("tool.write"), "deploy.json": call("tool.deploy") } });

const EVAL = ["gate", "eval", "--policy", "p.yaml", "--evaluation-time", "2026-03-14T12:00:00Z"];

Deno.test("gate eval --why: lines in plain words after the verdict", async () => {
  const [exit, lines] = await world().text(...EVAL, "--intent", "write.json", "--why");
  assertEquals(exit, 3);
  assertEquals(lines.filter((line) => !/^(?:trace|note|reason|violation|warning): /.test(line)), [
    "gate eval: verdict=block",
    'block: decided by rule "writes" (priority 20, allow), raised to block',
    "  endpoint_constraint_violation: the targets do not fit the rule's endpoint section",
    "  endpoint_path_not_allowlisted: a path is not on the rule's allowlist, or is spelled so that it cannot be told",
    'came close: rule "reads" (priority 10, allow): 1 of 3 conditions hold; tool_names wants "tool.read", and the call has "tool.write"; identities wants "bob", and the call has "alice"',
    'would be allow with targets[0].value "/srv/app" in the place of "/etc/passwd"',
  ]);
});

Deno.test("gate eval --why --json: a member beside the others, with and without --explain", async () => {
  const [exit, json] = await world().json(...EVAL, "--intent", "write.json", "--why");
  const { why, ...others } = json;
  assertEquals([exit, others.verdict], [3, "block"]);
  const { decided_by, change, calls_tried, lines } = object(JSON.stringify(why));
  assertEquals(decided_by, "rules");
  assertEquals(change, {
    verdict: "allow",
    edits: [{ op: "set", pointer: "/targets/0/value", from: "/etc/passwd", to: "/srv/app" }],
  });
  assert(Number(calls_tried) > 0 && Array.isArray(lines));
  const [, plain] = await world().json(...EVAL, "--intent", "write.json");
  assert(!("why" in plain));
  assertEquals(Object.keys(others).sort(), Object.keys(plain).sort());
  const [, explained] = await world().json(...EVAL, "--intent", "write.json", "--why", "--explain");
  assertEquals([explained.schema_id, explained.why], ["gait.gate.policy_explain", why]);
});

Deno.test("gate eval --why: what tokens made of the verdict is told after it", async () => {
  const [exit, lines] = await world().text(...EVAL, "--intent", "deploy.json", "--why");
  assertEquals(exit, 4);
  assertEquals(lines.at(-1), "then require_approval: approval_token_missing: an approval token is needed, and none was given");
});

Deno.test("gate eval --why: it is for one call", async () => {
  const [exit, json] = await world().json(...EVAL, "--intents", "write.json", "--why");
  assertEquals([exit, json.error_code], [6, "invalid_input"]);
});
