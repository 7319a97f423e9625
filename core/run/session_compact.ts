// Compaction of a journal (spec 01, section 8.5): events that a checkpoint seals are left out, everything else stays byte for
// byte as it was written.
import { concatBytes } from "../base/bytes.ts";
import type { JournalContent, Standing } from "./session_journal.ts";

/** A smaller journal, and what it comes to. */
export type Compaction = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly standing: Standing;
  readonly tail: Uint8Array;
};

const LF = Uint8Array.of(0x0a);

/** The journal without what its checkpoints seal: header, checkpoints, newer events, each line as it was. */
export function compactJournal(journal: JournalContent): Compaction {
  const lines = [journal.header, ...journal.checkpoints, ...journal.pending].filter((line) => line !== undefined);
  return {
    bytes: concatBytes(lines.flatMap(({ bytes }) => [bytes, LF])),
    standing: { ...journal.standing, event_count: journal.pending.length },
    tail: lines.at(-1)?.bytes ?? new Uint8Array(),
  };
}
