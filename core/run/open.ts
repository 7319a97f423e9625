// Reading a runpack for use: it is checked first, and any defect ends the reading (spec 01, sections 5.7 and 5.10).
import { readDocument } from "../base/document.ts";
import type { Host, Source } from "../base/host.ts";
import { readJsonLines } from "../base/json.ts";
import { ending, fail, type Fault, located, ok, type Result } from "../base/result.ts";
import { readShape, type Shape } from "../base/shape.ts";
import { sha256Hex } from "../base/digest.ts";
import { type Archive, openZip } from "../base/zip_read.ts";
import { IntentShape, type Manifest, RefsShape, ResultShape, type RunRecords, RunShape } from "../schema/runpack.ts";
import { normalizeRefs } from "./refs.ts";
import { compareEntries, type EntryReport, readManifest, streamedDigest } from "./verify.ts";

/** A runpack whose entries are what its manifest says. Signatures were not looked at. */
export type Runpack = { readonly manifest: Manifest; readonly records: RunRecords };

// Two entries of one name stay a failed verification; every other defect makes the file unusable input (exit 6).
const asInput = (fault: Fault): Fault => fault.code === "zip_duplicate_entry" ? fault : ending(fault, "usage");

const HELD: readonly string[] = ["intents.jsonl", "refs.json", "results.jsonl", "run.json"];

const firstDefect = (report: EntryReport, what: string): Result<never> | undefined => {
  const lost = report.missing_files[0];
  if (lost !== undefined) {
    return fail("pack_tampered", `Cannot use runpack "${what}": entry "${lost}" is missing`, { file: what, entry: lost });
  }
  const changed = report.hash_mismatches[0];
  if (changed === undefined) return undefined;
  const { path: entry, actual } = changed;
  return fail("pack_tampered", `Cannot use runpack "${what}": entry "${entry}" was changed, its digest is ${actual}`, {
    file: what,
    entry,
  });
};

async function openChecked(host: Host, source: Source, what: string): Promise<Result<Runpack>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return archive;
  const read = await readManifest(archive.value, what);
  if (!read.ok) return read;
  const held = new Map<string, Uint8Array>();
  const report = await compareEntries(host, archive.value, read.value.value, async (path) => {
    if (!HELD.includes(path)) return await streamedDigest(archive.value)(path);
    const bytes = await hold(archive.value, path);
    if (!bytes.ok) return bytes;
    held.set(path, bytes.value);
    return ok(sha256Hex(host.crypto, bytes.value));
  });
  if (!report.ok) return report;
  const defect = firstDefect(report.value, what);
  if (defect !== undefined) return defect;
  const records = readRecords((path) => held.get(path) ?? new Uint8Array(), what);
  return records.ok ? ok({ manifest: read.value.value, records: records.value }) : records;
}

const hold = async (archive: Archive, path: string): Promise<Result<Uint8Array>> => {
  const entry = archive.find(path);
  if (entry === undefined) throw new Error(`no entry ${path}`);
  return await archive.read(entry);
};

function readRecords(bytes: (path: string) => Uint8Array, what: string): Result<RunRecords> {
  const run = readOne(RunShape, bytes("run.json"), "run.json", what);
  if (!run.ok) return run;
  const refs = readOne(RefsShape, bytes("refs.json"), "refs.json", what);
  if (!refs.ok) return refs;
  const normal = normalizeRefs(refs.value);
  if (!normal.ok) return normal;
  if (normal.value.context_evidence_mode === "required" && normal.value.context_set_digest === "") {
    return fail("run_invalid", `Cannot use runpack "${what}": evidence mode required needs a context_set_digest`, {
      file: what,
      entry: "refs.json",
    });
  }
  const intents = readLines(IntentShape, bytes("intents.jsonl"), "intents.jsonl", what);
  if (!intents.ok) return intents;
  const results = readLines(ResultShape, bytes("results.jsonl"), "results.jsonl", what);
  if (!results.ok) return results;
  return ok({ run: run.value, intents: intents.value, results: results.value, refs: normal.value });
}

function readOne<T>(shape: Shape<T>, bytes: Uint8Array, entry: string, file: string): Result<T> {
  const read = readDocument(shape, bytes, entry, { file, entry });
  return read.ok ? ok(read.value.value) : read;
}

function readLines<T>(shape: Shape<T>, bytes: Uint8Array, entry: string, file: string): Result<T[]> {
  const lines = readJsonLines(bytes, entry, { text: "replace" });
  if (!lines.ok) return { ok: false, fault: located(lines.fault, { file, entry }) };
  const out: T[] = [];
  for (const [index, line] of lines.value.entries()) {
    const record = readShape(shape, line, entry, { file, entry, line: index + 1 });
    if (!record.ok) return record;
    out.push(record.value);
  }
  return ok(out);
}

/** Opens a runpack for use. All faults end with exit 6 but two entries of one name, which stay exit 2. */
export async function openRunpack(host: Host, source: Source, what: string): Promise<Result<Runpack>> {
  const opened = await openChecked(host, source, what);
  return opened.ok ? opened : { ok: false, fault: asInput(opened.fault) };
}
