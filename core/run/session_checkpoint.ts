// A checkpoint of a session (spec 01, section 8.4): the new events as the records of a run, and the record that links the
// runpack made of them to the checkpoint before.
import { prettyText } from "../base/pretty.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import type { Relationship } from "../schema/relationship.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type RunRecords, type TimelineEvent } from "../schema/runpack.ts";
import { CHAIN_ID, CHECKPOINT_ID, SessionChainShape, type SessionCheckpoint, type SessionEvent } from "../schema/session.ts";
import { checkpointDigest } from "./chain.ts";
import type { Defaults } from "./complete.ts";
import { relationship } from "../schema/relationship_normal.ts";
import type { JournalContent, Standing } from "./session_journal.ts";

/** A checkpoint that can be made. */
export type CheckpointPlan = { readonly events: readonly SessionEvent[]; readonly index: number; readonly records: RunRecords };

/**
 * The new events of a journal as a run, up to the one with the sequence `through`. Fault `session_nothing_new` when there are none since
 * the last checkpoint.
 */
export function planCheckpoint(
  crypto: Crypto,
  journal: JournalContent,
  what: string,
  made: Defaults,
  through = Infinity,
): Result<CheckpointPlan> {
  const events = journal.pending.map(({ record }) => record).filter(({ sequence }) => sequence <= through);
  const { header, checkpoint_count, last_checkpoint_sequence } = journal.standing;
  if (events.length === 0) {
    const since = checkpoint_count === 0 ? "yet" : `after event ${last_checkpoint_sequence}`;
    return fail("session_nothing_new", `Cannot make a checkpoint of "${what}": there is no event ${since}`, { file: what });
  }
  const index = checkpoint_count + 1;
  const run_id = checkpointRunId(header.run_id, index);
  return ok({ events, index, records: recordsOf(crypto, run_id, index, events, made) });
}

const checkpointRunId = (runId: string, index: number): string => `${runId}_cp_${String(index).padStart(4, "0")}`;

const ERRORS: readonly string[] = ["block", "require_approval"];

function recordsOf(
  crypto: Crypto,
  run_id: string,
  index: number,
  events: readonly SessionEvent[],
  { created_at, producer_version, env }: Defaults,
): RunRecords {
  const headed = (name: string, at: string) => ({
    schema_id: `gait.runpack.${name}`,
    schema_version: VERSION_1,
    created_at: at,
    producer_version,
    run_id,
  });
  const calls = events.map((event, i) => ({ event, intent_id: trim(event.intent_id) || `intent_${i + 1}` }));
  const checkpoint = `checkpoint:${index}`;
  return {
    run: {
      ...headed("run", created_at),
      env,
      timeline: [...events.map((event) => eventOnTimeline(run_id, event)), {
        event: "session_checkpoint_emitted",
        ts: created_at,
        ref: checkpoint,
        relationship: ofRun(run_id, {
          entity_refs: [{ kind: "evidence", id: checkpoint }],
          edges: [{ kind: "emits_evidence", from: { kind: "run", id: run_id }, to: { kind: "evidence", id: checkpoint } }],
        }),
      }],
    },
    intents: calls.map(({ event, intent_id }) => ({
      ...headed("intent", event.created_at),
      intent_id,
      tool_name: event.tool_name,
      args_digest: trim(event.intent_digest) || digestOf(crypto, {
        session_id: event.session_id,
        sequence: event.sequence,
        trace_id: event.trace_id,
        trace_path: event.trace_path,
      }),
      args: undefined,
    })),
    results: calls.map(({ event, intent_id }) => ({
      ...headed("result", event.created_at),
      intent_id,
      status: ERRORS.includes(event.verdict) ? "error" : "ok",
      result_digest: digestOf(crypto, {
        verdict: event.verdict,
        reason_codes: event.reason_codes.length === 0 ? null : event.reason_codes, // an absent list is null here
        violations: event.violations.length === 0 ? null : event.violations,
        trace_id: event.trace_id,
        trace_path: event.trace_path,
      }),
      result: undefined,
    })),
    refs: {
      ...headed("refs", created_at),
      context_set_digest: "",
      context_evidence_mode: "",
      context_ref_count: 0,
      receipts: [],
    },
  };
}

const ofRun = (runId: string, rest: Partial<Relationship>): Relationship | undefined =>
  relationship({ parent_ref: { kind: "run", id: runId }, parent_record_id: runId, ...rest });

function eventOnTimeline(runId: string, event: SessionEvent): TimelineEvent {
  const trace = { kind: "trace", id: event.trace_id };
  const tool = { kind: "tool", id: event.tool_name };
  const policy = { kind: "policy", id: event.policy_digest };
  return {
    event: "session_event",
    ts: event.created_at,
    ref: event.trace_id,
    relationship: ofRun(runId, {
      entity_refs: [trace, tool, policy, { kind: "evidence", id: event.session_id }],
      edges: [
        { kind: "derived_from", from: trace, to: { kind: "run", id: runId } },
        { kind: "governed_by", from: tool, to: policy },
      ],
    }),
  };
}

/** Where the runpack of a checkpoint is and what its manifest came to. */
export type CheckpointPack = { readonly runpack_path: string; readonly manifest_digest: string };

/** The record of a checkpoint whose runpack is written. */
export function checkpointRecord(
  crypto: Crypto,
  { header, last_checkpoint_digest }: Standing,
  { events, index, records }: CheckpointPlan,
  pack: CheckpointPack,
): SessionCheckpoint {
  const { created_at, producer_version, run_id: packRun } = records.run;
  const { session_id, run_id } = header;
  const link = {
    checkpoint_index: index,
    sequence_start: events[0]?.sequence ?? 0,
    sequence_end: events.at(-1)?.sequence ?? 0,
    ...pack,
    prev_checkpoint_digest: last_checkpoint_digest,
  };
  const digest = checkpointDigest(crypto, link);
  const safe = events.findLast((event) => event.safety_invariant_version !== "" && event.safety_invariant_hash !== "");
  const run = { kind: "run", id: packRun };
  const proof = { kind: "evidence", id: digest };
  return {
    schema_id: CHECKPOINT_ID,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    session_id,
    run_id,
    ...link,
    checkpoint_digest: digest,
    relationship: relationship({
      parent_ref: { kind: "session", id: session_id },
      parent_record_id: session_id,
      entity_refs: [{ kind: "run", id: run_id }, run, { kind: "evidence", id: pack.manifest_digest }, proof],
      edges: [{ kind: "derived_from", from: proof, to: run }],
    }),
    safety_invariant_version: trim(safe?.safety_invariant_version ?? ""),
    safety_invariant_hash: lower(trim(safe?.safety_invariant_hash ?? "")),
  };
}

/** The chain document of a journal, as it is written: indented, with a final newline. */
export const chainText = (
  { header }: Standing,
  checkpoints: readonly SessionCheckpoint[],
  producer_version: string,
): string => {
  const { created_at, session_id, run_id } = header;
  const head = { schema_id: CHAIN_ID, schema_version: VERSION_1, created_at, producer_version, session_id, run_id };
  return prettyText(writeShape(SessionChainShape, { ...head, checkpoints }));
};
