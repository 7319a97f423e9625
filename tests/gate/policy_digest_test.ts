// The digest of a policy (spec 02, section 3): its recorded values, what is left out, and what does not change it.
import { canonicalText } from "../../core/base/canonical.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Crypto } from "../../core/base/host.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { fileOf, gateCases } from "./cases.ts";

const { crypto } = nodeHost;
const digest = (text: string): string => policyDigest(crypto, assertOk(readPolicy(utf8(text), "p"), text).policy);

// What is digested, as text.
function digested(text: string): string {
  let seen = "";
  const spy: Crypto = {
    ...crypto,
    sha256Text(text) {
      seen = text;
      return crypto.sha256Text(text);
    },
  };
  policyDigest(spy, assertOk(readPolicy(utf8(text), "p"), text).policy);
  return seen;
}

Deno.test("policy digest: of the empty policy, and of a rule with nothing in it", () => {
  assertEquals(digest(""), "07a528a879e4f0e0cd5a0e2ca801924746b47dac624862207ef21d4ec266f8f9");
  assertEquals(
    digested("rules: [{name: r, effect: allow}]"),
    canonicalText({
      SchemaID: "gait.gate.policy",
      SchemaVersion: "1.0.0",
      DefaultVerdict: "require_approval",
      FailClosed: { Enabled: false, RiskClasses: [], RequiredFields: [] },
      Rules: [{
        Name: "r",
        Priority: 0,
        Effect: "allow",
        Match: {
          ToolNames: [],
          RiskClasses: [],
          TargetKinds: [],
          TargetValues: [],
          ProvenanceSources: [],
          Identities: [],
          WorkspacePrefixes: [],
        },
        ReasonCodes: [],
        Violations: [],
      }],
    }),
  );
});

Deno.test("policy digest: trust in servers is part of it where it is on, the duration in its one spelling", () => {
  const text = (trust: string) => `default_verdict: allow\nrules: []\nmcp_trust: ${trust}\n`;
  // The value that spec 05, section 4.1 gives.
  const wanted = "b85dfa61aa645cd337afe0b9d905d83d64028e1b64f693fcacea50308775fa69";
  assertEquals(digest(text("{snapshot: s.json, max_age: 90m, min_score: 0.5}")), wanted);
  assertEquals(
    digest(
      text(
        "{snapshot: ' s.json ', max_age: 5400s, min_score: 0.50, action: Block, enabled: false, required_risk_classes: [HIGH, critical, high]}",
      ),
    ),
    wanted,
  );
  assertEquals(digest(text("{enabled: false}")), digest("default_verdict: allow\nrules: []\n"));
  assert(
    digested(text("{snapshot: s.json}")).includes('"MaxAge":"","MinScore":0,"PublisherAllowlist":[],"RequireRegistry":false'),
  );
});

Deno.test("policy digest: what is given counts though it is nothing, and two lists are null", () => {
  const said = digested(
    "rules: [{name: r, effect: allow, match: {max_delegation_depth: 0, tool_annotations: {openWorldHint: false}}, sandbox: {enabled: true}}]",
  );
  for (
    const part of [
      '"MaxDelegationDepth":0',
      '"ToolAnnotations":{"OpenWorldHint":false}',
      '"AllowedWritablePathPrefixes":null',
      '"RequiredReadOnlyRoots":null',
      '"AllowedUserModes":[]',
      '"MaxTimeoutSeconds":0',
    ]
  ) assert(said.includes(part), `${part} in ${said}`);
  assert(!digested("rules: [{name: r, effect: allow, match: {tool_annotations: {}}}]").includes("ToolAnnotations"));
  assert(!digested("scripts: {max_steps: 0}").includes("Scripts"));
  assert(
    digested("scripts: {block_mixed_risk: true}").includes(
      '"Scripts":{"BlockMixedRisk":true,"MaxSteps":0,"RequireApprovalAbove":0}',
    ),
  );
});

