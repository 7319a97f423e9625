// What a call brings along where it follows an answer `input_required`: taken out of its frame, or put in, with all other bytes as they
// came. Reading and writing the frame anew would spell numbers in another way.
import { fromUtf8, utf8 } from "../base/bytes.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { childrenAt } from "../base/json_locate.ts";
import { skipBlank } from "../base/json_scan.ts";

const MEMBERS = ["inputResponses", "requestState"];

// Frames were read strictly before: each member is there once.
const paramsOf = (text: string) => childrenAt(text, skipBlank(text, 0)).find(({ name }) => name === "params");

/** The members of a call's params that follow an answer `input_required`, as text; empty where it has none. */
export function inputOf(frame: Uint8Array): string {
  const text = fromUtf8(frame);
  const params = paramsOf(text);
  const members = params === undefined ? [] : childrenAt(text, params.from).filter(({ name }) => MEMBERS.includes(name));
  return members.map(({ start, to }) => text.slice(start, to)).join(",");
}

/**
 * The digest of all else that a call's params hold, as it is spelled: an intent has texts without the blanks around them and numbers as a
 * double has them, and the server may tell them apart. What a client makes anew each time that it asks (`_meta`) is not in it.
 */
export function paramsDigest(crypto: Crypto, frame: Uint8Array): string {
  const text = fromUtf8(frame);
  const params = paramsOf(text);
  const members = params === undefined ? [] : childrenAt(text, params.from).filter(({ name }) => !FRESH.includes(name));
  return digestOf(crypto, Object.fromEntries(members.map(({ name, from, to }) => [name, text.slice(from, to)])));
}

const FRESH = [...MEMBERS, "_meta"];

/** The frame of a call with `input` in place of those members; empty is none. */
export function withInput(frame: Uint8Array, input: string): Uint8Array<ArrayBuffer> {
  let text = fromUtf8(frame);
  const params = paramsOf(text);
  if (params === undefined) return utf8(text);
  const members = childrenAt(text, params.from);
  let next: number | undefined; // where the member behind starts that stays
  for (const [i, { name, start, to }] of [...members.entries()].toReversed()) {
    if (!MEMBERS.includes(name)) next = start;
    else if (next !== undefined) {
      text = text.slice(0, start) + text.slice(next);
      next = start;
    } else text = text.slice(0, members[i - 1]?.to ?? start) + text.slice(to);
  }
  if (input === "") return utf8(text);
  const open = params.from + 1;
  return utf8(`${text.slice(0, open)}${input}${next === undefined ? "" : ","}${text.slice(open)}`);
}
