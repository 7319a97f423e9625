// Rules of members whose formats are published as JSON Schemas: patterns, least values, fixed values. Absent and null are refused.
import { given, integer, refined, type Shape, truth } from "./shape.ts";

/** Text that a pattern finds; `wanted` says in words what that is. */
export const matching = (shape: Shape<string>, pattern: RegExp, wanted: string): Shape<string> =>
  refined(shape, { pattern: pattern.source }, (text) => pattern.test(text), `must be ${wanted}`);

/** Text of at least one character. */
export const notEmptyText = (shape: Shape<string>): Shape<string> =>
  refined(shape, { minLength: 1 }, (text) => text !== "", "must not be empty");

/** A list of at least one item. */
export const notEmptyList = <T>(shape: Shape<readonly T[]>): Shape<readonly T[]> =>
  refined(shape, { minItems: 1 }, (items) => items.length > 0, "must not be empty");

/** A whole number from `least` on. */
export const atLeast = (least: number, doc: string): Shape<number> =>
  refined(integer(doc), { minimum: least }, (value) => value >= least, `must be a whole number from ${least} on`);

/** True or false, whichever is the only value. */
export const fixed = (only: boolean, doc: string): Shape<boolean> =>
  refined(truth(doc), { const: only }, (value) => value === only, `must be ${only}`);

/** True or false, given. */
export const flag = (doc: string): Shape<boolean> => given(truth(doc));
