// The lock of a journal (spec 01, section 8.6): what stands in it, how long to wait for it, and when it is nobody's any more.
import { utf8 } from "../base/bytes.ts";
import { durationMs } from "../base/duration.ts";
import { readDocument } from "../base/document.ts";
import { isCutShort } from "../base/json_torn.ts";
import { writeShape } from "../base/shape.ts";
import { trim } from "../base/text.ts";
import { isZeroTime, millisecondsBetween } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { LOCK_ID, type SessionLock, SessionLockShape } from "../schema/session.ts";

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
export const lockText = (holder: Pick<SessionLock, "pid" | "created_at" | "token" | "kernel">): Uint8Array<ArrayBuffer> =>
  utf8(JSON.stringify(writeShape(SessionLockShape, { schema_id: LOCK_ID, schema_version: VERSION_1, ...holder })));

/** What a lock says. */
export type LockSays = {
  /** Its lease has run out. */
  readonly expired: boolean;
  /** It is empty or ends in the middle: its maker died before it held anything. */
  readonly unfinished: boolean;
  /** The system on which its holder can be seen to live; blank when it names none. */
  readonly kernel: string;
};

/** Reads a lock of this or another program. One that holds something else, or no time, never expires. */
export function readLock(bytes: Uint8Array, now: string, lease: number): LockSays {
  const read = readDocument(SessionLockShape, bytes, "lock", {});
  if (!read.ok) return { expired: false, unfinished: isCutShort(bytes), kernel: "" };
  const { created_at, kernel } = read.value.value;
  const expired = !isZeroTime(created_at) && millisecondsBetween(created_at, now) > lease;
  return { expired, unfinished: false, kernel };
}