Deno.test("policy digest: no field is forgotten", () => {
  const empty = digest("rules: [{name: r, effect: allow}]");
  const fields = [
    "priority: 1",
    "reason_codes: [a]",
    "violations: [a]",
    "require_declared_agent: true",
    "require_agent_owner: true",
    "require_unexpired_agent: true",
    "allowed_agent_ids: [a]",
    "denied_agent_ids: [a]",
    `required_agent_manifest_digest: ${"a".repeat(64)}`,
    "allowed_agent_manifest_publishers: [a]",
    "allowed_agent_manifest_sources: [a]",
    "required_agent_lifecycle_states: [a]",
    "block_standing_credentials: true",
    "require_jit_credential: true",
    "allowed_credential_sources: [env]",
    "allowed_credential_issuers: [a]",
    "allowed_credential_access_types: [jit]",
    "max_credential_ttl_seconds: 1",
    "min_approvals: 1",
    "require_distinct_approvers: true",
    "require_context_evidence: true",
    "required_context_evidence_mode: required",
    "max_context_age_seconds: 1",
    "require_broker_credential: true",
    "broker_reference: a",
    "broker_scopes: [a]",
    "rate_limit: {requests: 1}",
    "destructive_budget: {requests: 1}",
    ..."tool_names risk_classes target_kinds target_values skill_publishers skill_sources data_classes destination_kinds destination_values"
      .split(" ").map((name) => `match: {${name}: [a]}`),
    ..."destination_operations provenance_sources identities workspace_prefixes context_tool_names context_data_classes".split(
      " ",
    )
      .map((name) => `match: {${name}: [a]}`),
    ..."context_endpoint_classes context_autonomy_levels allowed_delegator_identities allowed_delegate_identities delegation_scopes"
      .split(" ").map((name) => `match: {${name}: [a]}`),
    "match: {endpoint_classes: [other]}",
    "match: {discovery_method: [mcp]}",
    "match: {require_delegation: true}",
    "match: {max_delegation_depth: 0}",
    ...["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"].map((hint) =>
      `match: {tool_annotations: {${hint}: false}}`
    ),
    ...[
      "path_allowlist: [a]",
      "path_denylist: [a]",
      "domain_allowlist: [a]",
      "domain_denylist: [a]",
      "egress_classes: [net.dns]",
    ]
      .map((list) => `endpoint: {${list}}`),
    ...["action: require_approval", "destructive_action: block", "reason_code: a", "violation: a"]
      .map((field) => `endpoint: {enabled: true, ${field}}`),
    ...["tainted_sources: [user]", "destination_kinds: [a]", "destination_values: [a]", "destination_operations: [a]"]
      .map((list) => `dataflow: {${list}}`),
    ...["action: block", "reason_code: a", "violation: a"].map((field) => `dataflow: {enabled: true, ${field}}`),
    ...["", "effect: require_approval", "reason: a", "environments: [a]", "risk_classes: [a]"]
      .map((field) => `freeze_window: {timezone: UTC, windows: [{start: '1', end: '2'}]${field === "" ? "" : `, ${field}`}}`),
    "freeze_window: {timezone: UTC, windows: [{start: '1', end: '2', name: a}]}",
    "freeze_window: {timezone: UTC, windows: [{start: '1', end: '3'}]}",
    ...[
      "enabled: true",
      "allowed_network_modes: [full]",
      "allowed_env_exposure_modes: [full]",
      "allowed_filesystem_isolations: [none]",
    ]
      .map((field) => `sandbox: {${field}}`),
    ...[
      "allowed_user_modes: [root]",
      "allowed_writable_path_prefixes: [/a]",
      "required_read_only_roots: [/a]",
      "max_timeout_seconds: 1",
    ]
      .map((field) => `sandbox: {${field}}`),
  ];
  const digests = new Set(fields.map((field) => digest(`rules: [{name: r, effect: allow, ${field}}]`)));
  assertEquals(digests.size, fields.length, "every field has its own digest");
  assert(!digests.has(empty));
  const top = [
    "default_verdict: block",
    "scripts: {max_steps: 1}",
    "scripts: {require_approval_above: 1}",
    "scripts: {block_mixed_risk: true}",
    "fail_closed: {enabled: true}",
    "fail_closed: {risk_classes: [a]}",
    "fail_closed: {required_fields: [targets]}",
    "fail_closed: {required_high_risk_fields: [repo]}",
    "mcp_trust: {snapshot: a}",
    ...["action: require_approval", "required_risk_classes: [a]", "min_score: 0.5", "max_age: 1h", "publisher_allowlist: [a]"]
      .map((field) => `mcp_trust: {snapshot: a, ${field}}`),
    "mcp_trust: {snapshot: a, require_registry: true}",
  ];
  assertEquals(new Set([digest(""), ...top.map(digest)]).size, top.length + 1);
});

Deno.test("policy digest: the recorded ones", () => {
  let compared = 0;
  for (const one of gateCases()) {
    for (const { argv = [], json } of one.steps) {
      const [noun, verb, path] = argv;
      if (noun !== "policy" || verb !== "validate" || path === undefined || one.files[path] === undefined) continue;
      const wanted = json?.["policy_digest"];
      if (wanted === undefined) continue;
      const { policy } = assertOk(readPolicy(fileOf(one, path), path), `${one.case} ${path}`);
      assertEquals(policyDigest(crypto, policy), wanted, `${one.case} ${path}`);
      compared++;
    }
  }
  assert(compared === 0 || compared > 20, `${compared}`);
});
