// When one match is known to imply another, and when no call can meet one: over the conditions that the evaluator itself asks. Every yes
// is certain, a no only says that it is not known; what lint claims of rules rests on that.
import { DISCOVERY_METHODS, ENDPOINT_CLASSES, PROVENANCE_SOURCES, TARGET_KINDS } from "../schema/gate_words.ts";
import type { Condition } from "./condition.ts";

/** Conditions with a list of texts. */
export type Listing = Extract<Condition, { readonly values: readonly string[] }>;

/** Whether a condition lists texts. */
export const isListing = (condition: Condition): condition is Listing => "values" in condition;

type Facet = Exclude<Condition["field"], "destination_kinds" | "destination_values">;

/** What of a call a condition is about: two fields of a match ask the same of targets. */
export const facetOf = ({ field }: Condition): Facet => {
  if (field === "destination_kinds") return "target_kinds";
  return field === "destination_values" ? "target_values" : field;
};

const TRUTHS = ["true", "false"] as const;

const KNOWN: Readonly<Partial<Record<Facet, readonly string[]>>> = {
  target_kinds: TARGET_KINDS,
  endpoint_classes: ENDPOINT_CLASSES,
  discovery_method: DISCOVERY_METHODS,
  provenance_sources: PROVENANCE_SOURCES,
  readOnlyHint: TRUTHS,
  destructiveHint: TRUTHS,
  idempotentHint: TRUTHS,
  openWorldHint: TRUTHS,
};

/** All texts that calls can have where the list is closed (a call with another one is refused); undefined where any will do. */
export const knownTexts = (condition: Condition): readonly string[] | undefined => KNOWN[facetOf(condition)];

/** Those of the listed texts that some call can have. */
export const possible = (condition: Listing): readonly string[] => {
  if (condition.op === "prefix") return condition.values.filter((prefix) => !prefix.includes("\\")); // workspaces hold "/" in its place
  const known = knownTexts(condition);
  return known === undefined ? condition.values : condition.values.filter((text) => known.includes(text));
};

/** Whether a list holds every text of a closed facet, so that it asks for one target or argument of any kind. */
export const isAny = (condition: Listing): boolean =>
  knownTexts(condition)?.every((text) => condition.values.includes(text)) ?? false;

function impliesOne(given: readonly Condition[], wanted: Condition): boolean {
  switch (wanted.op) {
    case "delegated":
      return given.some(({ op }) => op === "delegated" || op === "some_link" || op === "chain_depth");
    case "chain_depth":
      return given.some((condition) => condition.op === "chain_depth" && condition.most <= wanted.most);
    case "prefix":
      return given.some((condition) =>
        condition.op === "prefix" &&
        possible(condition).every((text) => wanted.values.some((prefix) => text.startsWith(prefix)))
      );
    case "in":
    case "some_target":
    case "some_argument":
    case "some_link": {
      const texts = new Set(wanted.values);
      const facet = facetOf(wanted);
      const any = isAny(wanted);
      return given.some((condition) =>
        isListing(condition) && condition.op === wanted.op &&
        (any || facetOf(condition) === facet && possible(condition).every((text) => texts.has(text)))
      );
    }
    default:
      return wanted satisfies never;
  }
}

/** Whether every call that meets all of `given` meets all of `wanted` too. */
export const implies = (given: readonly Condition[], wanted: readonly Condition[]): boolean =>
  wanted.every((condition) => impliesOne(given, condition));

/** Conditions that no call can meet, each with why; empty when none is known. */
export function impossible(
  conditions: readonly Condition[],
): readonly { readonly condition: Condition; readonly why: string }[] {
  const found = conditions.filter(isListing).filter((condition) => possible(condition).length === 0).map((condition) => {
    const one = condition.values.length === 1;
    const why = condition.op === "prefix"
      ? `workspaces hold "/" in the place of every "\\"`
      : `no call has ${one ? "that value" : "one of these values"}`;
    return { condition, why };
  });
  const depth = conditions.find((condition) => condition.op === "chain_depth" && condition.most === 0);
  const links = conditions.some(({ field }) => field === "allowed_delegator_identities");
  return depth === undefined || !links
    ? found
    : [...found, { condition: depth, why: "delegators are listed, and a delegation without links has none" }];
}

const MOST_CELLS = 512;

/**
 * The conditions split into cases of one text each, for those facets that `others` ask for; together they are the same. A list that
 * would make more than `most` cases stays whole.
 */
export function cells(
  conditions: readonly Condition[],
  others: readonly (readonly Condition[])[],
  most = MOST_CELLS,
): readonly (readonly Condition[])[] {
  const asked = new Set(others.flatMap((list) => list.map(facetOf)));
  let split: (readonly Condition[])[] = [conditions];
  conditions.forEach((condition, at) => {
    if (!isListing(condition) || !asked.has(facetOf(condition))) return;
    const texts = possible(condition);
    if (texts.length < 2 || split.length * texts.length > most) return;
    split = split.flatMap((list) => texts.map((text) => list.with(at, { ...condition, values: [text] })));
  });
  return split;
}
