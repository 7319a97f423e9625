// The cached state is believed only about the journal that it was taken from; the lock says when it may be taken over.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { lockTerms, lockText, readLock } from "../../core/run/session_lock.ts";
import { clash, sessionPaths } from "../../core/run/session_paths.ts";
import { believed, stateText } from "../../core/run/session_state.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { lines, MADE, scan } from "./sessions.ts";

const { crypto } = nodeHost;
const LINES = lines(["a", { checkpoint: true }, "b", "c"]);
const BYTES = concatBytes(LINES);
const { standing, tail } = assertOk(scan(BYTES));
const ENDS = { size: BYTES.length, head: LINES[0]?.slice(0, -1) ?? utf8(""), tail };
const STATE = stateText(crypto, standing, ENDS, { updated_at: MADE.created_at, producer_version: "t" });

Deno.test("state: gives back what the journal came to", () => {
  assertEquals(believed(crypto, utf8(STATE), ENDS), standing);
});

Deno.test("state: one that is stale, foreign, broken or forged is not believed", () => {
  const forged: readonly (readonly [string, unknown])[] = [
    ["last_sequence", 9],
    ["event_count", 9],
    ["session_id", "other"],
    ["journal_size_bytes", BYTES.length + 1],
    ["last_checkpoint_index", 7],
    ["tail_digest", ""],
    ["tail_digest", "0".repeat(64)],
    ["created_at", "2020-01-01T00:00:00Z"],
    ["last_sequence", "x"],
  ];
  for (const [name, value] of forged) {
    const state = utf8(JSON.stringify({ ...JSON.parse(STATE), [name]: value }));
    assertEquals(believed(crypto, state, ENDS), undefined, name);
  }
  for (const text of ["", "not json", "[]", "{}", STATE.slice(0, -9)]) {
    assertEquals(believed(crypto, utf8(text), ENDS), undefined, text);
  }
  const other = assertOk(scan(concatBytes(lines(["a", { checkpoint: true }, "b", "d"]))));
  assertEquals(believed(crypto, utf8(STATE), { ...ENDS, tail: other.tail }), undefined, "another last line of the same size");
  assertEquals(believed(crypto, utf8(STATE), { ...ENDS, size: ENDS.size + 1 }), undefined);
});

Deno.test("lock: its terms come from the profile, single durations win, nonsense asks for nothing", () => {
  const terms = (env: Record<string, string>) => lockTerms((name) => env[name]);
  const standard = { retry: 50, timeout: 2_000, lease: 300_000, sync: true };
  assertEquals(terms({}), standard);
  assertEquals(terms({ GAIT_SESSION_LOCK_PROFILE: " Swarm " }), { retry: 20, timeout: 10_000, lease: 600_000, sync: false });
  assertEquals(terms({ GAIT_SESSION_LOCK_PROFILE: "other" }), standard);
  assertEquals(terms({ GAIT_SESSION_LOCK_TIMEOUT: "150ms", GAIT_SESSION_LOCK_RETRY: "1m30s" }).retry, 150);
  assertEquals(terms({ GAIT_SESSION_LOCK_STALE_AFTER: "1m30s" }).lease, 90_000);
  for (const none of ["", "-1s", "0", "5", "soon"]) {
    assertEquals(terms({ GAIT_SESSION_LOCK_TIMEOUT: none, GAIT_SESSION_LOCK_STALE_AFTER: none }), standard, none);
  }
});

Deno.test("lock: it expires by its own time, and only if it says one", () => {
  const text = lockText({ pid: 7, created_at: "2026-03-01T10:00:00Z", token: "t", kernel: "k" });
  const read = (bytes: Uint8Array, now: string) => readLock(bytes, now, 60_000);
  assertEquals(read(text, "2026-03-01T10:01:00Z"), { expired: false, timed: true, unfinished: false, kernel: "k" });
  assertEquals(read(text, "2026-03-01T10:01:00.001Z").expired, true);
  assertEquals(read(utf8("held"), "2030-01-01T00:00:00Z"), { expired: false, timed: false, unfinished: false, kernel: "" });
  assertEquals(read(text, "2026-03-01T09:59:59Z"), { expired: false, timed: false, unfinished: false, kernel: "k" });
  assertEquals(read(utf8(`{"pid":1}`), "2030-01-01T00:00:00Z").expired, false);
  assertEquals(read(text.slice(0, -1), "2030-01-01T00:00:00Z").unfinished, true);
});

Deno.test("paths: all files of a session lie beside its journal", () => {
  assertEquals(sessionPaths("d.x/s.jsonl"), {
    journal: "d.x/s.jsonl",
    state: "d.x/s.jsonl.state.json",
    lock: "d.x/s.jsonl.lock",
    chain: "d.x/s_chain.json",
  });
  assertEquals(sessionPaths("d.x/s").chain, "d.x/s_chain.json");
  assertEquals(clash("./a//b", ["c", "a/b"]), "a/b");
  assertEquals(clash("a/b", ["b"]), undefined);
});
