// Rewriting a runpack in today's form (spec 01, section 7.6), and whether that changed anything.
import { sameBytes } from "../base/bytes.ts";
import type { Crypto, Host, Source } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { trim } from "../base/text.ts";
import { bytesSource } from "../base/zip_source.ts";
import { openZip } from "../base/zip_read.ts";
import type { Runpack } from "./open.ts";
import { type Sealed, sealRunpack } from "./seal.ts";

/** Seals the records of a runpack again, unsigned; a blank capture mode becomes `reference`. Faults of `sealRunpack`. */
export const migrateRunpack = (crypto: Crypto, { manifest, records }: Runpack): Promise<Result<Sealed>> =>
  sealRunpack(crypto, records, trim(manifest.capture_mode) || "reference");

/**
 * Whether an archive holds the same entries with the same bytes as a sealed one, whatever their order and packing. The faults
 * are those of `openZip`; `what` names the archive in messages.
 */
export async function sameEntries(host: Host, source: Source, sealed: Sealed, what: string): Promise<Result<boolean>> {
  const [before, after] = [await openZip(host, source, what), await openZip(host, bytesSource(sealed.bytes), what)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  if (before.value.entries.length !== after.value.entries.length) return ok(false);
  for (const entry of before.value.entries) {
    const other = after.value.find(entry.path);
    if (other === undefined || other.size !== entry.size) return ok(false);
    const [a, b] = [await before.value.digest(entry), await after.value.digest(other)];
    if (!a.ok) return a;
    if (!b.ok) return b;
    if (!sameBytes(a.value, b.value)) return ok(false);
  }
  return ok(true);
}
