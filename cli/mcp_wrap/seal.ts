// What a wrapped session leaves behind when it ends: its journal as a signed runpack, in which each record has its number.
import { utf8 } from "../../core/base/bytes.ts";
import { joinPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { SigningKey } from "../../core/base/sign.ts";
import { MAX_ENTRY_BYTES } from "../../core/base/zip_limits.ts";
import { bytesSource } from "../../core/base/zip_source.ts";
import { fromUtf8 } from "../../core/base/bytes.ts";
import { journalFiles } from "../../core/flow/pack_journals.ts";
import { readWrapLine, wrapRun } from "../../core/flow/wrap_records.ts";
import { heldFile } from "../../core/pack/build.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import type { Ports } from "../../core/ports.ts";
import type { WrapRecord } from "../../core/schema/wrap_session.ts";
import { WRAP_JOURNAL } from "./journal.ts";

/** The name of the runpack of a session, below its folder. */
export const WRAP_RUNPACK = "runpack.zip";

/** The ports that sealing takes. */
export type SealPorts = Pick<Ports, "files" | "store" | "machine" | "host">;

/** Seals the session of a folder whose journal has ended, and gives the path of the runpack. Faults of files, damage and writing. */
export async function sealSession(folder: string, version: string, key: SigningKey, ports: SealPorts): Promise<Result<string>> {
  const { host, machine: { os, arch, runtime } } = ports;
  const path = joinPath(folder, WRAP_JOURNAL);
  const bytes = await ports.files.read(path, MAX_ENTRY_BYTES);
  if (!bytes.ok) return bytes;
  const records: WrapRecord[] = [];
  for (const [index, line] of fromUtf8(bytes.value).split("\n").slice(0, -1).entries()) {
    const record = readWrapLine(utf8(line), path, index + 1);
    if (typeof record === "string") return fail("journal_damaged", record, { file: path, line: index + 1 });
    records.push(record);
  }
  const header = records[0]?.header;
  if (header === undefined) {
    return fail("journal_damaged", `Cannot seal "${path}": its first record is no header`, { file: path });
  }
  const journal = { name: WRAP_JOURNAL, path, source: bytesSource(bytes.value) };
  const beside = await journalFiles(host.crypto, [journal], version);
  if (!beside.ok) return beside;
  const run = wrapRun(host.crypto, header, records, { os, arch, runtime });
  const sealed = await sealRunpack(host.crypto, run, "reference", key, await Promise.all(beside.value.map(heldFile)));
  if (!sealed.ok) return sealed;
  const out = joinPath(folder, WRAP_RUNPACK);
  const written = await ports.store.write(out, sealed.value.bytes, "replace");
  return written.ok ? ok(out) : written;
}
