// What a request says of its targets and arguments, in the request's own order, so that a change of one of them can be named by a
// pointer: the intent made of it has them in another order, without repeats.
import type { Json } from "../base/json.ts";
import { valueAt } from "../base/pointer.ts";
import { lower, trim } from "../base/text.ts";
import { discoveryMethod } from "./intent_targets.ts";

const MOST_TOUCHED = 64;

/** What a request says of one target. */
export type TouchedTarget = {
  /** Pointer of the target. */
  readonly at: string;
  readonly kind: string;
  readonly value: string;
  readonly sensitivity: string;
  readonly discovery_method: string;
  /** Whether it says its endpoint class, so that its operation does not count for it. */
  readonly classed: boolean;
};

/** What a request says of one call, or of one step of its script. */
export type Touched = {
  /** Pointer of the step; empty for a call. */
  readonly at: string;
  readonly targets: readonly TouchedTarget[];
  /** Pointers of what it says of its arguments. */
  readonly provenance: readonly string[];
  /** There are more targets or arguments than are tried. */
  readonly more: boolean;
};

const listAt = (request: Json, pointer: string): readonly unknown[] => {
  const list = valueAt(request, pointer);
  return Array.isArray(list) ? list : [];
};

const textAt = (request: Json, pointer: string): string => {
  const text = valueAt(request, pointer);
  return typeof text === "string" ? trim(text) : "";
};

const targetAt = (request: Json, at: string): TouchedTarget => ({
  at,
  kind: lower(textAt(request, `${at}/kind`)),
  value: textAt(request, `${at}/value`),
  sensitivity: lower(textAt(request, `${at}/sensitivity`)),
  discovery_method: discoveryMethod(lower(textAt(request, `${at}/discovery_method`))),
  classed: textAt(request, `${at}/endpoint_class`) !== "",
});

/** What a request says at a pointer: of the call, where it is empty, or of a step. */
export const touchedAt = (request: Json, at: string): Touched => {
  const targets = listAt(request, `${at}/targets`);
  const sources = listAt(request, `${at}/arg_provenance`);
  return {
    at,
    targets: targets.slice(0, MOST_TOUCHED).map((_, i) => targetAt(request, `${at}/targets/${i}`)),
    provenance: sources.slice(0, MOST_TOUCHED).map((_, i) => `${at}/arg_provenance/${i}`),
    more: Math.max(targets.length, sources.length) > MOST_TOUCHED,
  };
};
