// Reading a runpack for use as a whole.
import type { Host, Source } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Intent, ResultRecord, RunRecords } from "../schema/runpack.ts";
import { openScan } from "./scan.ts";

/** A runpack whose entries are what its manifest says. Signatures were not looked at. */
export type Runpack = { readonly manifest: Manifest; readonly records: RunRecords };

/** Opens a runpack for use. All faults end with exit 6 but two entries of one name, which stay exit 2. */
export async function openRunpack(host: Host, source: Source, what: string): Promise<Result<Runpack>> {
  const scan = await openScan(host, source, what);
  if (!scan.ok) return scan;
  const { manifest, run, refs } = scan.value;
  const intents: Intent[] = [];
  const results: ResultRecord[] = [];
  const called = await scan.value.intents((intent) => void intents.push(intent));
  if (!called.ok) return called;
  const answered = await scan.value.results((record) => void results.push(record));
  return answered.ok ? ok({ manifest, records: { run, intents, results, refs } }) : answered;
}
