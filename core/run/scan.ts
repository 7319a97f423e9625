// Going through a runpack: it is verified, and any defect ends the reading (spec 01, sections 5.7 and 5.10). Its records pass one
// at a time and as often as wanted, so that a large run need not be held; their entries are hashed as they pass.
import { hex } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import { placed, readDocument, readDocumentLine } from "../base/document.ts";
import type { Host, Source } from "../base/host.ts";
import { MAX_LINE_BYTES } from "../base/json.ts";
import { lineFeed } from "../base/lines.ts";
import { ending, fail, type Fault, ok, type Result } from "../base/result.ts";
import type { Shape } from "../base/shape.ts";
import { streamedDigest } from "../base/zip_declared.ts";
import { type Archive, openZip } from "../base/zip_read.ts";
import { type Manifest } from "../schema/manifest.ts";
import {
  type Intent,
  IntentShape,
  type Refs,
  RefsShape,
  type ResultRecord,
  ResultShape,
  type Run,
  RunShape,
} from "../schema/runpack.ts";
import { normalizeRefs } from "./refs.ts";
import { compareEntries, type EntryReport, readManifest } from "./verify.ts";

/**
 * Shows the records of one entry in recorded order, with their index from 0. What was seen counts only when the result is good:
 * until then the entry may be another than the manifest says.
 */
export type Records<T> = (see: (record: T, index: number) => void) => Promise<Result<void>>;

/**
 * A runpack whose entries are what its manifest says, those of the records once they were walked; signatures were not looked at.
 * All faults of walking end with exit 6.
 */
export type RunpackScan = {
  readonly manifest: Manifest;
  readonly run: Run;
  /** In normal form. */
  readonly refs: Refs;
  readonly intents: Records<Intent>;
  readonly results: Records<ResultRecord>;
};

/**
 * Opens a runpack to go through it; `source` is read again for each walk. All faults end with exit 6 but two entries of one
 * name, which stay exit 2.
 */
export async function openScan(host: Host, source: Source, what: string): Promise<Result<RunpackScan>> {
  const opened = await openIntact(host, source, what);
  return opened.ok ? opened : asInput(opened.fault);
}

// The entries that are compared with the manifest when they are used: what was hashed is then what was read, also in a file
// that changes meanwhile.
const USED: readonly string[] = ["intents.jsonl", "refs.json", "results.jsonl", "run.json"];

const sealedDigest = (manifest: Manifest, entry: string): string | undefined =>
  manifest.files?.find(({ path }) => path === entry)?.sha256.toLowerCase();

/** A defect where a runpack is only read for use: unusable input, but for two entries of one name, which stay a failed verification. */
export const asInput = (fault: Fault): Result<never> => ({
  ok: false,
  fault: fault.code === "zip_duplicate_entry" ? fault : ending(fault, "usage"),
});

const tampered = (file: string, entry: string, digest: string): Fault => ({
  code: "pack_tampered",
  message: `Cannot use runpack "${file}": entry "${entry}" was changed, its digest is ${digest}`,
  at: { file, entry },
});

async function openIntact(host: Host, source: Source, what: string): Promise<Result<RunpackScan>> {
  const opened = await openZip(host, source, what);
  if (!opened.ok) return opened;
  const archive = opened.value;
  const read = await readManifest(archive, what);
  if (!read.ok) return read;
  const manifest = read.value.value;
  const hashed = streamedDigest(archive);
  const report = await compareEntries(host, archive, manifest, (path) => {
    const sealed = USED.includes(path) ? sealedDigest(manifest, path) : undefined;
    return sealed === undefined ? hashed(path) : Promise.resolve(ok(sealed));
  });
  if (!report.ok) return report;
  const defect = firstDefect(report.value, what);
  if (defect !== undefined) return defect;
  const pack = { host, archive, manifest, what };
  const run = await readSealed(pack, RunShape, "run.json");
  if (!run.ok) return run;
  const refs = await readRefs(pack);
  if (!refs.ok) return refs;
  return ok({
    manifest,
    run: run.value.value,
    refs: refs.value,
    intents: recordsOf(pack, IntentShape, "intents.jsonl"),
    results: recordsOf(pack, ResultShape, "results.jsonl"),
  });
}

const firstDefect = (report: EntryReport, what: string): Result<never> | undefined => {
  const lost = report.missing_files[0];
  if (lost !== undefined) {
    return fail("pack_tampered", `Cannot use runpack "${what}": entry "${lost}" is missing`, { file: what, entry: lost });
  }
  const changed = report.hash_mismatches[0];
  return changed === undefined ? undefined : { ok: false, fault: tampered(what, changed.path, changed.actual) };
};

const present = (archive: Archive, path: string) => {
  const entry = archive.find(path);
  if (entry === undefined) throw new Error(`no entry ${path}`);
  return entry;
};

type Pack = { readonly host: Host; readonly archive: Archive; readonly manifest: Manifest; readonly what: string };

/** A document that is what the manifest says, and its bytes. */
type Sealed<T> = { readonly value: T; readonly bytes: Uint8Array };

async function readSealed<T>(
  { host, archive, manifest, what: file }: Pack,
  shape: Shape<T>,
  entry: string,
): Promise<Result<Sealed<T>>> {
  const bytes = await archive.read(present(archive, entry));
  if (!bytes.ok) return bytes;
  const digest = sha256Hex(host.crypto, bytes.value);
  if (digest !== sealedDigest(manifest, entry)) return { ok: false, fault: tampered(file, entry, digest) };
  const read = readDocument(shape, bytes.value, entry, { file, entry });
  return read.ok ? ok({ value: read.value.value, bytes: bytes.value }) : read;
}

async function readRefs(pack: Pack): Promise<Result<Refs>> {
  const at = { file: pack.what, entry: "refs.json" };
  const refs = await readSealed(pack, RefsShape, at.entry);
  if (!refs.ok) return refs;
  const { value, bytes } = refs.value;
  const normal = normalizeRefs(value, "");
  if (!normal.ok) return { ok: false, fault: placed(normal.fault, bytes, at) };
  if (normal.value.context_evidence_mode !== "required" || normal.value.context_set_digest !== "") return normal;
  const message = `Cannot use runpack "${pack.what}": evidence mode required needs a context_set_digest`;
  return { ok: false, fault: placed({ code: "run_invalid", message, at: { pointer: "/context_set_digest" } }, bytes, at) };
}

const recordsOf = <T>({ archive, manifest, what: file }: Pack, shape: Shape<T>, entry: string): Records<T> => {
  const sealed = sealedDigest(manifest, entry);
  return async (see) => {
    let fault: Fault | undefined;
    let index = 0;
    const feed = lineFeed(MAX_LINE_BYTES, (line, number) => {
      if (fault !== undefined) return;
      const record = readDocumentLine(shape, line, entry, { file, entry }, number);
      if (!record.ok) fault = record.fault;
      else if (record.value !== undefined) see(record.value, index++);
    });
    const digest = await archive.digest(present(archive, entry), feed.push);
    feed.end();
    if (!digest.ok) return asInput(digest.fault);
    if (hex(digest.value) !== sealed) return asInput(tampered(file, entry, hex(digest.value)));
    return fault === undefined ? ok(undefined) : asInput(fault);
  };
};
