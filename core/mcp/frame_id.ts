// What a request is called, also where the rest of its frame cannot be read without doubt: whoever sent it waits for an answer.
import { fromUtf8 } from "../base/bytes.ts";
import { childrenAt } from "../base/json_locate.ts";
import { skipBlank } from "../base/json_scan.ts";
import type { Json } from "../base/json_value.ts";

/** What a request is called by its sender. */
export type FrameId = string | number;

/** Whether a member is an id. */
export const isId = (id: Json | undefined): id is FrameId =>
  typeof id === "string" || typeof id === "number" && Number.isSafeInteger(id);

/** The id of a request that was refused: one object of good syntax, in which it is there once and is text or a number to everybody. */
export function sureId(frame: Uint8Array): FrameId | undefined {
  const text = fromUtf8(frame);
  try {
    JSON.parse(text);
  } catch {
    return undefined; // bad syntax, or more depth than the engine takes
  }
  const at = skipBlank(text, 0);
  const members = text[at] === "{" ? childrenAt(text, at) : [];
  const [id, ...others] = members.filter(({ name }) => name === "id");
  const named = (name: string): boolean => members.some((member) => member.name === name);
  if (id === undefined || others.length > 0 || !named("method") || named("result") || named("error")) return undefined;
  const value: Json = JSON.parse(text.slice(id.from, id.to));
  return isId(value) && isSure(value) ? value : undefined;
}

/** Whether an id or a name is what its sender said: what is no text, or half a character, has become U+FFFD. */
export const isSure = (id: FrameId): boolean => typeof id === "number" || id.isWellFormed() && !id.includes("\ufffd");
