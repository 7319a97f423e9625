// Journals in packs: put in with the count and order of their records, and held against those when the pack is verified. Nothing is taken
// for a journal of ours that only has its name: others may put into their packs what they like.
import { canonicalBytes } from "../base/canonical.ts";
import { schemaIdOf } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { MAX_LINE_BYTES, readJson } from "../base/json.ts";
import { isCutShort } from "../base/json_torn.ts";
import { lineFeed } from "../base/lines.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { readShape, writeShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import type { Archive } from "../base/zip_read.ts";
import type { ZipFile } from "../base/zip_write.ts";
import { sealedEntries } from "../pack/entries.ts";
import { headOf, sequenceErrors } from "../pack/sequence.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PACK_EPOCH, type PackManifest } from "../schema/pack.ts";
import {
  JOURNAL_FOLDER,
  PACK_SEQUENCES,
  PACK_SEQUENCES_ID,
  type PackedJournal,
  PackSequencesShape,
} from "../schema/pack_sequence.ts";
import { journalReader, type JournalRecords } from "./journal_records.ts";

/** A journal as it lies on the disk; `name` is that of its file without folders. */
export type JournalSource = { readonly name: string; readonly bytes: Uint8Array };

const LF = 0x0a;

/** A journal up to its last whole record, that one ended by LF: what a crash left behind it was never written. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const end = bytes.lastIndexOf(LF) + 1;
  const tail = bytes.subarray(end);
  if (tail.length === 0 || isCutShort(tail)) return bytes.subarray(0, end);
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  ended[bytes.length] = LF;
  return ended;
}

function recordsOf(crypto: Crypto, bytes: Uint8Array, what: string): JournalRecords {
  const reader = journalReader(crypto, what);
  const feed = lineFeed(MAX_LINE_BYTES, reader.line);
  feed.push(bytes);
  feed.end();
  return reader.end();
}

/**
 * The entries of journals, and of the document that says what is in them. Fault `journal_damaged` for one whose records do not follow
 * each other.
 */
export function journalFiles(crypto: Crypto, sources: readonly JournalSource[], version: string): Result<readonly ZipFile[]> {
  const files: ZipFile[] = [];
  const journals: PackedJournal[] = [];
  for (const [i, { name, bytes }] of sources.entries()) {
    const path = `${JOURNAL_FOLDER}${String(i + 1).padStart(2, "0")}.jsonl`;
    const whole = wholeLines(bytes);
    const { kind, records, last_sequence, flaw } = recordsOf(crypto, whole, name);
    if (flaw !== undefined) return fail("journal_damaged", `Cannot pack journal "${name}": ${flaw}`, { file: name });
    files.push({ path, bytes: whole });
    journals.push({ path, name, kind, count: records.length, last_sequence, head_digest: headOf(crypto, records), records });
  }
  if (files.length === 0) return ok(files);
  const document = writeShape(PackSequencesShape, {
    schema_id: PACK_SEQUENCES_ID,
    schema_version: VERSION_1,
    created_at: PACK_EPOCH,
    producer_version: version,
    journals,
  });
  return ok([...files, { path: PACK_SEQUENCES, bytes: canonicalBytes(document) }]);
}

/** What verifying says of the journals in a pack. */
export type SequenceReport = {
  readonly sequences: readonly Pick<PackedJournal, "path" | "kind" | "count" | "head_digest">[];
  /** Each begins with the entry that it is about. */
  readonly sequence_errors: readonly string[];
};

const NO_SEQUENCES: SequenceReport = { sequences: [], sequence_errors: [] };

/** Holds the journals of a pack against what the pack says of them, whether or not their digests hold. Faults of damage. */
export async function checkJournals(
  crypto: Crypto,
  archive: Archive,
  manifest: Pick<PackManifest, "contents">,
  what: string,
): Promise<Result<SequenceReport>> {
  const sealed = sealedEntries(crypto, archive, manifest, what);
  if (!sealed.has(PACK_SEQUENCES)) return ok(NO_SEQUENCES);
  const bytes = await sealed.bytes(PACK_SEQUENCES);
  if (!bytes.ok) return bytes.fault.code === "pack_tampered" ? ok(NO_SEQUENCES) : bytes; // its wrong digest is told already
  const raw = readJson(bytes.value, PACK_SEQUENCES, { text: "replace" });
  if (!raw.ok || schemaIdOf(raw.value) !== PACK_SEQUENCES_ID) return ok(NO_SEQUENCES);
  const read = readShape(PackSequencesShape, raw.value, PACK_SEQUENCES, { file: what, entry: PACK_SEQUENCES });
  if (!read.ok) return read;
  const errors: string[] = [];
  for (const journal of read.value.journals) {
    const found = await journalErrors(crypto, archive, journal);
    if (!found.ok) return found;
    errors.push(...found.value.map((words) => `${journal.path}: ${words}`));
  }
  const named = new Set(read.value.journals.map(({ path }) => path));
  const strays = archive.entries.map(({ path }) => path).filter((path) => path.startsWith(JOURNAL_FOLDER) && !named.has(path));
  return ok({
    sequences: read.value.journals.map(({ path, kind, count, head_digest }) => ({ path, kind, count, head_digest })),
    sequence_errors: [...errors, ...strays.sort(byBytes).map((path) => `${path}: "${PACK_SEQUENCES}" does not know it`)],
  });
}

async function journalErrors(crypto: Crypto, archive: Archive, journal: PackedJournal): Promise<Result<readonly string[]>> {
  const { path, kind, count, head_digest, last_sequence, records } = journal;
  if (count !== records.length || headOf(crypto, records) !== head_digest) {
    return ok([`count and head_digest are not those of the ${records.length} records that "${PACK_SEQUENCES}" lists`]);
  }
  const entry = archive.find(path);
  if (entry === undefined) return ok([`all ${count} records are missing`]);
  const reader = journalReader(crypto, path);
  const feed = lineFeed(MAX_LINE_BYTES, reader.line);
  const walked = await archive.digest(entry, feed.push);
  if (!walked.ok) return walked;
  feed.end();
  const found = reader.end();
  const errors = sequenceErrors(records, found.records);
  if (errors.length > 0) return ok(errors);
  if (found.flaw !== undefined) return ok([found.flaw]);
  return ok(
    found.kind === kind && found.last_sequence === last_sequence
      ? []
      : [`it is a journal of kind ${found.kind} up to ${found.last_sequence}, told was ${kind} up to ${last_sequence}`],
  );
}
