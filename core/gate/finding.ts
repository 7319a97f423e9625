// What a constraint of a rule says when a call does not meet it.
import { trimmedSet } from "../base/text.ts";
import type { Raising } from "./types.ts";

/** A constraint that was not met: the verdict is at least this one, and these codes say why. Both lists are sets in byte order. */
export type Finding = {
  readonly at_least: Raising | "dry_run";
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
};

/** A reason code and its violation. */
export type Flaw = readonly [reason_code: string, violation: string];

/** A block for these flaws; undefined when there are none. */
export const blockedFor = (flaws: readonly Flaw[]): Finding | undefined =>
  flaws.length === 0 ? undefined : {
    at_least: "block",
    reason_codes: trimmedSet(flaws.map(([code]) => code)),
    violations: trimmedSet(flaws.map(([, violation]) => violation)),
  };

/** A block for these codes, which are reasons and violations alike; undefined when there are none. */
export const blockedBy = (codes: readonly string[]): Finding | undefined => blockedFor(codes.map((code) => [code, code]));
