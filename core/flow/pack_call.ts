// What goes into the pack of a call (spec 04, section 3.4): the record in normal form, and the runpack of its run, which must hold.
import type { Host } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { MAX_ENTRY_BYTES } from "../base/zip_limits.ts";
import { bytesSource } from "../base/zip_read.ts";
import type { PackParts } from "../pack/build.ts";
import { callFiles } from "../pack/call_parts.ts";
import { openScan } from "../run/scan.ts";
import type { CallRecord } from "../schema/call_record.ts";

/**
 * Takes a call for packing; `record` is in normal form, `runpack` the bytes of the file `what`. All faults end with exit 6 but two
 * entries of one name, which stay exit 2.
 */
export async function callParts(
  host: Host,
  record: CallRecord,
  runpack: Uint8Array,
  what: string,
  version: string,
): Promise<Result<PackParts>> {
  if (runpack.length > MAX_ENTRY_BYTES) {
    return fail("file_too_large", `Cannot pack call "${record.call_id}": "${what}" takes more than 100 MiB`, { file: what });
  }
  const run = await openScan(host, bytesSource(runpack), what);
  if (!run.ok) return run;
  for (const records of [run.value.intents, run.value.results]) {
    const walked = await records(() => {});
    if (!walked.ok) return walked;
  }
  const files = callFiles(record, run.value.manifest.run_id, runpack);
  return ok({ pack_type: "call", source_ref: record.call_id, producer_version: version, files });
}
