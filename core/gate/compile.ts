// A policy made ready to decide many calls: plain data. Each rule becomes a conjunction of conditions in normal form, and an index
// finds the rules that can match, so that a call costs what those cost and not what all rules cost.
import { byBytes, lower } from "../base/text.ts";
import { type Condition, conditionsOf } from "./condition.ts";
import { deniedDomainPatterns, domainPattern, pathPattern, type Patterns } from "./patterns.ts";
import { indexRules, type RuleIndex } from "./rule_index.ts";
import type { Endpoint, Policy, Rule, Verdict } from "./types.ts";

/** The lists of an `endpoint` section, made ready. */
export type EndpointPatterns = { readonly paths: Patterns; readonly domains: Patterns };

/** A rule made ready. */
export type CompiledRule = {
  readonly rule: Rule;
  /** Where it stands in the order of evaluation, from 0. */
  readonly place: number;
  /** It applies when all of them hold. */
  readonly conditions: readonly Condition[];
  /** Its own reason codes, or the one made of its name. */
  readonly reason_codes: readonly string[];
  readonly endpoint: EndpointPatterns | undefined;
  /** What a decision says of it. */
  readonly summary: { readonly name: string; readonly priority: number; readonly effect: Verdict };
};

/** A policy made ready. */
export type CompiledPolicy = {
  readonly policy: Policy;
  /** In the order of evaluation: by priority, then by name. */
  readonly rules: readonly CompiledRule[];
  readonly index: RuleIndex;
};

/** The reason code of a rule that names none. */
export const ownReason = (name: string): string => `matched_rule_${lower(name).replace(/[ -]/g, "_")}`;

// Rules of one priority and name have an order too, which is not that of the file: what is decided must not depend on that.
const content = ({ index: _, ...rule }: Rule): string => JSON.stringify(rule);

const byOrder = (a: Rule, b: Rule): number =>
  a.priority - b.priority || byBytes(a.name, b.name) || byBytes(content(a), content(b));

const endpointPatterns = (endpoint: Endpoint): EndpointPatterns => ({
  paths: { allow: endpoint.path_allowlist.map(pathPattern), deny: endpoint.path_denylist.map(pathPattern) },
  domains: {
    allow: endpoint.domain_allowlist.map(domainPattern),
    deny: endpoint.domain_denylist.flatMap(deniedDomainPatterns),
  },
});

const compileRule = (rule: Rule, place: number): CompiledRule => ({
  rule,
  place,
  conditions: conditionsOf(rule.match),
  reason_codes: rule.reason_codes.length > 0 ? rule.reason_codes : [ownReason(rule.name)],
  endpoint: rule.endpoint === undefined ? undefined : endpointPatterns(rule.endpoint),
  summary: { name: rule.name, priority: rule.priority, effect: rule.effect },
});

/** Makes a policy ready. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const rules = [...policy.rules].sort(byOrder).map(compileRule);
  return { policy, rules, index: indexRules(rules.map((rule) => rule.conditions)) };
}
