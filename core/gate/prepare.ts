// Preparing an intent for its decision (spec 02, sections 5.1 step 2, 6.4, 6.11): what a caller claims of the context is no evidence,
// so it gives way to an envelope, or to nothing; and what an inventory knows of the tool is put beside it.
import { cleanPath } from "../base/paths.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { trimmedSet } from "../base/text.ts";
import type { IntentContext } from "../schema/intent.ts";
import { enriched, without, withoutInventory } from "./inventory.ts";
import type { Intent, Inventory } from "./types.ts";

/** What a verified context envelope says at the time of a decision. */
export type BoundContext = {
  readonly context_set_digest: string;
  readonly context_evidence_mode: "best_effort" | "required";
  /** Ids of the pieces of context: sorted, each once. */
  readonly context_refs: readonly string[];
  /** Age of the oldest piece in whole seconds; 0 for one of the future. */
  readonly context_age_seconds: number;
};

/** What is known beside the intent. */
export type Evidence = {
  readonly envelope?: BoundContext | undefined;
  /** `source` is the path of the inventory as it was given. */
  readonly inventory?: { readonly items: Inventory; readonly source: string } | undefined;
  /** Whether what a caller claims of an inventory counts where none knows the tool (section 11); it does unless told. */
  readonly inventoryClaims?: "count" | "drop" | undefined;
};

/** An intent as it is decided, and where its context comes from; empty when nothing was added to it. */
export type Prepared = { readonly intent: Intent; readonly context_source: string };

const AGE = "context_age_seconds";
const ENVELOPE = "context_envelope";

/** The intent as it is decided. Fault `context_invalid` when it claims another context than the envelope has. */
export function prepareIntent(intent: Intent, given: Evidence): Result<Prepared> {
  const { envelope, inventory } = given;
  const bound = envelope === undefined ? ok(unclaimed(intent.context)) : bind(intent.context, envelope);
  if (!bound.ok) return bound;
  const sources = envelope === undefined ? [] : [ENVELOPE];
  const item = intent.script === undefined ? inventory?.items.get(intent.tool_name) : undefined;
  if (inventory !== undefined && (item !== undefined || knowsStep(intent, inventory.items))) {
    sources.push(cleanPath(inventory.source));
  }
  let context = bound.value;
  const claimed = context.auth_context;
  const left = given.inventoryClaims === "drop" ? withoutInventory(claimed) : claimed;
  const auth_context = item === undefined ? left : enriched(left, item);
  if (auth_context !== claimed) context = { ...context, auth_context };
  return ok({
    intent: context === intent.context ? intent : { ...intent, context },
    context_source: trimmedSet(sources).join(","),
  });
}

// The steps of a script are looked up when they are decided: here it only matters whether one will be found.
const knowsStep = ({ script }: Intent, items: Inventory): boolean =>
  script?.steps.some((step) => items.has(step.tool_name)) ?? false;

const unclaimed = (context: IntentContext): IntentContext => {
  const auth_context = without(context.auth_context, [AGE]);
  const { context_set_digest, context_evidence_mode, context_refs } = context;
  const claims = context_set_digest !== "" || context_evidence_mode !== "" || context_refs.length > 0 ||
    auth_context !== context.auth_context;
  return claims ? { ...context, context_set_digest: "", context_evidence_mode: "", context_refs: [], auth_context } : context;
};

const bind = (context: IntentContext, envelope: BoundContext): Result<IntentContext> => {
  for (const name of ["context_set_digest", "context_evidence_mode"] as const) {
    if (context[name] === "" || context[name] === envelope[name]) continue;
    const words = `it claims ${name} ${context[name]}, the envelope has ${envelope[name]}`;
    return fail("context_invalid", `Cannot bind the intent to the context envelope: ${words}`, { pointer: `/context/${name}` });
  }
  const { context_age_seconds, ...evidence } = envelope;
  return ok({ ...context, ...evidence, auth_context: { ...context.auth_context, [AGE]: context_age_seconds } });
};
