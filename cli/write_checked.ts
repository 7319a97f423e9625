// Writing a runpack and then verifying what was written, from the disk: what `run record` and `demo` share.
import { ending, fail, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import type { RunpackReport } from "../core/run/verify.ts";
import type { Ports } from "../core/ports.ts";
import { verifyAt } from "./verify_at.ts";

/**
 * Writes a runpack in the place of what was there and verifies the file. A file that does not hold, or cannot be read back, is a
 * failed verification whatever its fault is called.
 */
export async function writeChecked(
  path: string,
  bytes: Uint8Array,
  key: VerifyKey | undefined,
  { files, store, host }: Pick<Ports, "files" | "store" | "host">, // without progress: the caller reports its own steps
): Promise<Result<RunpackReport>> {
  const written = await store.write(path, bytes, "replace");
  if (!written.ok) return written;
  const trust = { key, requireSignature: key !== undefined, refuseUndeclared: true };
  const report = await verifyAt(path, trust, { files, host });
  if (!report.ok) return { ok: false, fault: ending(report.fault, "verification") };
  return report.value.ok
    ? ok(report.value)
    : fail("verification_failed", `Cannot trust "${path}": what was written does not verify`, { file: path });
}
