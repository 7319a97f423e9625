// The smallest change of a call that changes its verdict, found by trying: each candidate is really evaluated, single changes
// first, then pairs, up to bounds on how many and on the work that they are.
import { valueAt } from "../base/pointer.ts";
import { isJsonObject } from "../base/json_value.ts";
import type { Crypto } from "../base/host.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { Result } from "../base/result.ts";
import { VERDICTS } from "../schema/trace.ts";
import type { CompiledPolicy } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import type { Conditions, Intent, Verdict } from "./types.ts";
import { edited, type RequestEdit } from "./why_edit.ts";
import type { Levers } from "./why_levers.ts";

/** A request as a caller gave it, and how a request becomes the intent that is decided. */
export type AskedCall = { readonly request: JsonObject; readonly prepare: (request: Json) => Result<Intent> };

/** Changes that, made one after the other, give another verdict. `from` is what stood there when the change is made. */
export type CallChange = {
  readonly verdict: Verdict;
  readonly edits: readonly (RequestEdit & { readonly from: Json | undefined })[];
};

/** What was found, after how many evaluations, and whether a bound was reached, so that there is more to try. */
export type SearchResult = { readonly change: CallChange | undefined; readonly tried: number; readonly bounded: boolean };

const MOST_SINGLE = 400;
const MOST_TRIED = 2000;
// In characters of the request read and pairs of a target and a rule looked at, over all evaluations.
const MOST_WORK = 12_000_000;

const [WEAKEST] = VERDICTS;

const strength = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

/** What one evaluation costs: a request is read whole, and each target may meet each rule. */
const workOf = ({ request }: AskedCall, { rules }: CompiledPolicy, { targets, script }: Intent): number => {
  const touched = (script?.steps ?? []).reduce((sum, step) => sum + step.targets.length, targets.length);
  return JSON.stringify(request).length + (touched + 1) * (rules.length + 1);
};

// A change of one target or argument among others: there may be many, so the others are tried before.
const isOfOne = ({ pointer }: RequestEdit): boolean => /\/(?:targets|arg_provenance)\/\d+(?:\/|$)/.test(pointer);

const isAdded = ({ pointer }: RequestEdit): boolean => pointer.endsWith("/-");

// Of several changes as small, the one that leads to the weakest verdict.
const isBetter = (change: CallChange, than: CallChange | undefined): boolean =>
  than === undefined || strength(change.verdict) < strength(than.verdict);

/**
 * The smallest change among the levers that gives another verdict than `verdict`. Of several as small, the one that leads to the
 * weakest verdict, and of those the first; a stronger verdict counts only where nothing leads to a weaker one.
 */
export function smallestChange(
  crypto: Crypto,
  compiled: CompiledPolicy,
  asked: AskedCall,
  intent: Intent,
  conditions: Conditions,
  verdict: Verdict,
  { edits, cut }: Levers,
): SearchResult {
  const most = Math.min(MOST_TRIED, Math.floor(MOST_WORK / workOf(asked, compiled, intent)));
  let tried = 0;
  const attempt = (made: readonly RequestEdit[], request: Json): CallChange | undefined => {
    tried++;
    const intent = asked.prepare(request);
    if (!intent.ok) return undefined;
    const after = evaluate(crypto, compiled, intent.value, conditions).verdict;
    if (after === verdict) return undefined;
    let before: Json = asked.request;
    const told = made.map((edit) => {
      const from = valueAt(before, edit.pointer);
      before = edited(before, [edit]);
      return { ...edit, from };
    });
    return { verdict: after, edits: told };
  };
  const inOrder = [...edits.filter((edit) => !isOfOne(edit)), ...edits.filter(isOfOne)];
  const singles = inOrder.slice(0, Math.min(MOST_SINGLE, most)).map((edit) => ({
    edit,
    request: edited(asked.request, [edit]),
  }));
  // Where one member is enough, the object that it is in is not told.
  const isWhole = ({ pointer, to }: RequestEdit): boolean => isJsonObject(to) && valueAt(asked.request, pointer) !== undefined;
  const places = new Map(edits.map((edit, place) => [edit, isWhole(edit) ? edits.length + place : place]));
  let best: { readonly change: CallChange; readonly place: number } | undefined;
  for (const { edit, request } of singles) {
    const change = attempt([edit], request);
    if (change === undefined) continue;
    const place = places.get(edit) ?? 0;
    const isBefore = change.verdict === best?.change.verdict && place < best.place;
    if (isBefore || isBetter(change, best?.change)) best = { change, place };
  }
  const left = cut || edits.length > singles.length;
  const single = best?.change;
  const isWeaker = (change: CallChange) => strength(change.verdict) < strength(verdict);
  if (single !== undefined && (isWeaker(single) || verdict === "allow")) return { change: single, tried, bounded: left };
  let pair: CallChange | undefined;
  const found = (bounded: boolean): SearchResult => ({
    change: pair !== undefined && isWeaker(pair) ? pair : single ?? pair,
    tried,
    bounded,
  });
  // Those that matter most are paired with each other first; a call that touches more than it did is the last that is meant.
  const pairing = [...singles.filter(({ edit }) => !isAdded(edit)), ...singles.filter(({ edit }) => isAdded(edit))];
  for (const [reach, { edit: second }] of pairing.entries()) {
    for (const { edit: first, request } of pairing.slice(0, reach)) {
      if (second.pointer === first.pointer && !isAdded(first)) continue;
      if (tried >= most) return found(true);
      const change = attempt([first, second], edited(request, [second]));
      if (change === undefined || !isBetter(change, pair)) continue;
      pair = change;
      if (pair.verdict === WEAKEST) return found(left);
    }
  }
  return found(left);
}
