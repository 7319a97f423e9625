// From what a policy says of a call to what is decided in the end (spec 02, sections 8.2 and 8.5): limits, delegation, approvals,
// broker and simulation, in this order. What was found out about each comes in as a fact; nobody's fact can do more than its step
// lets it, and a fact that is lacking never helps the call.
import { approvalIds, approversOf, delegationIds, type HopEntry } from "../authority/granted.ts";
import type { ExitName } from "../base/errors.ts";
import { trimmedSet } from "../base/text.ts";
import type { Decision, Verdict } from "../gate/types.ts";
import type { ApprovalEntry } from "../schema/approval_audit.ts";

/** What counting one call came to. */
export type LimitOutcome = {
  readonly scope: string;
  readonly key: string;
  readonly used: number;
  readonly remaining: number;
  /** The call was one too many, and was not counted. */
  readonly exceeded: boolean;
};

/** What a broker issued, as far as it concerns a verdict and its record. */
export type IssuedCredential = {
  readonly credential_ref: string;
  readonly source: string;
  readonly access_type: string;
  readonly issuer: string;
  readonly request_digest: string;
  readonly target_binding: string;
  readonly run_binding: string;
  readonly job_binding: string;
  readonly ttl_seconds: number;
};

/** A credential as its record tells of it (spec 03, section 6.6). */
export type CredentialRecord = IssuedCredential & {
  readonly issued_by: string;
  /** What the broker was asked for. */
  readonly reference: string;
  readonly scopes: readonly string[];
  readonly subject: string;
  readonly owner: string;
  /** UTC; zero time where it is not known. */
  readonly issued_at: string;
  readonly expires_at: string;
};

/** What the broker came to. */
export type BrokerFacts =
  | { readonly status: "off" }
  /** There is one, and a simulation asks none. */
  | { readonly status: "unasked" }
  /** `why`: in words, which hold nothing of what a broker printed. */
  | { readonly status: "failed"; readonly why: string }
  /** `codes`: what of it is not as the rules want it. */
  | { readonly status: "issued"; readonly codes: readonly string[]; readonly credential: CredentialRecord };

/** Why a delegation does not hold at the evaluation time. */
export type Untimely = "delegation_expired" | "delegation_not_yet_valid";

/** What was found out about a call beside what the policy says. */
export type Facts = {
  readonly rate_limit: LimitOutcome | undefined;
  readonly destructive_budget: LimitOutcome | undefined;
  readonly delegation: {
    readonly untimely: readonly Untimely[];
    /** How many hops want a token of their own. */
    readonly hops: number;
    /** The tokens that were looked at and the hops without one; empty when no token was given. */
    readonly entries: readonly HopEntry[];
  };
  /** The tokens that were looked at. */
  readonly approvals: readonly ApprovalEntry[];
  /** Nobody was asked to show an approval: that there is none is then no reason of a verdict. */
  readonly unasked?: true;
  readonly broker: BrokerFacts;
  readonly simulate: boolean;
};

/** Nothing is known yet. */
export const NO_FACTS: Facts = {
  rate_limit: undefined,
  destructive_budget: undefined,
  delegation: { untimely: [], hops: 1, entries: [] },
  approvals: [],
  broker: { status: "off" },
  simulate: false,
};

/** A verdict with its reasons, at any of the steps. */
export type Ruling = {
  readonly verdict: Verdict;
  /** Sorted by bytes, each once; the same for violations. */
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
};

/** What was decided in the end. */
export type Final = Ruling & {
  readonly exit: ExitName;
  /** What it would have been without the simulation; undefined when it was none. */
  readonly simulated: Ruling | undefined;
  /** Ids of the delegation tokens that cover the chain; empty unless they do. */
  readonly delegation_ref: string;
  /** Ids of the approvals that let the call through; empty unless they did. */
  readonly approval_ref: string;
};

type Codes = { readonly reasons: readonly string[]; readonly violations?: readonly string[] };

const become = (now: Ruling, verdict: Verdict, { reasons, violations = [] }: Codes): Ruling => ({
  verdict,
  reason_codes: reasons.length === 0 ? now.reason_codes : trimmedSet([...now.reason_codes, ...reasons]),
  violations: violations.length === 0 ? now.violations : trimmedSet([...now.violations, ...violations]),
});

const blocked = (now: Ruling, reasons: readonly string[], violations: readonly string[]): Ruling =>
  become(now, "block", { reasons, violations });

const afterLimit = (now: Ruling, outcome: LimitOutcome | undefined, code: string): Ruling =>
  outcome?.exceeded === true ? blocked(now, [code], [code]) : now;

function afterLimits({ verdict, reason_codes, violations }: Decision, { rate_limit, destructive_budget }: Facts): Ruling {
  const first = afterLimit({ verdict, reason_codes, violations }, rate_limit, "rate_limit_exceeded");
  return afterLimit(first, destructive_budget, "destructive_budget_exceeded");
}

// Each hop wants a token of its own, so there are as many tokens as hops, and no hop says that it has none.
const covered = ({ hops, entries }: Facts["delegation"]): boolean =>
  hops > 0 && delegationIds(entries).length >= hops &&
  entries.every(({ valid, error_code }) => valid || error_code !== "delegation_token_missing");

