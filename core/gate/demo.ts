// The policy and the call of `gait demo --policy` (spec 01, section 7.7).
import type { JsonObject } from "../base/json.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { INTENT_ID } from "../schema/intent.ts";

/** A policy that lets everything through but one kind of call. */
export const DEMO_POLICY = `# yaml-language-server: $schema=https://gait.dev/schemas/v1/gate/policy.schema.json
#
# A first policy: deleting is blocked where the risk is high, everything else is let through.
schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: allow

rules:
  - name: block-destructive-tool-delete
    priority: 10
    effect: block
    match:
      tool_names: [tool.delete]
      risk_classes: [high]
    reason_codes: [destructive_tool_blocked]
`;

const FILE = "/tmp/demo/delete-me.txt";

/** A call that this policy blocks, made by this version. */
export const demoIntent = (producer_version: string): JsonObject => ({
  schema_id: INTENT_ID,
  schema_version: VERSION_1,
  created_at: "2026-02-14T00:00:00Z",
  producer_version,
  tool_name: "tool.delete",
  args: { path: FILE },
  targets: [{ kind: "path", value: FILE, operation: "delete", endpoint_class: "fs.delete", destructive: true }],
  context: { identity: "demo.user", workspace: "/tmp/demo", risk_class: "high" },
});
