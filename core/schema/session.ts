// The documents of a session (spec 01, section 8.1): the journal and what stands in its lines, the cached state, the lock,
// and the chain of checkpoints that the session leaves behind.
import { filled, type Infer, integer, listOf, object, present, text, time } from "../base/shape.ts";
import { RelationshipShape } from "./relationship.ts";
import { heading } from "./heading.ts";
import { lockShape } from "./lock.ts";

export const JOURNAL_ID = "gait.runpack.session_journal";
export const EVENT_ID = "gait.runpack.session_event";
export const CHECKPOINT_ID = "gait.runpack.session_checkpoint";
export const STATE_ID = "gait.runpack.session_state";
export const LOCK_ID = "gait.runpack.session_lock";
export const CHAIN_ID = "gait.runpack.session_chain";

const session = { session_id: text("Id of the session"), run_id: text("Id of the run") };

const safety = {
  safety_invariant_version: filled(text("Version of the safety invariants in force")),
  safety_invariant_hash: filled(text("Digest of the safety invariants in force")),
};

export const SessionEventShape = object("One decision about a tool call, as it fell", () => ({
  ...heading(EVENT_ID),
  ...session,
  sequence: integer("Position in the session, from 1 and without gaps"),
  intent_id: filled(text("Id of the call")),
  tool_name: filled(text("The tool")),
  intent_digest: filled(text("Digest of the intent")),
  policy_digest: filled(text("Digest of the policy")),
  policy_id: filled(text("Id of the policy")),
  policy_version: filled(text("Version of the policy")),
  matched_rule_ids: filled(listOf(text("Id of a rule"), "The rules that matched")),
  trace_id: filled(text("Id of the trace")),
  trace_path: filled(text("Where the trace is")),
  verdict: filled(text("allow, block, dry_run or require_approval")),
  reason_codes: filled(listOf(text("One of them"), "Why")),
  violations: filled(listOf(text("One of them"), "What was violated")),
  relationship: present(RelationshipShape),
  ...safety,
}));

export const SessionHeaderShape = object("Whose journal it is; its first line", () => ({
  ...heading(JOURNAL_ID),
  ...session,
  started_at: time("When the session began"),
  events: listOf(SessionEventShape, "Always empty; events stand in lines of their own"),
}));

export const SessionCheckpointShape = object("One sealed stretch of a session", () => ({
  ...heading(CHECKPOINT_ID),
  ...session,
  checkpoint_index: integer("Position in the chain, from 1"),
  sequence_start: integer("First event that it seals"),
  sequence_end: integer("Last event that it seals"),
  runpack_path: text("Where its runpack is"),
  manifest_digest: text("Manifest digest of that runpack"),
  prev_checkpoint_digest: filled(text("Digest of the checkpoint before")),
  checkpoint_digest: text("Digest that binds all of these"),
  relationship: present(RelationshipShape),
  ...safety,
}));

export const JournalRecordShape = object("One line of a journal", () => ({
  record_type: text("header, event or checkpoint: the member that the line has beside this one"),
  header: present(SessionHeaderShape),
  event: present(SessionEventShape),
  checkpoint: present(SessionCheckpointShape),
}));

export const SessionStateShape = object("What the journal came to: a cache beside it, never believed against it", () => ({
  schema_id: text(`Always ${STATE_ID}`),
  schema_version: text("Always 1.0.0"),
  updated_at: time("When it was written"),
  producer_version: text("Version of the program that wrote it"),
  ...session,
  created_at: time("That of the journal"),
  started_at: time("That of the journal"),
  event_count: integer("Events that stand in the journal"),
  last_sequence: integer("Sequence of the last event, compacted or not"),
  checkpoint_count: integer("Checkpoints in the journal"),
  last_checkpoint_index: integer("Index of the last one"),
  last_checkpoint_sequence: integer("Last event that it seals"),
  last_checkpoint_digest: filled(text("Its digest")),
  journal_size_bytes: integer("Size of the journal that this was taken from"),
  tail_digest: filled(text("Digest of this document without this member and of the last line of the journal")),
}));

export const SessionLockShape = lockShape(LOCK_ID, "Who is writing to the journal");

export const SessionChainShape = object("The checkpoints of a session, each linked to the one before", () => ({
  ...heading(CHAIN_ID),
  ...session,
  checkpoints: listOf(SessionCheckpointShape, "The checkpoints, in order"),
}));

export type SessionHeader = Infer<typeof SessionHeaderShape>;
export type SessionEvent = Infer<typeof SessionEventShape>;
export type SessionCheckpoint = Infer<typeof SessionCheckpointShape>;
export type JournalRecord = Infer<typeof JournalRecordShape>;
export type SessionState = Infer<typeof SessionStateShape>;
export type SessionChain = Infer<typeof SessionChainShape>;
