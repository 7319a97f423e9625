// What a run did, as two sequences (spec 06, section 4.3): the tools of its calls, and the verdicts of its results.
import { trim } from "../base/text.ts";
import type { RunRecords } from "../schema/runpack.ts";
import { type SequenceVerdict, verdictOfResult } from "./words.ts";

/** The tools in the order of their calls; calls without one are left out. */
export const toolSequence = ({ intents }: Pick<RunRecords, "intents">): readonly string[] =>
  intents.map(({ tool_name }) => trim(tool_name)).filter((tool) => tool !== "");

/** The verdicts in the order of the results. */
export const verdictSequence = ({ results }: Pick<RunRecords, "results">): readonly SequenceVerdict[] =>
  results.map(verdictOfResult);

/** What stands at an end that is missing. */
export const MISSING = "<missing>";

/** Where two sequences differ first, and what stands there. */
export type Mismatch = { readonly index: number; readonly expected: string; readonly actual: string };

/** The first difference of two sequences; undefined where there is none. */
export function firstMismatch(expected: readonly string[], actual: readonly string[]): Mismatch | undefined {
  const longest = Math.max(expected.length, actual.length);
  for (let index = 0; index < longest; index++) {
    if (expected[index] === actual[index]) continue;
    return { index, expected: expected[index] ?? MISSING, actual: actual[index] ?? MISSING };
  }
  return undefined;
}
