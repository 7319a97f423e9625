// A policy as it is meant (spec 02, sections 2.2 and 2.3): aliases emptied into their fields, defaults filled in, what one field implies
// for another made so, what does not hold together refused, sections that are off left out, rules in their order.
import { quoted } from "../base/json_words.ts";
import { lazy } from "../base/lazy.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { fitShape } from "../base/shape.ts";
import { byBytes, isHex64, trimmedSet } from "../base/text.ts";
import { MatchShape, POLICY_ID, POLICY_VERSION, type WrittenPolicy, type WrittenRule } from "../schema/policy.ts";
import { VERDICTS } from "../schema/trace.ts";
import {
  dataflowOf,
  destructiveBudgetOf,
  endpointOf,
  freezeWindowOf,
  HIGH_RISKS,
  mcpTrustOf,
  type Note,
  rateLimitOf,
  sandboxOf,
} from "./policy_sections.ts";
import type { Match, Policy, Rule, Verdict } from "./types.ts";

/** What does not hold: a pointer into the policy as written, and why. */
export type PolicyFlaw = { readonly pointer: string; readonly words: string };

/** A policy in normal form, or its first flaw. */
export type Normal = { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly flaw: PolicyFlaw };

/** The normal form of a policy. Fault `policy_shape` with a JSON pointer. */
export function normalizePolicy(written: WrittenPolicy): Result<Policy> {
  const normal = normalOf(written);
  if (normal.ok) return ok(normal.policy);
  const { pointer, words } = normal.flaw;
  return fail("policy_shape", `Cannot use the policy: ${words}`, { pointer });
}

/** The same, with the flaw as it is: for readers that know its place in a file. */
export function normalOf(written: WrittenPolicy): Normal {
  let first: PolicyFlaw | undefined;
  const note: Note = (pointer, words) => void (first ??= { pointer, words });
  const policy = policyOf(written, note);
  return first === undefined ? { ok: true, policy } : { ok: false, flaw: first };
}

function policyOf(written: WrittenPolicy, note: Note): Policy {
  const { schema_id, schema_version, scripts, fail_closed } = written;
  if (schema_id !== "" && schema_id !== POLICY_ID) {
    note("/schema_id", `field "schema_id" must be ${POLICY_ID}, not ${quoted(schema_id)}`);
  }
  if (schema_version !== "" && schema_version !== POLICY_VERSION) {
    note("/schema_version", `field "schema_version" must be ${POLICY_VERSION}, not ${quoted(schema_version)}`);
  }
  const preset = verdictOf(written, "default_verdict", "default_action", "", note) ?? "require_approval";
  const enabled = fail_closed?.enabled ?? false;
  const risks = fail_closed?.risk_classes ?? [];
  return {
    schema_id: POLICY_ID,
    schema_version: POLICY_VERSION,
    default_verdict: preset,
    scripts: scripts ?? { max_steps: 0, require_approval_above: 0, block_mixed_risk: false },
    fail_closed: {
      enabled,
      risk_classes: enabled && risks.length === 0 ? HIGH_RISKS : risks,
      required_fields: fail_closed?.required_fields ?? [],
      required_high_risk_fields: fail_closed?.required_high_risk_fields ?? [],
    },
    mcp_trust: mcpTrustOf(written.mcp_trust, note),
    rules: written.rules.map((rule, index) => ruleOf(rule, index, note)).sort(inOrder),
  };
}

// Rules that share priority and name are put in an order of their own too, so that where they stand in the file says nothing.
const inOrder = (a: Rule, b: Rule): number =>
  a.priority - b.priority || byBytes(a.name, b.name) || byBytes(contentOf(a), contentOf(b));

const contentOf = (rule: Rule): string => JSON.stringify({ ...rule, index: 0 });

// A verdict that has two names; when both are given they must agree.
function verdictOf<K extends string>(
  written: Readonly<Record<K, string>>,
  name: K,
  alias: K,
  at: string,
  note: Note,
): Verdict | undefined {
  const given = written[name] === "" ? written[alias] : written[name];
  if (written[alias] !== "" && written[alias] !== given) {
    const words = `field ${quoted(alias)} says ${quoted(written[alias])} and ${quoted(name)} says ${quoted(given)}, drop one`;
    note(`${at}/${alias}`, words);
  }
  return VERDICTS.find((verdict) => verdict === given);
}

const noMatch = lazy(() => {
  const match = fitShape(MatchShape, {});
  if (!match.ok) throw new Error("a match without conditions is one");
  return match.value;
});

function matchOf(written: WrittenRule["match"]): Match {
  const { tool_name, endpoint_class, tool_annotations: hints, ...match } = written ?? noMatch();
  return {
    ...match,
    tool_annotations: Object.values(hints ?? {}).some((hint) => hint !== undefined) ? hints : undefined,
    tool_names: tool_name === "" ? match.tool_names : trimmedSet([...match.tool_names, tool_name]),
    endpoint_classes: endpoint_class.length === 0
      ? match.endpoint_classes
      : trimmedSet([...match.endpoint_classes, ...endpoint_class]),
  };
}

function ruleOf(written: WrittenRule, index: number, note: Note): Rule {
  const at = `/rules/${index}`;
  const { action: _, required_agent_manifest_digest: digest, ...rule } = written;
  if (rule.name === "") note(`${at}/name`, `rule ${index + 1} needs a "name"`);
  const effect = verdictOf(written, "effect", "action", at, note);
  if (effect === undefined) note(at, `rule ${quoted(rule.name)} needs an "effect": ${VERDICTS.join(", ")}`);
  if (digest !== "" && !isHex64(digest)) {
    note(`${at}/required_agent_manifest_digest`, 'field "required_agent_manifest_digest" must be 64 hexadecimal digits');
  }
  return {
    ...rule,
    effect: effect ?? "block",
    required_agent_manifest_digest: digest,
    match: matchOf(rule.match),
    endpoint: endpointOf(rule.endpoint, `${at}/endpoint`, note),
    dataflow: dataflowOf(rule.dataflow),
    freeze_window: freezeWindowOf(rule.freeze_window, `${at}/freeze_window`, note),
    sandbox: sandboxOf(rule.sandbox, `${at}/sandbox`, note),
    rate_limit: rateLimitOf(rule.rate_limit, `${at}/rate_limit`, note),
    destructive_budget: destructiveBudgetOf(rule.destructive_budget, `${at}/destructive_budget`, note),
    require_distinct_approvers: rule.require_distinct_approvers || rule.min_approvals > 1,
    required_context_evidence_mode: rule.require_context_evidence ? "required" : rule.required_context_evidence_mode,
    index,
  };
}
