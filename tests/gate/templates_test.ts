// The policies to begin with: what the table of spec 02, section 1.5 fixes, and that editors and `policy fmt` take them as they are.
import { utf8 } from "../../core/base/bytes.ts";
import { formatPolicy } from "../../core/gate/policy_fmt.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { templateAdvice, templateOf, TEMPLATES } from "../../core/gate/templates.ts";
import type { Policy, Rule } from "../../core/gate/types.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const load = (name: string) => assertOk(readPolicy(utf8(assertOk(templateOf(name)).text), name));
const rule = ({ rules }: Policy, name: string): Rule => {
  const found = rules.find((one) => one.name === name);
  assert(found !== undefined, name);
  return found;
};

Deno.test("templates: every name in any letter case, and what was meant by another", () => {
  const names = [["low", "Baseline_Low_Risk"], [" medium ", "baseline_medium_risk"], ["HIGH", "baseline_high_risk"]];
  for (const [i, { name }] of TEMPLATES.entries()) {
    for (const given of [name, ...names[i] ?? []]) assertEquals(assertOk(templateOf(given)).name, name, given);
  }
  assertEquals(
    assertFault(templateOf("baseline-hirisk"), "flag_value").message,
    'Cannot find template "baseline-hirisk": wanted is one of baseline-lowrisk, baseline-mediumrisk, baseline-highrisk, did you mean "baseline-highrisk"',
  );
});

Deno.test("templates: the first line names the schema, formatting changes nothing, the default verdict is said", () => {
  for (const { name, text, otherwise } of TEMPLATES) {
    const loaded = load(name);
    assertEquals(text.split("\n")[0], "# yaml-language-server: $schema=https://gait.dev/schemas/v1/gate/policy.schema.json");
    assertEquals([formatPolicy(loaded), loaded.policy.default_verdict], [text, otherwise], name);
    assertEquals(templateAdvice(assertOk(templateOf(name))).length, otherwise === "block" ? 0 : 1);
  }
});

Deno.test("templates: low and medium have three rules", () => {
  for (const [name, read] of [["low", []], ["medium", ["low", "medium"]]] as const) {
    const { policy } = load(name);
    assertEquals(
      policy.rules.map(({ name, priority, effect, reason_codes, violations, min_approvals }) => [
        name,
        priority,
        effect,
        ...reason_codes,
        ...violations,
        min_approvals,
      ]),
      [
        ["block-destructive-tool-delete", 10, "block", "destructive_tool_blocked", "destructive_operation", 0],
        ["require-approval-tool-write", 20, "require_approval", "approval_required_for_write", "approval_required", 1],
        ["allow-safe-tool-read", 30, "allow", "safe_read_allowed", 0],
      ],
      name,
    );
    assertEquals(rule(policy, "allow-safe-tool-read").match.risk_classes, read);
    assertEquals(policy.fail_closed.enabled, false);
  }
});

Deno.test("templates: high has eight rules", () => {
  const { policy } = load("high");
  assertEquals(
    policy.rules.map(({ name, priority, effect, reason_codes, violations }) => [
      name,
      priority,
      effect,
      ...reason_codes,
      ...violations,
    ]),
    [
      ["block-destructive-tool-delete", 10, "block", "destructive_tool_blocked", "destructive_operation"],
      ["block-tainted-egress-write", 12, "block", "blocked_tainted_egress", "tainted_data_exfiltration"],
      ["allow-delegated-egress-write", 15, "allow", "delegated_egress_write_allowed"],
      ["block-undelegated-egress-write", 16, "block", "delegation_required_for_egress_write", "missing_or_invalid_delegation"],
      ["destructive-budget-guard", 18, "require_approval", "destructive_budget_guard", "destructive_operation"],
      ["require-approval-tool-deploy", 20, "require_approval", "approval_required_for_deploy", "approval_required"],
      ["require-approval-tool-write", 20, "require_approval", "approval_required_for_write", "approval_required"],
      ["allow-safe-tool-read", 30, "allow", "safe_read_allowed"],
    ],
  );
  assertEquals(policy.fail_closed, {
    enabled: true,
    risk_classes: ["critical"],
    required_fields: ["arg_provenance", "targets"],
    required_high_risk_fields: [],
  });
  for (
    const [name, reference, scopes] of [
      ["allow-delegated-egress-write", "highrisk-egress", ["write"]],
      ["require-approval-tool-write", "highrisk-egress", ["write"]],
      ["require-approval-tool-deploy", "highrisk-deploy", ["deploy"]],
    ] as const
  ) {
    const one = rule(policy, name);
    assertEquals([one.require_broker_credential, one.broker_reference, one.broker_scopes], [true, reference, scopes], name);
    assertEquals([one.require_jit_credential, one.block_standing_credentials, one.max_credential_ttl_seconds], [
      true,
      true,
      900,
    ]);
    assertEquals(one.allowed_credential_sources, ["aws_sts", "github_oidc", "vault_dynamic"], name);
    assertEquals(one.allowed_credential_issuers.length, 3, name);
    assertEquals([one.min_approvals, one.require_distinct_approvers], one.effect === "allow" ? [0, false] : [2, true], name);
  }
  const { match } = rule(policy, "allow-delegated-egress-write");
  assertEquals(
    [match.require_delegation, match.allowed_delegator_identities, match.allowed_delegate_identities, match.delegation_scopes],
    [true, ["agent.lead"], ["agent.specialist"], ["write"]],
  );
  assertEquals(match.max_delegation_depth, 2);
  const guard = rule(policy, "destructive-budget-guard");
  assertEquals(guard.destructive_budget, { requests: 3, window: "hour", scope: "identity" });
  assertEquals(guard.match.tool_annotations?.destructiveHint, true);
  assertEquals(
    [guard.endpoint?.action, guard.endpoint?.destructive_action, guard.endpoint?.reason_code],
    ["require_approval", "require_approval", "destructive_operation_requires_approval"],
  );
});

Deno.test("templates: high can be used under oss-prod: what is about high risk and does not block asks a broker", () => {
  const { rules, default_verdict } = load("high").policy;
  const about = rules.filter(({ effect, match }) =>
    effect !== "block" && match.risk_classes.some((word) => word === "high" || word === "critical")
  );
  assertEquals(about.map(({ name, require_broker_credential }) => [name, require_broker_credential]), [
    ["allow-delegated-egress-write", true],
    ["destructive-budget-guard", true],
  ]);
  assertEquals(default_verdict, "block");
});
