// Rules of a document that its shape does not say, as data: the first that does not hold is told.
import type { Misfit } from "../base/shape.ts";
import { isHex64, lower, trim } from "../base/text.ts";
import { isZeroTime } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";

/** What must hold of the member at a pointer, and in words what is wanted there. */
export type Rule = readonly [pointer: string, holds: boolean, wanted: string];

/** The first rule that does not hold. */
export function firstBroken(rules: readonly Rule[]): Misfit | undefined {
  const broken = rules.find(([, holds]) => !holds);
  return broken === undefined ? undefined : { pointer: broken[0], wanted: broken[2] };
}

/** A member that must say something. */
export const notBlank = (pointer: string, value: string): Rule => [pointer, trim(value) !== "", "must not be blank"];

/** A digest, in either case. */
export const isDigest = (pointer: string, value: string): Rule => [
  pointer,
  isHex64(lower(value)),
  "must be 64 hexadecimal digits",
];

/** A digest, in either case, or nothing. */
export const digestOrNone = (pointer: string, value: string): Rule =>
  trim(value) === "" ? [pointer, true, ""] : isDigest(pointer, value);

/** A time that is given. */
export const isTime = (pointer: string, value: string): Rule => [pointer, !isZeroTime(value), "must be a time, and is missing"];

/** One of some words. */
export const isWord = (pointer: string, value: string, words: readonly string[]): Rule => [
  pointer,
  words.includes(value),
  `must be one of ${words.join(", ")}`,
];

/** What heads every payload. */
export const hasHead = (
  head: { readonly schema_id: string; readonly schema_version: string; readonly created_at: string },
  id: string,
): readonly Rule[] => [
  ["/schema_id", head.schema_id === id, `must be "${id}"`],
  ["/schema_version", head.schema_version === VERSION_1, `must be "${VERSION_1}"`],
  isTime("/created_at", head.created_at),
];
