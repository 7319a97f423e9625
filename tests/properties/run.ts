// Runs a fast-check property under the project's conventions: the seed is printed, the number of runs is set from outside.
import fc from "fast-check";

/** How many runs each property makes: 50 in the daily gate, more where GAIT_RUNS says so. */
export const RUNS = Number(Deno.env.get("GAIT_RUNS") ?? "50");

const SEED = Number(Deno.env.get("GAIT_SEED") ?? Math.floor(Math.random() * 2 ** 31));

/** Registers a test that checks `predicate` on values of `arbitrary`. */
export function property<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  predicate: (value: T) => void | boolean | Promise<void | boolean>,
): void {
  Deno.test(`property: ${name}`, async () => {
    console.log(`property: ${name}: ${RUNS} runs, seed ${SEED}`);
    await fc.assert(fc.asyncProperty(arbitrary, async (value) => await predicate(value)), { numRuns: RUNS, seed: SEED });
  });
}
