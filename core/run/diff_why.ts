// Why two runs part at their first divergent step, in words that are few: what differs there, and what came before it and leads to it.
import { trimmedSet } from "../base/text.ts";
import type { Run } from "../schema/runpack.ts";
import type { Divergence } from "./compare.ts";
import { type Cause, CAUSES } from "./diff_report.ts";

/** The policies that governed a run, as its timeline names them. */
export const policiesOf = ({ timeline }: Run): readonly string[] =>
  trimmedSet((timeline ?? []).map(({ relationship }) => relationship?.policy_ref?.policy_digest ?? ""));

/** The two records of the step that differ, each if it does; whether the policies of both runs do, and their context. */
export type Parting = {
  readonly intent: Divergence | undefined;
  readonly result: Divergence | undefined;
  readonly policies: boolean;
  readonly context: boolean;
};

// What a decision of the gate leaves in a result.
const DECIDED = /^\/result\/(?:matched_rule|policy_digest|reason_codes|verdict|violations)(?:\/|$)/;

const isOneSided = (divergence: Divergence | undefined): boolean =>
  divergence !== undefined && (divergence.left === undefined) !== (divergence.right === undefined);

/** All reasons, in their order. */
export function whyOf({ intent, result, policies, context }: Parting): readonly Cause[] {
  const [called, answered] = [intent?.pointers ?? [], result?.pointers ?? []];
  const below = (pointers: readonly string[], name: string): boolean =>
    pointers.some((pointer) => pointer === name || pointer.startsWith(`${name}/`));
  // A digest says something only where what it is of does not.
  const payload = answered.filter((pointer) => /^\/result(?:\/|$)/.test(pointer));
  const results = payload.length === 0 ? below(answered, "/result_digest") : payload.some((pointer) => !DECIDED.test(pointer));
  const holds: Readonly<Record<Cause, boolean>> = {
    policy: policies || answered.some((pointer) => DECIDED.test(pointer)),
    context,
    call: isOneSided(intent),
    tool: below(called, "/tool_name"),
    arguments: below(called, "/args") || below(called, "/args_digest"),
    missing_result: isOneSided(result) && !isOneSided(intent),
    status: below(answered, "/status"),
    result_shape: result?.reshaped === true,
    result: results && result?.reshaped !== true,
  };
  return CAUSES.filter((why) => holds[why]);
}
