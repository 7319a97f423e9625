// A decision by a policy and what comes with the call alone: no state is counted in, no token is shown and no broker asked, so what a
// rule demands of them is lacking. Nothing is read and nothing waits: hosts without files decide like this, and so does the library.
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { trimmedSet } from "../base/text.ts";
import { type CompiledPolicy, compilePolicy } from "../gate/compile.ts";
import { evaluate } from "../gate/evaluate.ts";
import { delegationDigest, intentDigests } from "../gate/intent_digest.ts";
import { policyDigest } from "../gate/policy_digest.ts";
import { readPolicy } from "../gate/policy_read.ts";
import type { Prepared } from "../gate/prepare.ts";
import type { Conditions, Decision, Intent } from "../gate/types.ts";
import { isDestructive } from "../gate/verdict.ts";
import { NOT_LOOKED_UP } from "./approved_scripts.ts";
import type { Decided } from "./gate_decided.ts";
import { untimely } from "./gate_delegation.ts";
import { type Facts, finish, NO_FACTS } from "./gate_finish.ts";

/** A policy made ready, with its digest. */
export type ReadyPolicy = { readonly compiled: CompiledPolicy; readonly digest: string };

/** Reads a policy (YAML) and makes it ready. Faults of `readPolicy`; `name` names it in messages. */
export function readyPolicy(crypto: Crypto, bytes: Uint8Array, name: string): Result<ReadyPolicy> {
  const read = readPolicy(bytes, name);
  if (!read.ok) return read;
  const { policy } = read.value;
  return ok({ compiled: compilePolicy(policy), digest: policyDigest(crypto, policy) });
}

// Nobody counts here, so a limit that a rule demands cannot be kept.
function uncounted(decision: Decision, intent: Intent): Decision {
  const codes = [
    ...(decision.rate_limit === undefined ? [] : ["rate_limit_state_unavailable"]),
    ...(decision.destructive_budget === undefined || !isDestructive(intent) ? [] : ["destructive_budget_state_unavailable"]),
  ];
  if (codes.length === 0) return decision;
  return {
    ...decision,
    verdict: "block",
    reason_codes: trimmedSet([...decision.reason_codes, ...codes]),
    violations: trimmedSet([...decision.violations, ...codes]),
  };
}

/** What more a decision takes: what raises the policy's verdict, and what is known of tokens and brokers. */
export type Beside = { readonly raise?: (decision: Decision) => Decision; readonly facts?: Facts };

/** Decides a prepared call. Total. */
export function decideAlone(
  crypto: Crypto,
  { compiled, digest: policy_digest }: ReadyPolicy,
  { intent, context_source }: Prepared,
  conditions: Conditions,
  { raise = (decision) => decision, facts: known = NO_FACTS }: Beside = {},
): Decided {
  const decision = raise(evaluate(crypto, compiled, intent, conditions));
  const facts: Facts = {
    ...known,
    delegation: { ...known.delegation, untimely: untimely(decision, intent.delegation, conditions.evaluation_time) },
  };
  return {
    policy: compiled.policy,
    policy_digest,
    intent,
    digests: intentDigests(crypto, intent),
    delegation_digest: intent.delegation === undefined ? "" : delegationDigest(crypto, intent.delegation),
    context_source,
    lookup: NOT_LOOKED_UP,
    decision,
    facts,
    final: finish(uncounted(decision, intent), facts),
  };
}
