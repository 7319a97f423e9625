// Rules of a lock for tests: it holds its owner's pid, kernel and a token, as JSON.
import { utf8 } from "../../core/base/bytes.ts";
import type { LockRules } from "../../core/ports.ts";
import { readLock } from "../../core/run/session_lock.ts";

/** Rules with some of them changed; a lease of an hour, so that time alone frees nothing. */
export const rules = (changed: Partial<LockRules> = {}): LockRules => ({
  retry: 5,
  timeout: 60,
  lease: 3_600_000,
  write: (holder) => utf8(JSON.stringify({ ...holder, created_at: new Date().toISOString(), token: crypto.randomUUID() })),
  read: (bytes) => readLock(bytes, new Date().toISOString(), 3_600_000),
  ...changed,
});
