// Journals in packs: put in with the count and order of their records, and held against those when the pack is verified. Nothing is taken
// for a journal of ours that only has its name: others may put into their packs what they like.
import { hex, utf8 } from "../base/bytes.ts";
import { schemaIdOf } from "../base/document.ts";
import type { Crypto, Source } from "../base/host.ts";
import { MAX_LINE_BYTES, readJson } from "../base/json.ts";
import { isCutShort } from "../base/json_torn.ts";
import { lineFeed } from "../base/lines.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { readShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import type { Archive } from "../base/zip_read.ts";
import { cutSource, piecesOf } from "../base/zip_source.ts";
import type { PackFile } from "../pack/build.ts";
import { type SealedEntries, sealedEntries } from "../pack/entries.ts";
import { headOf, nextHead, NO_HEAD, sequenceErrors } from "../pack/sequence.ts";
import {
  type Digests,
  digestText,
  eachDigest,
  type JournalHead,
  sequenceFeed,
  sequencesSource,
} from "../pack/sequence_document.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PACK_EPOCH, type PackManifest } from "../schema/pack.ts";
import { JOURNAL_FOLDER, PACK_SEQUENCES, PACK_SEQUENCES_ID, PackSequencesShape } from "../schema/pack_sequence.ts";
import { journalReader, type JournalRecords } from "./journal_records.ts";

/** A journal as it lies on the disk; `name` is that of its file without folders, and `path` is how it was named, for messages. */
export type JournalSource = { readonly name: string; readonly path: string; readonly source: Source };

const LF = utf8("\n");
const BACK = 2 ** 16;

/** Where the bytes behind the last LF begin. */
async function lastLine(source: Source): Promise<number> {
  for (let end = source.size; end > 0; end -= BACK) {
    const at = Math.max(0, end - BACK);
    const found = (await source.read(at, end - at)).lastIndexOf(LF[0] ?? 0);
    if (found !== -1) return at + found + 1;
  }
  return 0;
}

/** A journal up to its last whole record, that one ended by LF: what a crash left behind it was never written. */
async function wholeLines(source: Source): Promise<Source> {
  const end = await lastLine(source);
  if (end === source.size) return source;
  const tail = await source.read(end, source.size - end);
  return isCutShort(tail) ? cutSource(source, end) : cutSource(source, source.size, LF);
}

/** What a journal came to, as a pack says it, and the digest of the bytes in which that was seen. */
type Judged = JournalRecords & { readonly head_digest: string; readonly records: Uint8Array; readonly sha256: string };

async function judged(crypto: Crypto, source: Source, what: string): Promise<Judged> {
  const hasher = crypto.hasher();
  const records = digestText();
  let head = NO_HEAD;
  const reader = journalReader(crypto, what, (digest) => {
    records.add(digest);
    head = nextHead(crypto, head, digest);
  });
  const feed = lineFeed(MAX_LINE_BYTES, reader.line);
  for await (const piece of piecesOf(source)) {
    hasher.update(piece);
    feed.push(piece);
  }
  feed.end();
  return { ...reader.end(), head_digest: head, records: records.bytes(), sha256: hex(hasher.digest()) };
}

/**
 * The entries of journals, and of the document that says what is in them. Fault `journal_damaged` for one whose records do not follow
 * each other.
 */
export async function journalFiles(
  crypto: Crypto,
  sources: readonly JournalSource[],
  version: string,
): Promise<Result<readonly PackFile[]>> {
  const files: PackFile[] = [];
  const journals: { readonly head: JournalHead; readonly records: Uint8Array }[] = [];
  for (const [i, { name, path: given, source }] of sources.entries()) {
    const path = `${JOURNAL_FOLDER}${String(i + 1).padStart(2, "0")}.jsonl`;
    const whole = await wholeLines(source);
    const { kind, count, head_digest, last_sequence, records, flaw, sha256 } = await judged(crypto, whole, given);
    if (flaw !== undefined) return fail("journal_damaged", `Cannot pack journal "${given}": ${flaw}`, { file: given });
    files.push({ path, source: whole, sha256, what: given });
    journals.push({ head: { path, name, kind, count, last_sequence, head_digest }, records });
  }
  if (files.length === 0) return ok(files);
  const head = {
    schema_id: PACK_SEQUENCES_ID,
    schema_version: VERSION_1,
    created_at: PACK_EPOCH,
    producer_version: version,
  } as const;
  const document = sequencesSource(head, journals);
  const hasher = crypto.hasher();
  for await (const piece of piecesOf(document)) hasher.update(piece);
  const sha256 = hex(hasher.digest());
  return ok([...files, { path: PACK_SEQUENCES, source: document, sha256, what: PACK_SEQUENCES }]);
}

