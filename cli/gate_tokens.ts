// The token files that a call is shown with, read and judged (spec 03, sections 3.4 and 4.6).
import { readDelegation } from "../core/authority/delegation_token.ts";
import type { HopEntry } from "../core/authority/granted.ts";
import { readAnyApproval } from "../core/authority/shown_approval.ts";
import { TOKEN_LIMIT } from "../core/authority/token.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { approvalEntries, approvedCall, type BoundCall, delegationEntries, hopsOf } from "../core/flow/gate_tokens.ts";
import type { ApprovalEntry } from "../core/schema/approval_audit.ts";
import type { Ports } from "../core/ports.ts";

type TokenPorts = Pick<Ports, "files" | "host" | "clock">;

async function readAll<T>(
  paths: readonly string[],
  read: (bytes: Uint8Array, what: string) => Result<T>,
  { files }: TokenPorts,
): Promise<Result<readonly T[]>> {
  const all: T[] = [];
  for (const path of paths) {
    const bytes = await files.read(path, TOKEN_LIMIT);
    const token = bytes.ok ? read(bytes.value, path) : bytes;
    if (!token.ok) return token;
    all.push(token.value);
  }
  return ok(all);
}

/** The approvals in these files, judged for a call by the wall clock. Faults of files that cannot be read. */
export async function approvalFacts(
  paths: readonly string[],
  call: BoundCall,
  key: VerifyKey,
  ports: TokenPorts,
): Promise<Result<readonly ApprovalEntry[]>> {
  const tokens = await readAll(paths, readAnyApproval, ports);
  if (!tokens.ok) return tokens;
  return ok(await approvalEntries(ports.host.crypto, tokens.value, approvedCall(call), key, ports.clock.now()));
}

/** The delegations in these files, judged for the hops of a call by the wall clock. Faults of files that cannot be read. */
export async function delegationFacts(
  paths: readonly string[],
  { intent, digests, policy_digest }: BoundCall,
  scopes: readonly string[],
  key: VerifyKey,
  ports: TokenPorts,
): Promise<Result<readonly HopEntry[]>> {
  const tokens = await readAll(paths, readDelegation, ports);
  if (!tokens.ok) return tokens;
  const hops = intent.delegation === undefined ? [] : hopsOf(intent.delegation);
  const wanted = { scopes, intent_digest: digests.intent_digest, policy_digest };
  return ok(await delegationEntries(ports.host.crypto, tokens.value, hops, wanted, key, ports.clock.now()));
}
