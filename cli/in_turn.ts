// Work on many things, several at a time, whose answers stand in the order of the things.
import { ok, type Result } from "../core/base/result.ts";

/** Does the work on all, at most `width` at a time. The fault is that of the first thing that has one; later things are then left alone. */
export async function inTurn<T, R>(
  things: readonly T[],
  width: number,
  work: (thing: T) => Promise<Result<R>>,
): Promise<Result<readonly R[]>> {
  const answers: Result<R>[] = [];
  let next = 0;
  let failed = false;
  const one = async (): Promise<void> => {
    for (let at = next++; at < things.length && !failed; at = next++) {
      const thing = things[at];
      if (thing === undefined) throw new Error("a thing is missing");
      const answer = await work(thing);
      answers[at] = answer;
      failed ||= !answer.ok;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, things.length) }, one));
  const values: R[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    values.push(answer.value);
  }
  return ok(values);
}
