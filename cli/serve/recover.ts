// What a crash left behind, mended before the server answers: lines that were never finished are cut off, and traces that replies named
// but the disk did not keep are made again from the journal.
import { sameBytes, utf8 } from "../../core/base/bytes.ts";
import { joinPath } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import type { VerifyKey } from "../../core/base/sign.ts";
import type { JournalFile, Ports } from "../../core/ports.ts";
import type { ServedCall } from "../../core/schema/serve_journal.ts";
import { readTrace, traceFlaw } from "../../core/trace/verify.ts";
import { damagedLine, endsSettled, readSegment, recordLine, type SegmentContent, segmentName } from "./journal_segments.ts";
import { nameIn } from "../targets.ts";

/** The ports that it takes. */
export type RecoverPorts = Pick<Ports, "files" | "store" | "journal" | "artifacts" | "host">;

/** What was done. */
export type Recovered = { readonly recovered: number; readonly notes: readonly string[] };

/** A file that was not settled. Without `calls` there is nothing in it to be done with. */
type Mended = Recovered & { readonly path: string; readonly size: number; readonly calls?: number };

const TAIL = 256;
const MOST_SEGMENT = 256 * 2 ** 20;
const MOST_TRACE = 16 * 2 ** 20;

/**
 * Mends all files that are not settled; `key` is the server's own. Faults `journal_damaged`, also of a line whose trace is not as it was
 * signed, `file_too_large`, `write_failed`, those of files.
 */
export async function recoverSegments(
  dir: string,
  numbers: readonly number[],
  key: VerifyKey,
  ports: RecoverPorts,
): Promise<Result<Recovered>> {
  const removed = new Set<string>();
  const mended: Mended[] = [];
  // The newest first: that a trace was removed may stand in a later file than its call.
  for (const number of numbers.toReversed()) {
    const path = joinPath(dir, segmentName(number));
    const done = await within(path, ports, (file) => mend(path, file, removed, key, ports));
    if (!done.ok) return done;
    if (done.value !== undefined) mended.unshift(done.value);
  }
  // Whoever stops before all of them are mended leaves all of them to the next start.
  for (const { path, size, calls } of mended) {
    if (calls === undefined) continue;
    const settled = utf8(recordLine({ record_type: "settled", settled: { calls } }));
    const added = await within(path, ports, (file) => file.append(settled, size, "disk"));
    if (!added.ok) return added;
  }
  return ok({
    recovered: mended.reduce((sum, one) => sum + one.recovered, 0),
    notes: mended.flatMap(({ notes }) => notes),
  });
}

async function within<T>(
  path: string,
  { journal }: RecoverPorts,
  work: (file: JournalFile) => Result<T> | Promise<Result<T>>,
): Promise<Result<T>> {
  const file = journal.open(path);
  if (!file.ok) return file;
  try {
    return await work(file.value);
  } finally {
    file.value.close();
  }
}

// Undefined for a file that is done with.
async function mend(
  path: string,
  file: JournalFile,
  removed: Set<string>,
  key: VerifyKey,
  ports: RecoverPorts,
): Promise<Result<Mended | undefined>> {
  const look = file.look();
  if (!look.ok) return look;
  const tail = file.read(Math.max(0, look.value.size - TAIL), TAIL);
  if (!tail.ok) return tail;
  if (endsSettled(tail.value)) return ok(undefined);
  const bytes = await ports.files.read(path, MOST_SEGMENT);
  if (!bytes.ok) return bytes;
  const content = readSegment(bytes.value, path);
  if (!content.ok) return content;
  const { header, calls, settled, size } = content.value;
  const notes: string[] = [];
  if (bytes.value.length > size) {
    const cut = file.cut(size);
    if (!cut.ok) return cut;
    const unfinished = bytes.value.subarray(size).some((byte) => byte !== 0); // zeros are room that was made
    if (unfinished) notes.push(`The last line of "${path}" was never finished and was cut off`);
  }
  if (header === undefined || settled) return ok({ path, size, recovered: 0, notes });
  for (const gone of content.value.removed) removed.add(gone);
  const made = await makeAgain(path, content.value, removed, key, ports);
  if (!made.ok) return made;
  if (made.value > 0) notes.push(`${made.value} traces were made again from "${path}"`);
  return ok({ path, size, calls: calls.length, recovered: made.value, notes });
}

/** The text of the file of a trace, as the call left it. */
export const traceText = ({ trace }: ServedCall): string => `${JSON.stringify(trace ?? {})}\n`;

async function makeAgain(
  journal: string,
  { header, calls }: SegmentContent,
  removed: ReadonlySet<string>,
  key: VerifyKey,
  ports: RecoverPorts,
): Promise<Result<number>> {
  let made = 0;
  for (const call of calls) {
    const { trace_path } = call;
    if (removed.has(trace_path) || !isOwn(trace_path, header?.trace_dir ?? "")) continue;
    const bytes = utf8(traceText(call));
    const there = await ports.files.read(trace_path, MOST_TRACE);
    if (there.ok && sameBytes(there.value, bytes)) {
      const kept = await ports.artifacts.keep(trace_path);
      if (!kept.ok) return kept;
      continue;
    }
    // What somebody wrote into a line since it was acknowledged must not stand where a trace stood, or should stand.
    const flaw = await flawOf(bytes, key, ports);
    if (flaw !== undefined) return damagedLine(journal, call.line, `holds a trace that cannot be made again: ${flaw}`);
    const written = await ports.store.write(trace_path, bytes, "replace");
    if (!written.ok) return written;
    made++;
  }
  return ok(made);
}

async function flawOf(bytes: Uint8Array, key: VerifyKey, { host }: RecoverPorts): Promise<string | undefined> {
  const read = readTrace(bytes, "trace");
  return read.ok ? await traceFlaw(host.crypto, read.value, key) : read.fault.message;
}

// A path that a caller named was written to the end before the reply; and no line of a file leads anywhere else than the folder.
const isOwn = (path: string, trace_dir: string): boolean => {
  const name = nameIn(path);
  return /^trace_[A-Za-z0-9_.\-]*\.json$/.test(name) && path === joinPath(trace_dir, name);
};
