// A match in normal form: a conjunction of conditions, each about one field and plain data, so that an analysis can reason over it.
import { byBytes } from "../base/text.ts";
import type { Call, HintField, LinkField, OneField, TargetField } from "./call.ts";
import type { Match } from "./types.ts";

/** One thing that has to hold for a rule to apply. `field` is the field of the match that demands it. */
export type Condition =
  /** The call's text is listed. */
  | { readonly op: "in"; readonly field: OneField; readonly values: readonly string[] }
  /** The workspace begins with one of the texts, whatever follows. */
  | { readonly op: "prefix"; readonly field: "workspace_prefixes"; readonly values: readonly string[] }
  /** Some target has a listed text; for hints: some target has exactly this answer, `true` or `false`. */
  | { readonly op: "some_target"; readonly field: TargetField | HintField; readonly values: readonly string[] }
  /** Some argument comes from a listed source. */
  | { readonly op: "some_argument"; readonly field: "provenance_sources"; readonly values: readonly string[] }
  /** There is a delegation: demanded by each field that is about one. */
  | { readonly op: "delegated"; readonly field: "require_delegation" }
  /** Some part of the delegation has a listed text. */
  | { readonly op: "some_link"; readonly field: LinkField; readonly values: readonly string[] }
  /** The chain of the delegation has at most so many links. */
  | { readonly op: "chain_depth"; readonly field: "max_delegation_depth"; readonly most: number };

const ONE = [
  "tool_names",
  "risk_classes",
  "identities",
  "skill_publishers",
  "skill_sources",
  "context_tool_names",
  "context_data_classes",
  "context_endpoint_classes",
  "context_autonomy_levels",
] as const satisfies readonly OneField[];

const OF_TARGETS = [
  "target_kinds",
  "target_values",
  "endpoint_classes",
  "discovery_method",
  "data_classes",
  "destination_kinds",
  "destination_values",
  "destination_operations",
] as const satisfies readonly TargetField[];

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const satisfies readonly HintField[];

const OF_LINKS = [
  "allowed_delegator_identities",
  "allowed_delegate_identities",
  "delegation_scopes",
] as const satisfies readonly LinkField[];

/** Whether a match has a condition on the delegation (spec 03, section 4.4). */
export const wantsDelegation = (match: Match): boolean =>
  match.require_delegation || match.max_delegation_depth !== undefined || OF_LINKS.some((field) => match[field].length > 0);

/** The conditions of a match, which applies when all of them hold; none: it always applies. */
export function conditionsOf(match: Match): readonly Condition[] {
  const found: Condition[] = [];
  const ordered = (values: readonly string[]): readonly string[] => [...values].sort(byBytes);
  const given = <F extends OneField | TargetField | LinkField | "workspace_prefixes" | "provenance_sources">(
    fields: readonly F[],
  ) => fields.filter((field) => match[field].length > 0);
  for (const field of given(ONE)) found.push({ op: "in", field, values: ordered(match[field]) });
  for (const field of given(["workspace_prefixes"])) found.push({ op: "prefix", field, values: ordered(match[field]) });
  for (const field of given(OF_TARGETS)) found.push({ op: "some_target", field, values: ordered(match[field]) });
  for (const field of HINTS) {
    const value = match.tool_annotations?.[field];
    if (value !== undefined) found.push({ op: "some_target", field, values: [String(value)] });
  }
  for (const field of given(["provenance_sources"])) found.push({ op: "some_argument", field, values: ordered(match[field]) });
  if (wantsDelegation(match)) found.push({ op: "delegated", field: "require_delegation" });
  for (const field of given(OF_LINKS)) found.push({ op: "some_link", field, values: ordered(match[field]) });
  const most = match.max_delegation_depth;
  if (most !== undefined) found.push({ op: "chain_depth", field: "max_delegation_depth", most });
  return found;
}

const FEW = 8;

/** Whether a list in byte order holds a text. */
const listed = (values: readonly string[], text: string): boolean => {
  if (values.length <= FEW) return values.includes(text);
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = byBytes(values[middle] ?? "", text);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
};

/** Whether two lists in byte order share a text, by the shorter of them. */
const meets = (one: readonly string[], other: readonly string[]): boolean => {
  const [few, many] = one.length <= other.length ? [one, other] : [other, one];
  return few.some((text) => listed(many, text));
};

/** Whether a condition holds for a call. */
export function holds(condition: Condition, call: Call): boolean {
  switch (condition.op) {
    case "in": {
      const text = call.one[condition.field];
      return text !== undefined && listed(condition.values, text);
    }
    case "prefix":
      return condition.values.some((value) => call.workspace.startsWith(value));
    case "some_target":
    case "some_argument":
    case "some_link":
      return meets(condition.values, call.some[condition.field]);
    case "delegated":
      return call.depth !== undefined;
    case "chain_depth":
      return call.depth !== undefined && call.depth <= condition.most;
    default:
      return condition satisfies never;
  }
}
