// What a pack says of the journals in it (a format of ours, beside the contract): how many records each has, and in which order, so that
// one that is left out, moved or put in can be named.
import { filled, type Infer, integer, listOf, oneOf, strict, text, time } from "../base/shape.ts";
import { fixedHead } from "./heading.ts";
import { PACK_EPOCH } from "./pack.ts";

export const PACK_SEQUENCES_ID = "gait.pack.sequences";

/** The entry that says it, and the folder of the journals. */
export const PACK_SEQUENCES = "gait_sequences.json";
export const JOURNAL_FOLDER = "journals/";

/** What journals there are: of a session, of the server, of a wrapped session, of signed traces, of anything. */
export const JOURNAL_KINDS = ["session", "serve", "wrap", "traces", "lines"] as const;
export type JournalKind = typeof JOURNAL_KINDS[number];

export const PackedJournalShape = strict("One journal", () => ({
  path: text("Its entry"),
  name: text("The name of its file when it was packed"),
  kind: oneOf(JOURNAL_KINDS, "session, serve, wrap, traces, or lines of anything"),
  count: integer("How many records it has"),
  last_sequence: filled(integer("The last number that one of its records carries, where they are numbered")),
  head_digest: text("SHA-256 over the head before and the digest of the record, for each record in order"),
  records: listOf(text("SHA-256 of its line, hex"), "The records, in order"),
}));

export const PackSequencesShape = strict("The journals of a pack, record by record", () => ({
  ...fixedHead(PACK_SEQUENCES_ID),
  created_at: time(PACK_EPOCH),
  producer_version: text("Version of the program that built the pack"),
  journals: listOf(PackedJournalShape, "The journals, sorted by path"),
}));

export type PackSequences = Infer<typeof PackSequencesShape>;
export type PackedJournal = PackSequences["journals"][number];
