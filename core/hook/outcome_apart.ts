// What an agent says of a call that ran, where what the tool gave is no JSON that all read alike: the rest is read without it. A tool
// prints what it likes, half a character among it, and must not be able to keep its own call out of the records by that.
import { fromUtf8, utf8 } from "../base/bytes.ts";
import { childrenAt, type JsonChild } from "../base/json_locate.ts";
import { skipBlank } from "../base/json_scan.ts";
import type { JsonObject } from "../base/json_value.ts";
import { OUTCOMES } from "./event.ts";

/** An event without what the tool gave, and that: by member, its text as it came. */
export type Apart = { readonly rest: Uint8Array; readonly outcome: JsonObject };

const NAMES: readonly string[] = OUTCOMES;

/** Takes what the tool gave out of an event; undefined where there is nothing of it. The rest is as good or bad as it was. */
export function outcomeApart(event: Uint8Array): Apart | undefined {
  const text = fromUtf8(event);
  const at = skipBlank(text, 0);
  const given = membersAt(text, at).filter(({ name }) => NAMES.includes(name));
  if (given.length === 0) return undefined;
  let rest = "";
  let behind = 0;
  for (const { from, to } of given) {
    rest += `${text.slice(behind, from)}null`;
    behind = to;
  }
  const outcome = Object.fromEntries(given.map(({ name, from, to }) => [name, text.slice(from, to)]));
  return { rest: utf8(rest + text.slice(behind)), outcome };
}

// Nothing was read before: a name may be no text of JSON.
function membersAt(text: string, at: number): readonly JsonChild[] {
  try {
    return text[at] === "{" ? childrenAt(text, at) : [];
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return [];
    throw thrown;
  }
}
