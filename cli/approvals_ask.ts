// Asking for an approval: a decision that wants one leaves a request in an inbox.
import { expiry } from "../core/authority/token.ts";
import { outputPath } from "../core/base/paths.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import { PENDING_TTL, writePending } from "../core/flow/pending_request.ts";
import type { Ports } from "../core/ports.ts";

/** A request that was made, as the gate tells of it; empty where none was. */
export type Asked = { readonly pending_request_id?: string; readonly pending_request_path?: string };

/**
 * Writes the request of a decision into the inbox `dir`; nothing where none is named, or the decision asks for nothing. Faults
 * `path_refused`, `write_failed`.
 */
export async function askApproval(
  dir: string,
  decided: Decided,
  producer_version: string,
  { clock, random, host, store }: Pick<Ports, "clock" | "random" | "host" | "store">,
): Promise<Result<Asked>> {
  if (dir === "" || decided.final.verdict !== "require_approval") return ok({});
  const now = clock.now();
  const expires_at = expiry(now, PENDING_TTL);
  if (!expires_at.ok) return expires_at;
  const nonce = random.bytes(16);
  const file = writePending(host.crypto, decided, { dir, now, expires_at: expires_at.value, nonce, producer_version });
  if (file === undefined) return ok({});
  const path = outputPath(file.path, "the request for approval");
  if (!path.ok) return path;
  const written = await store.write(path.value, file.bytes, "create");
  return written.ok ? ok({ pending_request_id: file.id, pending_request_path: path.value }) : written;
}
