// What a fixture can be made of (spec 06, section 3.1): a runpack, or a run pack, whose inner runpack is taken. Either is verified first.
import type { Host } from "../base/host.ts";
import { ending, fail, type Fault, ok, type Result } from "../base/result.ts";
import { bytesSource, openZip } from "../base/zip_read.ts";
import { openEntries } from "../pack/entries.ts";
import { openRunpack, type Runpack } from "../run/open.ts";
import { SOURCE_RUNPACK } from "../schema/pack.ts";
import { verifyPackFile } from "./pack_verify.ts";

/** A run that holds, and the bytes of its runpack. */
export type SourceRunpack = { readonly run: Runpack; readonly bytes: Uint8Array };

/** Opens a runpack or a run pack. All faults end with exit 6 but two entries of one name. */
export async function sourceRunpack(host: Host, bytes: Uint8Array, what: string): Promise<Result<SourceRunpack>> {
  const run = await openRunpack(host, bytesSource(bytes), what);
  if (run.ok) return ok({ run: run.value, bytes });
  if (run.fault.code !== "manifest_missing") return run;
  const inner = await innerRunpack(host, bytes, what);
  if (!inner.ok) return { ok: false, fault: asUsage(inner.fault.code === "manifest_missing" ? run.fault : inner.fault) };
  const opened = await openRunpack(host, bytesSource(inner.value), what);
  return opened.ok ? ok({ run: opened.value, bytes: inner.value }) : opened;
}

const asUsage = (fault: Fault): Fault => fault.code === "zip_duplicate_entry" ? fault : ending(fault, "usage");

async function innerRunpack(host: Host, bytes: Uint8Array, what: string): Promise<Result<Uint8Array>> {
  const trust = { key: undefined, requireSignature: false, strict: false };
  const verdict = await verifyPackFile(host, bytesSource(bytes), what, trust);
  if (!verdict.ok) return verdict;
  const { ok: holds, pack_type } = verdict.value;
  if (!holds) return fail("pack_tampered", `Cannot make a fixture of "${what}": the pack does not hold`, { file: what });
  if (pack_type !== "run") {
    const words = `Cannot make a fixture of "${what}": wanted is a run pack, it is of type ${pack_type}`;
    return fail("document_kind", words, { file: what });
  }
  const archive = await openZip(host, bytesSource(bytes), what);
  return archive.ok ? await openEntries(archive.value, what).bytes(SOURCE_RUNPACK) : archive;
}
