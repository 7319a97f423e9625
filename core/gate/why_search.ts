// The smallest change of a call that changes its verdict, found by trying: each candidate is really evaluated, single changes
// first, then pairs, up to a bound.
import type { Crypto } from "../base/host.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { Result } from "../base/result.ts";
import { VERDICTS } from "../schema/trace.ts";
import type { CompiledPolicy } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import type { Conditions, Intent, Verdict } from "./types.ts";
import { edited, type RequestEdit, valueAt } from "./why_edit.ts";

/** A request as a caller gave it, and how a request becomes the intent that is decided. */
export type AskedCall = { readonly request: JsonObject; readonly prepare: (request: Json) => Result<Intent> };

/** Changes that, made one after the other, give another verdict. `from` is what stood there when the change is made. */
export type CallChange = {
  readonly verdict: Verdict;
  readonly edits: readonly (RequestEdit & { readonly from: Json | undefined })[];
};

/** What was found, after how many evaluations, and whether there was more to try. */
export type SearchResult = { readonly change: CallChange | undefined; readonly tried: number; readonly bounded: boolean };

const MOST_SINGLE = 400;
const MOST_TRIED = 2000;

const strength = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

/**
 * The smallest change among `edits` that gives another verdict than `verdict`. Of several as small, the one that leads to the
 * weakest verdict, and of those the first; a stronger verdict counts only where nothing leads to a weaker one.
 */
export function smallestChange(
  crypto: Crypto,
  compiled: CompiledPolicy,
  asked: AskedCall,
  conditions: Conditions,
  verdict: Verdict,
  edits: readonly RequestEdit[],
): SearchResult {
  let tried = 0;
  const weakerThan = (best: CallChange | undefined, found: CallChange): boolean =>
    best === undefined || strength(found.verdict) < strength(best.verdict);
  const attempt = (made: readonly RequestEdit[]): CallChange | undefined => {
    tried++;
    const intent = asked.prepare(edited(asked.request, made));
    if (!intent.ok) return undefined;
    const after = evaluate(crypto, compiled, intent.value, conditions).verdict;
    if (after === verdict) return undefined;
    let request: Json = asked.request;
    const told = made.map((edit) => {
      const from = valueAt(request, edit.pointer);
      request = edited(request, [edit]);
      return { ...edit, from };
    });
    return { verdict: after, edits: told };
  };
  const singles = edits.slice(0, MOST_SINGLE);
  let best: CallChange | undefined;
  for (const edit of singles) {
    const found = attempt([edit]);
    if (found !== undefined && weakerThan(best, found)) best = found;
  }
  const isWeaker = (change: CallChange | undefined) => change !== undefined && strength(change.verdict) < strength(verdict);
  if (isWeaker(best) || verdict === "allow" && best !== undefined) {
    return { change: best, tried, bounded: edits.length > MOST_SINGLE };
  }
  for (const [i, first] of singles.entries()) {
    for (const second of singles.slice(i + 1)) {
      if (tried >= MOST_TRIED) return { change: best, tried, bounded: true };
      if (second.pointer === first.pointer && !first.pointer.endsWith("/-")) continue;
      const found = attempt([first, second]);
      if (found === undefined) continue;
      if (isWeaker(found) || best === undefined) best = found;
      if (isWeaker(best)) return { change: best, tried, bounded: true };
    }
  }
  return { change: best, tried, bounded: edits.length > MOST_SINGLE };
}
