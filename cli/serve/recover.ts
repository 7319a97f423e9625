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
  const notes: string[] = [];
  let recovered = 0;
  for (const number of numbers) {
    const path = joinPath(dir, segmentName(number));
    const file = ports.journal.open(path);
    if (!file.ok) return file;
    try {
      const done = await recoverOne(path, file.value, key, ports);
      if (!done.ok) return done;
      recovered += done.value.recovered;
      notes.push(...done.value.notes);
    } finally {
      file.value.close();
    }
  }
  return ok({ recovered, notes });
}

async function recoverOne(
  path: string,
  file: JournalFile,
  key: VerifyKey,
  ports: RecoverPorts,
): Promise<Result<Recovered>> {
  const look = file.look();
  if (!look.ok) return look;
  const tail = file.read(Math.max(0, look.value.size - TAIL), TAIL);
  if (!tail.ok) return tail;
  if (endsSettled(tail.value)) return ok({ recovered: 0, notes: [] });
  const bytes = await ports.files.read(path, MOST_SEGMENT);
  if (!bytes.ok) return bytes;
  const content = readSegment(bytes.value, path);
  if (!content.ok) return content;
  const notes: string[] = [];
  const torn = bytes.value.length - content.value.size;
  if (torn > 0) {
    const cut = file.cut(content.value.size);
    if (!cut.ok) return cut;
    const unfinished = bytes.value.subarray(content.value.size).some((byte) => byte !== 0); // zeros are room that was made
    if (unfinished) notes.push(`The last line of "${path}" was never finished and was cut off`);
  }
  if (content.value.header === undefined || content.value.settled) return ok({ recovered: 0, notes });
  const made = await makeAgain(path, content.value, key, ports);
  if (!made.ok) return made;
  const settled = recordLine({ record_type: "settled", settled: { calls: content.value.calls.length } });
  const added = file.append(utf8(settled), content.value.size, "disk");
  if (!added.ok) return added;
  if (made.value > 0) notes.push(`${made.value} traces were made again from "${path}"`);
  return ok({ recovered: made.value, notes });
}

/** The text of the file of a trace, as the call left it. */
export const traceText = ({ trace }: ServedCall): string => `${JSON.stringify(trace ?? {})}\n`;

async function makeAgain(
  journal: string,
  { header, calls, removed }: SegmentContent,
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