/** What verifying says of the journals in a pack. */
export type SequenceReport = {
  readonly sequences: readonly Pick<JournalHead, "path" | "kind" | "count" | "head_digest">[];
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
  const said = await readSequences(sealed);
  if (!said.ok) return said.fault.code === "pack_tampered" ? ok(NO_SEQUENCES) : said; // its wrong digest is told already
  if (said.value === undefined) return ok(NO_SEQUENCES);
  const errors: string[] = [];
  for (const journal of said.value) {
    const found = await journalErrors(crypto, archive, journal);
    if (!found.ok) return found;
    errors.push(...found.value.map((words) => `${journal.path}: ${words}`));
  }
  const named = new Set(said.value.map(({ path }) => path));
  const strays = archive.entries.map(({ path }) => path).filter((path) => path.startsWith(JOURNAL_FOLDER) && !named.has(path));
  return ok({
    sequences: said.value.map(({ path, kind, count, head_digest }) => ({ path, kind, count, head_digest })),
    sequence_errors: [...errors, ...strays.sort(byBytes).map((path) => `${path}: "${PACK_SEQUENCES}" does not know it`)],
  });
}

/** A journal as the document has it. */
type SaidJournal = JournalHead & { readonly records: Digests };

/** What the document says; undefined for one that is another's. Faults of damage, `pack_tampered`, `document_shape`. */
async function readSequences(sealed: SealedEntries): Promise<Result<readonly SaidJournal[] | undefined>> {
  const feed = sequenceFeed();
  const passed = await sealed.pass(PACK_SEQUENCES, feed.push);
  if (!passed.ok) return passed;
  const short = feed.end();
  const quick = short === undefined ? ok(undefined) : journalsOf(sealed.what, short.bytes);
  if (quick.ok && quick.value !== undefined && quick.value.length === short?.records.length) {
    return ok(quick.value.map((journal, i) => ({ ...journal, records: short.records[i] ?? journal.records })));
  }
  const bytes = await sealed.bytes(PACK_SEQUENCES); // it is spelled in another way
  return bytes.ok ? journalsOf(sealed.what, bytes.value) : bytes;
}

function journalsOf(what: string, bytes: Uint8Array): Result<readonly SaidJournal[] | undefined> {
  const raw = readJson(bytes, PACK_SEQUENCES, { text: "replace" });
  if (!raw.ok || schemaIdOf(raw.value) !== PACK_SEQUENCES_ID) return ok(undefined);
  const read = readShape(PackSequencesShape, raw.value, PACK_SEQUENCES, { file: what, entry: PACK_SEQUENCES });
  if (!read.ok) return read;
  return ok(
    read.value.journals.map(({ records, ...journal }) => ({
      ...journal,
      records: { length: records.length, at: (index) => records[index] ?? "" },
    })),
  );
}

async function journalErrors(crypto: Crypto, archive: Archive, journal: SaidJournal): Promise<Result<readonly string[]>> {
  const { path, kind, count, head_digest, last_sequence, records } = journal;
  if (count !== records.length || headOf(crypto, eachDigest(records)) !== head_digest) {
    return ok([`count and head_digest are not those of the ${records.length} records that "${PACK_SEQUENCES}" lists`]);
  }
  const entry = archive.find(path);
  if (entry === undefined) return ok([`all ${count} records are missing`]);
  const walk = async (see: (digest: string) => void): Promise<Result<JournalRecords>> => {
    const reader = journalReader(crypto, path, see);
    const feed = lineFeed(MAX_LINE_BYTES, reader.line);
    const walked = await archive.digest(entry, feed.push);
    if (!walked.ok) return walked;
    feed.end();
    return ok(reader.end());
  };
  let seen = 0;
  let isSame = true;
  const found = await walk((digest) => void (isSame &&= digest === records.at(seen++)));
  if (!found.ok) return found;
  if (!isSame || seen !== records.length) {
    const others: string[] = []; // held only where there is something to tell
    const again = await walk((digest) => void others.push(digest));
    if (!again.ok) return again;
    const errors = sequenceErrors([...eachDigest(records)], others);
    return ok(errors.length > 0 ? errors : ["it changes while it is read"]);
  }
  if (found.value.flaw !== undefined) return ok([found.value.flaw]);
  return ok(
    found.value.kind === kind && found.value.last_sequence === last_sequence ? [] : [
      `it is a journal of kind ${found.value.kind} up to ${found.value.last_sequence}, told was ${kind} up to ${last_sequence}`,
    ],
  );
}
