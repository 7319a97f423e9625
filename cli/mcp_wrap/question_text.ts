// What the user of a client is asked: all of the call, so that nothing is approved that was not shown.
import { canonicalText } from "../../core/base/canonical.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { safeJson, safeLine } from "../../core/base/safe_text.ts";
import type { BoundaryDecision } from "../boundary.ts";

/** Most characters of a call that a question holds; whoever is to approve a longer one has to look at it elsewhere. */
const MOST = 16_384;

/**
 * The words of a question about a call with these arguments, as they will leave; undefined for a call that is too long to be shown whole.
 * Whatever the call holds is in lines of its own.
 */
export function questionText(
  { decided: { intent, final, digests, policy_digest } }: BoundaryDecision,
  given: JsonObject,
): string | undefined {
  const tool = safeJson(JSON.stringify(intent.tool_name));
  const args = safeJson(canonicalText(given));
  if (tool.length + args.length > MOST) return undefined;
  return [
    `The policy asks for an approval of this call of tool ${tool}.`,
    `why: ${final.reason_codes.map(safeLine).join(", ")}`,
    `arguments: ${args}`,
    `call: ${digests.intent_digest}`,
    `policy: ${policy_digest}`,
    "An approval lets exactly this call through, once.",
  ].join("\n");
}
