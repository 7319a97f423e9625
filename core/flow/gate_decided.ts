// One decision with all that its outputs tell: the trace, the explain document and the JSON of `gate eval` are views of it.
import type { Decision, Intent, IntentDigests, Policy } from "../gate/types.ts";
import type { Trace } from "../schema/trace.ts";
import type { ScriptLookup } from "./approved_scripts.ts";
import type { Facts, Final } from "./gate_finish.ts";

/** A call that was decided. */
export type Decided = {
  readonly policy: Policy;
  readonly policy_digest: string;
  /** The prepared intent (spec 02, section 5.1). */
  readonly intent: Intent;
  readonly digests: IntentDigests;
  /** Digest of the intent's delegation; empty without one. */
  readonly delegation_digest: string;
  /** Where context came from; empty when it is the caller's own. */
  readonly context_source: string;
  /** What the registry of approved scripts says of it. */
  readonly lookup: ScriptLookup;
  readonly decision: Decision;
  readonly facts: Facts;
  readonly final: Final;
  /** How far the server of the tool is trusted; only the boundary asks that. */
  readonly mcp_trust?: Trace["mcp_trust"];
};

/** What of the context is told in every output. */
export const contextMembers = ({ intent: { context }, context_source }: Decided) => ({
  context_set_digest: context.context_set_digest,
  context_evidence_mode: context.context_evidence_mode,
  context_ref_count: context.context_refs.length,
  context_source,
});

/** What of a script is told in every output; all empty for a plain call. */
export const scriptMembers = ({ intent: { script }, digests, decision }: Decided) => ({
  script: script !== undefined,
  step_count: script?.steps.length ?? 0,
  script_hash: digests.script_hash,
  composite_risk_class: decision.script?.composite_risk_class ?? "",
  step_verdicts: decision.script?.steps ?? [],
});
