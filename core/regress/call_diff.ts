// Two values, such as one call as it was recorded and as it was made now, told as a diff: for people, so it is cut where it gets long.
import { isEqual } from "../base/json_diff.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import type { Intent, ResultRecord, RunRecords } from "../schema/runpack.ts";

const WIDEST = 110;
const MOST_LINES = 60;

/** Members of the outer levels are shown also where they are equal, so that it can be seen which call it is. */
const SHOWN_DEPTH = 2;

const cut = (line: string): string => line.length <= WIDEST ? line : `${line.slice(0, WIDEST - 3)}...`;

/** Lines that begin with `-` (on the left alone), `+` (on the right alone) or a blank (on both). */
export function valueDiff(left: Json | undefined, right: Json | undefined): readonly string[] {
  const lines: string[] = [];
  const say = (sign: string, depth: number, name: string, value: Json | undefined): void => {
    const text = value === undefined ? "" : ` ${JSON.stringify(value)}`;
    lines.push(cut(`${sign} ${"  ".repeat(depth)}${name}:${text}`));
  };
  const walk = (name: string, a: Json | undefined, b: Json | undefined, depth: number): void => {
    if (isEqual(a, b)) {
      if (depth < SHOWN_DEPTH && a !== undefined) say(" ", depth, name, a);
      return;
    }
    const steps = stepsOf(a, b);
    if (steps === undefined) {
      if (a !== undefined) say("-", depth, name, a);
      if (b !== undefined) say("+", depth, name, b);
      return;
    }
    say(" ", depth, name, undefined);
    for (const [step, inA, inB] of steps) walk(step, inA, inB, depth + 1);
  };
  for (const [step, inA, inB] of stepsOf(left ?? {}, right ?? {}) ?? [["value", left, right] as const]) walk(step, inA, inB, 0);
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `  ... and ${lines.length - MOST_LINES} more lines`];
}

type Step = readonly [name: string, left: Json | undefined, right: Json | undefined];

// What two values hold, side by side; undefined where they are not of one kind.
function stepsOf(a: Json | undefined, b: Json | undefined): readonly Step[] | undefined {
  if (isJsonList(a) && isJsonList(b)) {
    const [longer] = a.length > b.length ? [a] : [b];
    return longer.map((_, i): Step => [`[${i}]`, a[i], b[i]]);
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return undefined;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const own = (value: JsonObject, name: string): Json | undefined => Object.hasOwn(value, name) ? value[name] : undefined;
  return names.map((name): Step => [name, own(a, name), own(b, name)]);
}

/** A call and what came of it, without what names the run. */
const callValue = (intent: Intent | undefined, result: ResultRecord | undefined): JsonObject => ({
  ...(intent === undefined ? {} : { tool_name: intent.tool_name }),
  ...(intent?.args === undefined ? {} : { args: intent.args }),
  ...(intent === undefined ? {} : { args_digest: intent.args_digest }),
  ...(result === undefined ? {} : {
    result: {
      status: result.status,
      ...(result.result === undefined ? {} : { result: result.result }),
      result_digest: result.result_digest,
    },
  }),
});

// Of several records of one id the last counts, as in every comparison of runs.
const lastOf = <T extends { readonly intent_id: string }>(records: readonly T[], id: string): T | undefined =>
  records.findLast(({ intent_id }) => intent_id === id);

type Called = Pick<RunRecords, "intents" | "results">;

/** The call of an id on the left and the call of an id on the right. */
export const callDiff = (left: Called, leftId: string, right: Called, rightId: string): readonly string[] =>
  valueDiff(
    callValue(lastOf(left.intents, leftId), lastOf(left.results, leftId)),
    callValue(lastOf(right.intents, rightId), lastOf(right.results, rightId)),
  );