const NOT_DELEGATED = ["delegation_not_granted"];

function afterDelegation(now: Ruling, { delegation: { required } }: Decision, { delegation }: Facts): Ruling {
  const { untimely, entries } = delegation;
  if (untimely.length > 0) return blocked(now, untimely, NOT_DELEGATED);
  if (!required) return now;
  if (entries.length === 0) return blocked(now, ["delegation_token_missing"], NOT_DELEGATED);
  if (covered(delegation)) return become(now, now.verdict, { reasons: ["delegation_granted"] });
  const codes = entries.map(({ error_code }) => error_code).filter((code) => code !== "");
  return blocked(now, ["delegation_chain_insufficient", ...codes], NOT_DELEGATED);
}

// Only a verdict that asks for approval can get it.
function afterApprovals(
  now: Ruling,
  { required_approvals, distinct_approvers }: Decision,
  { approvals, unasked }: Facts,
): Ruling {
  if (now.verdict !== "require_approval" || unasked === true && approvals.length === 0) return now;
  const required = Math.max(1, required_approvals);
  const codes = approvals.map(({ valid, error_code }) => valid ? "" : error_code).filter((code) => code !== "");
  const lacking = [
    ...(approvals.length === 0 ? ["approval_token_missing"] : []),
    ...(approvals.length > 0 && approvalIds(approvals).length < required ? ["approval_chain_insufficient"] : []),
    ...(approvals.length > 0 && distinct_approvers && required > 1 && approversOf(approvals).length < required
      ? ["approval_distinct_approvers_required"]
      : []),
  ];
  return lacking.length > 0
    ? become(now, "require_approval", { reasons: [...codes, ...lacking], violations: ["approval_not_granted"] })
    : become(now, "allow", { reasons: [...codes, "approval_granted"] });
}

const MISSING = "broker_credential_missing";

function afterBroker(now: Ruling, decision: Decision, { broker, simulate }: Facts): Ruling {
  if (now.verdict !== "allow" || !decision.broker.required) return now;
  switch (broker.status) {
    case "off":
      return blocked(now, ["broker_credential_required"], [MISSING]);
    case "unasked":
      return simulate
        ? become(now, now.verdict, { reasons: ["broker_credential_not_requested"] })
        : blocked(now, [MISSING], [MISSING]);
    case "failed":
      return blocked(now, [MISSING], [MISSING]);
    case "issued":
      return broker.codes.length > 0
        ? blocked(now, broker.codes, broker.codes)
        : become(now, now.verdict, { reasons: ["broker_credential_present"] });
    default:
      return never(broker);
  }
}

function afterSimulation(now: Ruling): Ruling {
  const reasons = ["simulate_mode_non_enforcing"];
  return now.verdict === "allow" || now.verdict === "dry_run"
    ? become(now, now.verdict, { reasons })
    : { ...become(now, "allow", { reasons: [...reasons, `simulated_${now.verdict}`] }), violations: [] };
}

const EXIT: Readonly<Record<Verdict, ExitName>> = {
  allow: "ok",
  dry_run: "ok",
  require_approval: "approval",
  block: "blocked",
};

/** How a program ends that decided so. */
export const exitOf = (verdict: Verdict): ExitName => EXIT[verdict];

/** Whether a simulated verdict would have kept the call from going ahead. */
export const wouldHaveBlocked = ({ simulated }: Final): boolean =>
  simulated !== undefined && simulated.verdict !== "allow" && simulated.verdict !== "dry_run";

/** Which facts are worth asking for, given those that are known: in this order, and only what a step would look at. */
export function asks(decision: Decision, facts: Facts): {
  readonly delegation: boolean;
  readonly approvals: boolean;
  readonly broker: boolean;
} {
  const delegated = afterDelegation(afterLimits(decision, facts), decision, facts);
  const approved = afterApprovals(delegated, decision, facts);
  return {
    delegation: decision.delegation.required && facts.delegation.untimely.length === 0,
    approvals: delegated.verdict === "require_approval",
    broker: approved.verdict === "allow" && decision.broker.required && !facts.simulate,
  };
}

/** Decides in the end. */
export function finish(decision: Decision, facts: Facts): Final {
  const delegated = afterDelegation(afterLimits(decision, facts), decision, facts);
  const approved = afterApprovals(delegated, decision, facts);
  const now = afterBroker(approved, decision, facts);
  const granted = decision.delegation.required && facts.delegation.untimely.length === 0 && covered(facts.delegation);
  const delegation_ref = granted ? delegationIds(facts.delegation.entries).join(",") : "";
  const approval_ref = delegated.verdict === "require_approval" && approved.verdict === "allow"
    ? approvalIds(facts.approvals).join(",")
    : "";
  return facts.simulate
    ? { ...afterSimulation(now), exit: "ok", simulated: now, delegation_ref, approval_ref }
    : { ...now, exit: exitOf(now.verdict), simulated: undefined, delegation_ref, approval_ref };
}

const never = (broker: never): never => {
  throw new Error(`unknown facts of a broker: ${JSON.stringify(broker)}`);
};
