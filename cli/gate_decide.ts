// Deciding one call: prepared, evaluated, counted, and weighed with what authority it brings along (spec 02, sections 5.1 and 8.2).
// The one call of a command and each call of a stream go this way.
import { delegationDigest, intentDigests } from "../core/gate/intent_digest.ts";
import type { CompiledPolicy } from "../core/gate/compile.ts";
import { type BoundContext, type Prepared, prepareIntent } from "../core/gate/prepare.ts";
import type { Decision, Intent, IntentDigests, KillSwitch } from "../core/gate/types.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import { lookUp, type ScriptLookup } from "../core/flow/approved_scripts.ts";
import { evaluateLookedUp } from "../core/flow/gate_pre_approved.ts";
import type { ApprovedScript } from "../core/schema/approved_script.ts";
import { untimely } from "../core/flow/gate_delegation.ts";
import { type Facts, finish, NO_FACTS } from "../core/flow/gate_finish.ts";
import { ok, type Result } from "../core/base/result.ts";
import { type Soon, whenThere } from "../core/base/soon.ts";
import type { Ports } from "../core/ports.ts";
import type { Authority } from "./gate_authority.ts";
import type { LimitFacts } from "./gate_limits.ts";
import type { GateSettings } from "./gate_settings.ts";
import type { NamedInventory } from "./gate_sources.ts";

/** A policy made ready, with what was asked for; `S` is as much of that as is looked at. */
export type Gate<S = GateSettings> = {
  readonly settings: S;
  readonly compiled: CompiledPolicy;
  readonly policy_digest: string;
};

/** What evaluating and counting a call looks at. */
export type WeighSettings = Pick<GateSettings, "profile" | "rate_limits" | "simulate">;

/** What a call is decided with beside the policy. */
export type Evidence = {
  readonly at: string;
  readonly kill_switch: KillSwitch;
  readonly envelope: BoundContext | undefined;
  readonly inventory: NamedInventory | undefined;
  readonly scripts: readonly ApprovedScript[];
};

/** A call that was evaluated and counted. */
export type Weighed = {
  readonly intent: Intent;
  readonly digests: IntentDigests;
  readonly context_source: string;
  readonly lookup: ScriptLookup;
  readonly decision: Decision;
  readonly facts: Facts;
  readonly warnings: readonly string[];
};

/** In production nobody takes a caller's word for what only an inventory can know. */
export const inventoryClaims = ({ profile }: Pick<GateSettings, "profile">): "count" | "drop" =>
  profile === "oss-prod" ? "drop" : "count";

type Weighing = Pick<Ports, "host" | "state" | "clock">;

/** A call as it is decided, and its digests. */
export type Ready = Prepared & { readonly digests: IntentDigests };

/** Prepares a call by what a command was asked for. Fault `context_invalid`. */
export const prepare = (
  settings: Pick<GateSettings, "profile">,
  given: Intent,
  { envelope, inventory }: Pick<Evidence, "envelope" | "inventory">,
): Result<Prepared> => prepareIntent(given, { envelope, inventory, inventoryClaims: inventoryClaims(settings) });

/** Makes a call ready to be decided. Fault `context_invalid`. */
export function makeReady(
  settings: Pick<GateSettings, "profile">,
  given: Intent,
  evidence: Pick<Evidence, "envelope" | "inventory">,
  { host }: Pick<Ports, "host">,
): Result<Ready> {
  const prepared = prepare(settings, given, evidence);
  return prepared.ok ? ok({ ...prepared.value, digests: intentDigests(host.crypto, prepared.value.intent) }) : prepared;
}

/** Evaluates and counts a call that is ready, at once where there is nothing to count. Faults of the limits' state. */
export function weigh(
  { settings, compiled, policy_digest }: Gate<WeighSettings>,
  { intent, context_source, digests }: Ready,
  { at, kill_switch, inventory, scripts }: Evidence,
  ports: Weighing,
): Soon<Result<Weighed>> {
  const { crypto } = ports.host;
  const conditions = { evaluation_time: at, kill_switch, inventory: inventory?.items };
  const lookup = lookUp(scripts, intent, digests, policy_digest, scripts.length === 0 ? at : ports.clock.now());
  const decision = evaluateLookedUp(crypto, compiled, intent, conditions, lookup);
  return whenThere(counted(settings, decision, intent, ports), (limits) => {
    if (!limits.ok) return limits;
    const { warnings, rate_limit, destructive_budget } = limits.value;
    const facts: Facts = {
      ...NO_FACTS,
      rate_limit,
      destructive_budget,
      delegation: {
        untimely: untimely(decision, intent.delegation, at),
        hops: intent.delegation?.chain.length || 1,
        entries: [],
      },
      simulate: settings.simulate,
    };
    return ok({ intent, digests, context_source, lookup, decision, facts, warnings });
  });
}

const UNLIMITED: Result<LimitFacts> = ok({ rate_limit: undefined, destructive_budget: undefined, warnings: [] });

const counted = (
  { rate_limits }: WeighSettings,
  decision: Decision,
  intent: Intent,
  ports: Weighing,
): Soon<Result<LimitFacts>> =>
  decision.rate_limit === undefined && decision.destructive_budget === undefined
    ? UNLIMITED
    : import("./gate_limits.ts").then(({ countLimits }) => countLimits(rate_limits, decision, intent, ports));

/** Decides a call that was weighed, with the authority that it brings along, at once where none is asked for. Faults of that. */
export function conclude(
  { compiled, policy_digest }: Pick<Gate, "compiled" | "policy_digest">,
  { intent, digests, context_source, lookup, decision, facts: weighed }: Weighed,
  authority: Authority,
  { host }: Pick<Ports, "host">,
): Soon<Result<Decided>> {
  const delegation_digest = intent.delegation === undefined ? "" : delegationDigest(host.crypto, intent.delegation);
  const call = { intent, digests, policy_digest, delegation_digest };
  return whenThere(authority.examine(compiled.policy, call, decision, weighed), (facts) =>
    facts.ok
      ? ok({
        policy: compiled.policy,
        policy_digest,
        intent,
        digests,
        delegation_digest,
        context_source,
        lookup,
        decision,
        facts: facts.value,
        final: finish(decision, facts.value),
      })
      : facts);
}
