// The canonical text of traces. Those of calls of one tool in one session differ in a few members, so what they share is spelled once.
import { isAlike, type Members, membersOf, piecesOf, PRINTED_STAND, STAND } from "../base/alike.ts";
import { shapeText } from "../base/shape_text.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { Relationship } from "../schema/relationship.ts";
import { type Trace, TRACE_ID, TraceShape } from "../schema/trace.ts";
import type { TraceParties } from "./relationship.ts";
import { relationshipText, type SharedRelationship, sharedRelationship } from "./relationship_text.ts";

/** What a decision says about itself; the rest of its trace follows from it. */
export type TraceFacts = Omit<
  Trace,
  "schema_id" | "schema_version" | "trace_id" | "event_id" | "relationship" | "signature"
>;

/** A trace that is not yet signed: its id, and what else it is made of. `observed_at` is in its one spelling. */
export type UnsignedTrace = { readonly trace_id: string; readonly facts: TraceFacts; readonly parties: TraceParties };

/** Members that are different in each trace, in canonical order. */
const VARYING = [
  "args_digest",
  "created_at",
  "event_id",
  "intent_digest",
  "latency_ms",
  "observed_at",
  "relationship",
  "trace_id",
] as const;
const VARYING_NAMES: ReadonlySet<string> = new Set(VARYING);

/** What stands in the place of the relationship while the rest is spelled. */
const STANDING_RELATIONSHIP: Relationship = {
  parent_ref: undefined,
  entity_refs: [],
  policy_ref: undefined,
  agent_chain: [],
  edges: [],
  parent_record_id: STAND,
  related_record_ids: [],
  related_entity_ids: [],
  agent_lineage: [],
};

/** What some traces share: the texts before, between and behind the members that vary. */
type Alike = {
  readonly members: Members;
  readonly parties: TraceParties;
  readonly timed: boolean;
  readonly pieces: readonly string[];
  readonly relationship: SharedRelationship;
};

/** How much is kept in mind of what traces share; at the next one all of it is forgotten. */
const MOST = 256;

/** Longer texts, in characters, are not kept in mind. */
const LONGEST = 8_192;

/** How many texts are left to the long way: to find out what they share costs more, and most programs write one trace and end. */
const FEW = 4;

/**
 * Gives the text of a trace, whose digest of the arguments and id of the event are given as JSON; undefined where it has more to say
 * than is alike in others.
 */
export type TraceText = (unsigned: UnsignedTrace, args_digest: string, event_id: string) => string | undefined;

/** Makes one, which keeps in mind what is shared. */
export function traceTexts(): TraceText {
  const known = new Map<string, Alike>();
  let asked = 0;
  return (unsigned, args_digest, event_id) => {
    if (asked < FEW) {
      asked++;
      return undefined;
    }
    const { facts, parties } = unsigned;
    const timed = facts.latency_ms !== 0; // a member that is left out at zero
    if (parties.delegation !== undefined || !Number.isFinite(facts.latency_ms)) return undefined;
    const key = `${facts.verdict}\n${parties.session_id}\n${facts.tool_name}${timed ? "\n" : ""}`;
    let alike = known.get(key);
    if (alike === undefined || !isOf(alike, unsigned, timed)) {
      alike = share(unsigned, timed);
      if (alike === undefined) return undefined;
      if (known.size >= MOST) known.clear();
      known.set(key, alike);
    }
    return spell(alike, unsigned, args_digest, event_id);
  };
}

// Names may hold a line feed as well, so the key alone tells nothing.
const isOf = ({ members, parties, timed }: Alike, { facts, parties: given }: UnsignedTrace, isTimed: boolean): boolean =>
  timed === isTimed && parties.session_id === given.session_id && parties.identity === given.identity &&
  isAlike(members, facts);

function share({ facts, parties }: UnsignedTrace, timed: boolean): Alike | undefined {
  const members = membersOf(facts, VARYING_NAMES);
  const relationship = members && sharedRelationship(facts, parties);
  if (members === undefined || relationship === undefined) return undefined;
  const text = shapeText(TraceShape, {
    ...facts,
    args_digest: STAND,
    created_at: STAND,
    event_id: STAND,
    intent_digest: STAND,
    latency_ms: timed ? 1 : 0,
    observed_at: STAND,
    relationship: STANDING_RELATIONSHIP,
    trace_id: STAND,
    schema_id: TRACE_ID,
    schema_version: VERSION_1,
    signature: undefined,
  });
  const long = text.length + relationshipText(relationship, "").length > LONGEST;
  return long ? undefined : { members, parties, timed, pieces: cut(text, timed), relationship };
}

// Of what is shared nothing but the relationship has members.
const cut = (text: string, timed: boolean): readonly string[] =>
  piecesOf(
    text,
    VARYING.map((name) => ({
      name,
      printed: name === "relationship"
        ? JSON.stringify({ parent_record_id: STAND })
        : name === "latency_ms"
        ? timed ? "1" : undefined
        : PRINTED_STAND,
    })),
  );

function spell(
  { pieces, timed, relationship }: Alike,
  { trace_id, facts }: UnsignedTrace,
  args_digest: string,
  event_id: string,
): string {
  const [a, b, c, d, e, f, g, h, i] = pieces;
  return `${a}${args_digest}${b}${JSON.stringify(facts.created_at)}${c}${event_id}${d}${
    JSON.stringify(facts.intent_digest)
  }${e}${timed ? facts.latency_ms : ""}${f}${JSON.stringify(facts.observed_at)}${g}${
    relationshipText(relationship, trace_id)
  }${h}${JSON.stringify(trace_id)}${i}`;
}
