// Why two runs part at their first divergent step, in words that are few: what differs there, and what came before it and leads to it.
import { trimmedSet } from "../base/text.ts";
import { TOOL_DEFINITION } from "../schema/relationship.ts";
import type { Run } from "../schema/runpack.ts";
import type { Divergence } from "./compare.ts";
import { type Cause, CAUSES } from "./diff_report.ts";

/** The policies that governed a run, as its timeline names them: by a reference or, in sessions, as one of the things that take part. */
export const policiesOf = ({ timeline }: Run): readonly string[] =>
  trimmedSet((timeline ?? []).flatMap(({ relationship }) => [
    relationship?.policy_ref?.policy_digest ?? "",
    ...(relationship?.entity_refs ?? []).filter(({ kind }) => kind === "policy").map(({ id }) => id),
  ]));

/** Tools as their server had declared them when a call was made, or at the end of a run without it; what the timeline tells holds until it tells otherwise. */
function declaredAt({ timeline }: Run, intent_id: string): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  for (const { ref, relationship } of timeline ?? []) {
    const entities = relationship?.entity_refs ?? [];
    const tool = entities.find(({ kind }) => kind === "tool")?.id;
    const definition = entities.find(({ kind, id }) => kind === "evidence" && id.startsWith(TOOL_DEFINITION))?.id;
    if (tool !== undefined && definition !== undefined) declared.set(tool, definition);
    else if (tool !== undefined) declared.delete(tool);
    if (ref === intent_id) break;
  }
  return declared;
}

/** Whether a tool that is called at a step was declared otherwise in the two runs. One that was not declared is not declared otherwise. */
export function isRedefined(left: Run, right: Run, intent_id: string, tools: readonly string[]): boolean {
  const [a, b] = [declaredAt(left, intent_id), declaredAt(right, intent_id)];
  return tools.some((tool) => a.has(tool) && b.has(tool) && a.get(tool) !== b.get(tool));
}

/** The two records of the step that differ, each if it does; whether the policies of both runs do, their context, and its tool. */
export type Parting = {
  readonly intent: Divergence | undefined;
  readonly result: Divergence | undefined;
  readonly policies: boolean;
  readonly context: boolean;
  readonly definition: boolean;
};

// What a decision of the gate leaves in a result.
const DECIDED = /^\/result\/(?:matched_rule|policy_digest|reason_codes|verdict|violations)(?:\/|$)/;

const isOneSided = (divergence: Divergence | undefined): boolean =>
  divergence !== undefined && (divergence.left === undefined) !== (divergence.right === undefined);

/** All reasons, in their order. */
export function whyOf({ intent, result, policies, context, definition }: Parting): readonly Cause[] {
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
    tool_definition: definition,
    arguments: below(called, "/args") || below(called, "/args_digest"),
    missing_result: isOneSided(result) && !isOneSided(intent),
    status: below(answered, "/status"),
    result_shape: result?.reshaped === true,
    result: results && result?.reshaped !== true,
  };
  return CAUSES.filter((why) => holds[why]);
}
