// What the rules that decided demand beside the verdict (spec 02, section 5.2 rule 4): approvals, a broker's credential, delegation,
// limits. Several rules are merged, and so are the steps of a script.
import { byBytes, trimmedSet } from "../base/text.ts";
import type { Demands, Limit, Rule, Verdict } from "./types.ts";

/** Nothing is demanded. */
export const NO_DEMANDS: Demands = {
  required_approvals: 0,
  distinct_approvers: false,
  broker: { required: false, reference: "", scopes: [] },
  delegation: { required: false, scopes: [] },
  rate_limit: undefined,
  destructive_budget: undefined,
};

/** One set of several, all in byte order. */
export const union = (sets: readonly (readonly string[])[]): readonly string[] => {
  const filled = sets.filter((set) => set.length > 0);
  return filled.length < 2 ? filled[0] ?? [] : trimmedSet(filled.flat());
};

/** The narrower limit: fewer requests, then minutes, then the scope that comes first (section 7.3). */
const byWidth = (a: Limit, b: Limit): number =>
  a.requests - b.requests || byBytes(b.window, a.window) || byBytes(a.scope, b.scope);

const narrowest = (limits: readonly (Limit | undefined)[]): Limit | undefined =>
  limits.reduce(
    (best, limit) => best === undefined || (limit !== undefined && byWidth(limit, best) < 0) ? limit : best,
    undefined,
  );

const approvalsOf = ({ min_approvals }: Rule): number => Math.max(min_approvals, 1);

const ofOne = (rule: Rule, asks: boolean): Demands => ({
  required_approvals: asks ? approvalsOf(rule) : 0,
  distinct_approvers: asks && rule.require_distinct_approvers,
  broker: { required: rule.require_broker_credential, reference: rule.broker_reference, scopes: rule.broker_scopes },
  delegation: {
    required: rule.match.require_delegation,
    scopes: rule.match.require_delegation ? rule.match.delegation_scopes : [],
  },
  rate_limit: rule.rate_limit,
  destructive_budget: rule.destructive_budget,
});

/** Whether a rule demands anything; most do not. */
const isDemanding = (rule: Rule): boolean =>
  rule.require_broker_credential || rule.broker_reference !== "" || rule.broker_scopes.length > 0 ||
  rule.match.require_delegation ||
  rule.rate_limit !== undefined || rule.destructive_budget !== undefined;

const merged = (all: readonly Demands[], reference: string): Demands => ({
  required_approvals: all.reduce((most, one) => Math.max(most, one.required_approvals), 0),
  distinct_approvers: all.some((one) => one.distinct_approvers),
  broker: {
    required: all.some((one) => one.broker.required),
    reference,
    scopes: union(all.map((one) => one.broker.scopes)),
  },
  delegation: {
    required: all.some((one) => one.delegation.required),
    scopes: union(all.map((one) => one.delegation.scopes)),
  },
  rate_limit: narrowest(all.map((one) => one.rate_limit)),
  destructive_budget: narrowest(all.map((one) => one.destructive_budget)),
});

/** What rules demand together. Approvals are asked for only by a verdict of require_approval. */
export function demandsOf(rules: readonly Rule[], verdict: Verdict): Demands {
  const asks = verdict === "require_approval";
  if (!asks && !rules.some(isDemanding)) return NO_DEMANDS;
  const all = rules.map((rule) => ofOne(rule, asks));
  return all.length === 1 && all[0] !== undefined
    ? all[0]
    : merged(all, trimmedSet(all.map((one) => one.broker.reference)).join(","));
}

/** What the steps of a script demand together. */
export const demandsOfSteps = (steps: readonly Demands[]): Demands =>
  merged(steps, steps.find((step) => step.broker.reference !== "")?.broker.reference ?? "");
