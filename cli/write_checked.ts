// Writing a runpack and then verifying what was written, from the disk: what `run record` and `demo` share.
import { ending, fail, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { type RunpackReport, verifyRunpack } from "../core/run/verify.ts";
import type { Ports } from "../core/ports.ts";

/**
 * Writes a runpack in the place of what was there and verifies the file. A file that does not hold, or cannot be read back, is a
 * failed verification whatever its fault is called.
 */
export async function writeChecked(
  path: string,
  bytes: Uint8Array,
  key: VerifyKey | undefined,
  { files, store, host }: Pick<Ports, "files" | "store" | "host">,
): Promise<Result<RunpackReport>> {
  const written = await store.write(path, bytes, "replace");
  if (!written.ok) return written;
  const file = await files.open(path);
  if (!file.ok) return { ok: false, fault: ending(file.fault, "verification") };
  const report = await verifyRunpack(host, file.value, path, {
    key,
    requireSignature: key !== undefined,
    refuseUndeclared: true,
  });
  file.value.close();
  if (!report.ok) return { ok: false, fault: ending(report.fault, "verification") };
  return report.value.ok
    ? ok(report.value)
    : fail("verification_failed", `Cannot trust "${path}": what was written does not verify`, { file: path });
}
