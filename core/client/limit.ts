// Time limits of what is waited for. The timers are the caller's: the core has no clock.
import { fail, type Fault, ok, type Result } from "../base/result.ts";

/** Timers as every platform has them; `S` is what tells the work to end, `T` is what names a timer. */
export type Timers<S, T> = {
  readonly AbortController: new () => { readonly signal: S; abort(): void };
  readonly setTimeout: (work: () => void, milliseconds: number) => T;
  readonly clearTimeout: (timer: T) => void;
};

/** How long a gate may take, unless told. */
export const DEFAULT_LIMIT_MS = 30_000;

/**
 * Does work that has so long and no longer, whether or not it looks at the signal that it is handed. Faults: `gate_timed_out`;
 * `gate_unavailable` for work that throws; `who` is what is waited for.
 */
export async function within<S, T, V>(
  { AbortController, setTimeout, clearTimeout }: Timers<S, T>, // apart from their object: browsers refuse them as its methods
  limit_ms: number,
  who: string,
  work: (signal: S) => Promise<Result<V>>,
): Promise<Result<V>> {
  const controller = new AbortController();
  let end = () => {};
  const late = new Promise<Result<V>>((resolve) => {
    end = () => resolve(fail("gate_timed_out", `Cannot have the call decided: ${who} gave no answer within ${limit_ms} ms`));
  });
  const timer = setTimeout(() => {
    end(); // first: work that is told to end may say something else
    controller.abort();
  }, limit_ms);
  try {
    return await Promise.race([late, work(controller.signal)]);
  } catch (error) {
    return fail("gate_unavailable", `Cannot have the call decided: ${who} cannot be reached: ${wordsOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What was thrown, in words. */
export const wordsOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Work of the caller's as a value: what it throws is a fault that `told` words. */
export async function attempt<T>(work: () => Promise<T>, told: (words: string) => Fault): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return { ok: false, fault: told(wordsOf(error)) };
  }
}
