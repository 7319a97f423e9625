// The documents of limits (spec 02, section 7.2): the counters that all processes share, and the lock of a state.
import { count, given, type Infer, listOf, object, text } from "../base/shape.ts";
import { VERSION_1 } from "./heading.ts";
import { lockShape, lockText, readLock } from "./lock.ts";

export const RATE_LIMIT_ID = "gait.gate.rate_limit_state";
export const RATE_LIMIT_LOCK_ID = "gait.gate.rate_limit_lock";

export const RateLimitStateShape = object("How often each limit was used", () => ({
  schema_id: text(`Always ${RATE_LIMIT_ID}`),
  schema_version: text(`Always ${VERSION_1}`),
  // Nothing may be left out: what is not said would count as zero, and let calls through.
  counters: given(listOf(
    object("One counter", () => ({
      key: given(text("Window, scope, start of the window and what is counted, with | between them")),
      count: given(count("How many were let through")),
    })),
    "The counters, sorted by key",
  )),
}));

export const RateLimitLockShape = lockShape(
  RATE_LIMIT_LOCK_ID,
  "Who is changing a state: the counters, a kill switch, its journal",
);

export type Counter = Infer<typeof RateLimitStateShape>["counters"][number];

/** How a lock is waited for, and after what time it is nobody's any more, in milliseconds. */
export type LockTerms = { readonly retry: number; readonly timeout: number; readonly lease: number };

/** How the lock of a state is waited for. */
const TERMS: LockTerms = { retry: 15, timeout: 3_000, lease: 15_000 };

/**
 * The rules of a lock that programs of other makers take too: what they write into it is theirs, and may be nothing, so that only its
 * age tells when it is nobody's. `now` says the time, `token` a text unlike any before.
 */
export const sharedLock = (now: () => string, token: () => string, terms: LockTerms) => ({
  ...terms,
  write: (holder: { readonly pid: number; readonly kernel: string }) =>
    lockText(RATE_LIMIT_LOCK_ID, { ...holder, created_at: now(), token: token() }),
  read: (bytes: Uint8Array) => {
    const { timed, expired, kernel } = readLock(bytes, now(), terms.lease);
    return { expired: timed ? expired : undefined, unfinished: false, kernel };
  },
});

/**
 * The rules by which the lock of a state is taken. One that is too old is stale, whatever it says (spec 02, section 7.2), unlike that of
 * a session (spec 01, section 8.6).
 */
export const stateLock = (now: () => string, token: () => string) => sharedLock(now, token, TERMS);
