// The ledger of approvals of single use where all processes share it.
import { asksLedger, spend } from "../core/authority/single_use.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";
import type { ApprovalEntry } from "../core/schema/approval_audit.ts";

/** How a ledger is asked. */
export type Consuming = {
  /** Whether approvals are enough for the call. */
  suffices(entries: readonly ApprovalEntry[]): boolean;
  /** Only asks, and uses nothing up. */
  readonly simulate: boolean;
};

/**
 * Uses up the approvals of single use that let a call through, in one step among all processes, and gives the approvals as they count
 * after that: one that was used before counts no more. Where those that are left do not suffice, nothing is used up; without an
 * approval of single use no ledger is touched. Only an answer counts: after a fault the call must not go ahead. Faults: those of the
 * port and of `readLedger`.
 */
export async function consumeOnce(
  path: string,
  entries: readonly ApprovalEntry[],
  { suffices, simulate }: Consuming,
  { state, clock }: Pick<Ports, "state" | "clock">,
): Promise<Result<readonly ApprovalEntry[]>> {
  if (!asksLedger(entries) || !suffices(entries)) return ok(entries);
  const now = clock.now();
  const spent = (bytes: Uint8Array | undefined) => spend(bytes, entries, suffices, now, path);
  if (simulate) {
    const bytes = await state.read(path);
    const asked = bytes.ok ? spent(bytes.value) : bytes;
    return asked.ok ? ok(asked.value.entries) : asked;
  }
  return await state.update(path, (bytes) => {
    const used = spent(bytes);
    return used.ok ? ok({ value: used.value.entries, next: used.value.next }) : used;
  });
}
