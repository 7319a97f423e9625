// What the registry of approved scripts says of a call (spec 03, section 5.4).
import { approvingScript, type ScriptCall } from "../authority/approved_script_match.ts";
import { isPlain } from "../gate/path_forms.ts";
import type { Intent, IntentDigests, Step } from "../gate/types.ts";
import { type ApprovedScript, PRE_APPROVED } from "../schema/approved_script.ts";

/** What a registry says of a call; `registry_reason` is empty where no registry was asked. */
export type ScriptLookup = {
  readonly pre_approved: boolean;
  /** The entry that approves it; empty without one. */
  readonly pattern_id: string;
  readonly registry_reason: "" | "not_script" | "approved_script_not_found" | typeof PRE_APPROVED;
};

/** No registry was asked. */
export const NOT_LOOKED_UP: ScriptLookup = { pre_approved: false, pattern_id: "", registry_reason: "" };

/** A script as its approval knows it. */
export const scriptCall = (
  { tool_name, context }: Intent,
  steps: readonly Step[],
  script_hash: string,
  policy_digest: string,
): ScriptCall => ({
  policy_digest,
  script_hash,
  tool_sequence: steps.map((step) => step.tool_name),
  tool_name,
  risk_class: context.risk_class,
  workspace: isPlain(context.workspace) ? context.workspace : undefined,
  endpoint_classes: steps.flatMap((step) => step.targets).map((target) => target.endpoint_class),
});

/** Looks a call up among verified entries; `now` is the time of the wall clock. */
export function lookUp(
  scripts: readonly ApprovedScript[],
  intent: Intent,
  { script_hash }: Pick<IntentDigests, "script_hash">,
  policy_digest: string,
  now: string,
): ScriptLookup {
  if (scripts.length === 0) return NOT_LOOKED_UP;
  if (intent.script === undefined) return { ...NOT_LOOKED_UP, registry_reason: "not_script" };
  const found = approvingScript(scripts, scriptCall(intent, intent.script.steps, script_hash, policy_digest), now);
  return found === undefined
    ? { ...NOT_LOOKED_UP, registry_reason: "approved_script_not_found" }
    : { pre_approved: true, pattern_id: found.pattern_id, registry_reason: PRE_APPROVED };
}
