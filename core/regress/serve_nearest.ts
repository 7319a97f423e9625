// The recorded call that is nearest to one that was not recorded, and how the two differ.
import { differences } from "../base/json_diff.ts";
import type { Intent } from "../schema/runpack.ts";
import { callDiff } from "./call_diff.ts";
import type { MadeCall, RecordedCall, Recording } from "./serve_recording.ts";

/** Most calls that are looked at, and most members that are counted of each. */
const MOST_LOOKED_AT = 1000;
const MOST_COUNTED = 100;

/** The nearest: of the same tool if there is one, with the fewest members that differ, one that was not played before one that was. */
export function nearestCall(
  { calls }: Recording,
  { tool, args }: MadeCall,
  isPlayed: (call: RecordedCall) => boolean,
): RecordedCall | undefined {
  const ofTool = calls.filter(({ intent }) => intent.tool_name === tool);
  const all = ofTool.length === 0 ? calls : ofTool;
  const ordered = [...all.filter((call) => !isPlayed(call)), ...all.filter(isPlayed)].slice(0, MOST_LOOKED_AT);
  let nearest: { readonly call: RecordedCall; readonly apart: number } | undefined;
  for (const call of ordered) {
    const { pointers, more } = call.args === undefined ? { pointers: [], more: 0 } : differences(call.args, args, MOST_COUNTED);
    const apart = pointers.length + more;
    if (nearest === undefined || apart < nearest.apart) nearest = { call, apart };
  }
  return nearest?.call;
}

/** How a call differs from a recorded one; arguments are told only where the recording holds those of its own. */
export function madeDiff(
  { intent, args: known }: RecordedCall,
  { tool, args, args_digest }: MadeCall,
): readonly string[] {
  const made: Intent = { ...intent, tool_name: tool, args: known === undefined ? undefined : args, args_digest };
  const { intent_id } = intent;
  const recorded = { intents: [{ ...intent, args: known }], results: [] };
  return ["--- recorded", "+++ made", ...callDiff(recorded, intent_id, { intents: [made], results: [] }, intent_id)];
}
