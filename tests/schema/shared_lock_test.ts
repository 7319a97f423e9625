// Locks that programs of other makers take too (spec 04, section 7.1; 05, section 2.5): only their age tells that they are nobody's.
import { utf8 } from "../../core/base/bytes.ts";
import { sharedLock, stateLock } from "../../core/schema/rate_limit.ts";
import { assertEquals } from "../assert.ts";

const TERMS = { retry: 10, timeout: 2_000, lease: 30_000 } as const;
const NOW = "2026-03-01T10:00:00Z";
const lock = sharedLock(() => NOW, () => "t", TERMS);

Deno.test("shared lock: what others leave in it, or leave out, says nothing; its file's age tells", () => {
  for (const text of ["", "{", "4711\n", "{}", `{"pid":1}`]) {
    assertEquals(lock.read(utf8(text)), { expired: undefined, unfinished: false, kernel: "" }, text);
  }
});

Deno.test("shared lock: one of our own tells its time, and on which system its holder lives", () => {
  const at = (created_at: string) => stateLock(() => created_at, () => "u").write({ pid: 1, kernel: "k" });
  assertEquals(lock.read(at("2026-03-01T09:59:31Z")), { expired: false, unfinished: false, kernel: "k" });
  assertEquals(lock.read(at("2026-03-01T09:59:29Z")), { expired: true, unfinished: false, kernel: "k" });
  assertEquals(lock.read(lock.write({ pid: 1, kernel: "" })).expired, false);
  const { retry, timeout, lease } = lock;
  assertEquals({ retry, timeout, lease }, TERMS);
});
