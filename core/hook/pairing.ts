// Holds what ran against what was decided (docs/hooks.md): each call that ran needs a decision of its own that let it run.
import { BYPASS_REASONS, type HookRecord } from "../schema/hook.ts";
import type { HookEvent, HookKeys } from "./event.ts";

/** Why a call counts as a bypass. */
export type BypassReason = typeof BYPASS_REASONS[number];

/** What the journal says of a call that ran: the decision that let it run, or why it is a bypass. */
export type Pairing =
  | { readonly status: "paired"; readonly decision: HookRecord }
  | { readonly status: "bypass"; readonly reason: BypassReason; readonly decision: HookRecord | undefined }
  | { readonly status: "refused" };

/**
 * Pairs a call that ran with its decision. `records` are those of the same call key, in order. A call with an id runs once; calls that
 * go by their arguments run as often as they were let.
 */
export function pairing(
  { call_id, stage, refused }: Pick<HookEvent, "call_id" | "stage" | "refused">,
  { input_digest }: Pick<HookKeys, "input_digest">,
  records: readonly HookRecord[],
): Pairing {
  if (refused) return { status: "refused" };
  const decisions = records.filter(({ record_type }) => record_type === "decision");
  const ran = records.filter(({ record_type, outcome }) => record_type !== "decision" && outcome !== "");
  const allowed = decisions.filter(({ answer }) => answer === "allow" || answer === "ask");
  const last = decisions.at(-1);
  const bypass = (reason: BypassReason, decision = last): Pairing => ({ status: "bypass", reason, decision });
  if (last === undefined) return bypass("no_decision");
  const denied = decisions.find(({ answer }) => answer === "deny");
  if (denied !== undefined && (call_id !== "" || allowed.length === 0)) {
    // An agent may tell of a call that it did not run because it was denied as one that failed.
    return stage === "failed" ? { status: "refused" } : bypass("denied", denied);
  }
  const decision = allowed.find((one) => one.input_digest === input_digest);
  if (decision === undefined) return bypass("other_arguments");
  return ran.length >= allowed.length ? bypass("ran_again") : { status: "paired", decision };
}
