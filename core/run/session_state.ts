// The state beside a journal (spec 01, section 8.1): a cache that lets an append go on without reading the journal again. It is
// believed only about the very journal that it was taken from, and answers no question but what the next sequence is.
import { prettyText } from "../base/pretty.ts";
import { utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import { sha256Hex } from "../base/digest.ts";
import { readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { writeShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type JournalRecord, type SessionState, SessionStateShape, STATE_ID } from "../schema/session.ts";
import { readJournalLine, type Standing } from "./session_journal.ts";

/** Longest state that is read. */
export const STATE_LIMIT = 65_536;

// Binds the state to the last line, which holds the last sequence: a state of another journal, of an older moment, or edited by
// hand does not fit. Whoever computes it anew can write the journal as well.
const tailDigest = (crypto: Crypto, state: SessionState, tail: Uint8Array): string => {
  const own = canonicalText(writeShape(SessionStateShape, { ...state, tail_digest: "" }));
  return sha256Hex(crypto, utf8(`${own}\n${sha256Hex(crypto, tail)}`));
};

/** What is written as the state of a journal of `size` bytes whose last line is `tail`. */
export function stateText(
  crypto: Crypto,
  standing: Standing,
  journal: { readonly size: number; readonly tail: Uint8Array },
  made: { readonly updated_at: string; readonly producer_version: string },
): string {
  const { header, ...counts } = standing;
  const { session_id, run_id, created_at, started_at } = header;
  const identity = { session_id, run_id, created_at, started_at };
  const plain: SessionState = {
    schema_id: STATE_ID,
    schema_version: VERSION_1,
    ...made,
    ...identity,
    ...counts,
    journal_size_bytes: journal.size,
    tail_digest: "",
  };
  const state = { ...plain, tail_digest: tailDigest(crypto, plain, journal.tail) };
  return prettyText(writeShape(SessionStateShape, state));
}

/** The two ends of a journal of `size` bytes: its first and last lines without LF. */
export type JournalEnds = { readonly size: number; readonly head: Uint8Array; readonly tail: Uint8Array };

/**
 * What a journal comes to by its state, if the state can be believed: it was taken from a journal of this size and last line,
 * and the header and the last line say the same. Otherwise undefined: the journal has to be read.
 */
export function believed(crypto: Crypto, bytes: Uint8Array, { size, head, tail }: JournalEnds): Standing | undefined {
  const read = readDocument(SessionStateShape, bytes, "state", {}, { maxBytes: STATE_LIMIT });
  if (!read.ok) return undefined; // it is only a cache: the journal says the same
  const state = read.value.value;
  if (state.journal_size_bytes !== size || state.tail_digest !== tailDigest(crypto, state, tail)) return undefined;
  const first = readJournalLine(head, "journal", 1);
  const last = readJournalLine(tail, "journal", 0);
  const header = first.ok ? first.value.header : undefined;
  if (header === undefined || !last.ok || lastSequence(last.value) !== state.last_sequence) return undefined;
  if (header.session_id !== state.session_id || header.run_id !== state.run_id) return undefined;
  const { event_count, last_sequence, checkpoint_count } = state;
  const { last_checkpoint_index, last_checkpoint_sequence, last_checkpoint_digest } = state;
  const points = { checkpoint_count, last_checkpoint_index, last_checkpoint_sequence, last_checkpoint_digest };
  return { header, event_count, last_sequence, ...points };
}

const lastSequence = ({ record_type, event, checkpoint }: JournalRecord): number | undefined =>
  record_type === "event" ? event?.sequence : record_type === "checkpoint" ? checkpoint?.sequence_end : 0;
