// The text of a trace's relationship, which is half of the trace. For calls of one tool by one agent in one session it differs in the id
// of the trace alone.
import { PRINTED_STAND, STAND } from "../base/alike.ts";
import { shapeText } from "../base/shape_text.ts";
import { byBytes } from "../base/text.ts";
import { RelationshipShape } from "../schema/relationship.ts";
import { type RelationshipNames, type TraceParties, traceRelationship } from "./relationship.ts";

/** What the texts of some relationships share. */
export type SharedRelationship = {
  /** Up to the id of the trace, from there to the ids of all, and from there on. */
  readonly pieces: readonly [string, string, string];
  /** The ids of the others, in order, and the text of each. */
  readonly others: readonly { readonly id: string; readonly text: string }[];
};

/** What the relationships of such traces share; undefined where there is none, or somebody is named like what stands for the id. */
export function sharedRelationship(trace: RelationshipNames, parties: TraceParties): SharedRelationship | undefined {
  const made = traceRelationship(STAND, trace, parties);
  if (made === undefined) return undefined;
  const text = shapeText(RelationshipShape, { ...made, related_entity_ids: [STAND] });
  const [before, between, after, ...more] = text.split(PRINTED_STAND);
  if (before === undefined || between === undefined || after === undefined || more.length > 0) return undefined;
  const others = made.related_entity_ids.filter((id) => id !== STAND).map((id) => ({ id, text: JSON.stringify(id) }));
  return { pieces: [before, between, after], others };
}

/** The text of the relationship of the trace with such an id, which has no white space at its ends. */
export function relationshipText({ pieces: [before, between, after], others }: SharedRelationship, trace_id: string): string {
  const own = JSON.stringify(trace_id);
  let ids = "";
  let placed = false;
  for (const { id, text } of others) {
    const order: number = placed ? 1 : byBytes(trace_id, id);
    if (order < 0) ids += `${own},`;
    placed ||= order <= 0; // the ids are a set: one that is there is not put in again
    ids += `${text},`;
  }
  return `${before}${own}${between}${placed ? ids.slice(0, -1) : ids + own}${after}`;
}
