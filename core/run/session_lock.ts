// The lock of a journal (spec 01, section 8.6): what stands in it, how long to wait for it, and when it is nobody's any more.
import { durationMs } from "../base/duration.ts";
import { trim } from "../base/text.ts";
import { type Held, lockText as heldText } from "../schema/lock.ts";
import { LOCK_ID } from "../schema/session.ts";

export { readLock } from "../schema/lock.ts";

/** How a session waits for its lock; all times in milliseconds. */
export type LockTerms = {
  readonly retry: number;
  readonly timeout: number;
  /** A lock older than this may be taken over. */
  readonly lease: number;
  /** Whether an append returns only when it is on the disk. */
  readonly sync: boolean;
};

const STANDARD: LockTerms = { retry: 50, timeout: 2_000, lease: 300_000, sync: true };
const SWARM: LockTerms = { retry: 20, timeout: 10_000, lease: 600_000, sync: false };

/** The terms that the environment asks for. Durations that cannot be read, and such that are not above zero, ask for nothing. */
export function lockTerms(env: (name: string) => string | undefined): LockTerms {
  const own = trim(env("GAIT_SESSION_LOCK_PROFILE") ?? "").toLowerCase() === "swarm" ? SWARM : STANDARD;
  const duration = (name: string, otherwise: number): number => {
    const given = durationMs(trim(env(`GAIT_SESSION_LOCK_${name}`) ?? "")) ?? 0;
    return given > 0 ? given : otherwise;
  };
  const timeout = duration("TIMEOUT", own.timeout);
  return {
    retry: Math.min(duration("RETRY", own.retry), timeout),
    timeout,
    lease: duration("STALE_AFTER", own.lease),
    sync: own.sync,
  };
}

/** What a holder writes into the lock. */
export const lockText = (held: Held): Uint8Array<ArrayBuffer> => heldText(LOCK_ID, held);
