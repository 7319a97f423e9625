// The ledger of approvals of single use: each lets a call through once, whatever the order, the clock or the files that carry it.
import { asksLedger, readLedger, requestWord, requestWords, spend, type Spent } from "../../core/authority/single_use.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import type { ApprovalEntry } from "../../core/schema/approval_audit.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const [R1, R2, R3] = ["1", "2", "3"].map((digit) => digit.repeat(64));
const NOW = "2026-03-14T10:00:00Z";
const END = "2026-03-14T10:30:00Z";

const entry = (token_id: string, request: string | undefined, change: Partial<ApprovalEntry> = {}): ApprovalEntry => ({
  token_id,
  approver_identity: "ann",
  reason_code: "r",
  scope: ["tool:x", ...(request === undefined ? [] : [requestWord(request)])],
  expires_at: END,
  valid: true,
  error_code: "",
  ...change,
});

const enough = (count: number) => (entries: readonly ApprovalEntry[]): boolean =>
  entries.filter(({ valid }) => valid).length >= count;
const use = (
  ledger: Uint8Array | undefined,
  entries: readonly ApprovalEntry[],
  { wanted = 1, now = NOW }: { readonly wanted?: number; readonly now?: string } = {},
): Spent => assertOk(spend(ledger, entries, enough(wanted), now, "ledger"));
const codes = ({ entries }: Spent): readonly string[] => entries.map(({ error_code }) => error_code);
const kept = ({ next }: Spent): readonly string[] =>
  assertOk(readLedger(next ?? utf8(""), "ledger")).uses.map(({ token_id }) => token_id);

Deno.test("single use: a request is used once, by whichever of its tokens", () => {
  const first = use(undefined, [entry("t1", R1)]);
  assertEquals([codes(first), kept(first)], [[""], ["t1"]]);
  for (const again of [entry("t1", R1), entry("t2", R1)]) {
    const second = use(first.next, [again]);
    assertEquals([codes(second), second.next], [["approval_token_replayed"], undefined]);
    assertEquals(second.entries[0]?.valid, false);
  }
  const other = use(first.next, [entry("t3", R2)]);
  assertEquals([codes(other), kept(other)], [[""], ["t1", "t3"]]);
});

Deno.test("single use: approvals that a call takes together are used together, or none of them", () => {
  const before = use(undefined, [entry("t2", R2)]);
  const two = [entry("t1", R1), entry("t2", R2)];
  const lacking = use(before.next, two, { wanted: 2 });
  assertEquals([codes(lacking), lacking.next], [["", "approval_token_replayed"], undefined]);
  const alone = use(before.next, two, { wanted: 1 });
  assertEquals([codes(alone), kept(alone)], [["", "approval_token_replayed"], ["t2", "t1"]]);
  const both = use(undefined, [entry("a", R1), entry("b", R1)], { wanted: 2 });
  assertEquals([codes(both), kept(both)], [["", ""], ["a", "b"]]);
  assertEquals(codes(use(both.next, [entry("a", R1), entry("c", R1)])), ["approval_token_replayed", "approval_token_replayed"]);
});

Deno.test("single use: tokens that name no request, and those that do not count, are left alone", () => {
  const plain = entry("t1", undefined);
  const invalid = entry("t2", R1, { valid: false, error_code: "approval_token_expired" });
  assertEquals([asksLedger([plain, invalid]), asksLedger([plain, entry("t3", R1)])], [false, true]);
  const spent = use(undefined, [plain, invalid]);
  assertEquals([spent.entries, spent.next], [[plain, invalid], undefined]);
  const mixed = use(undefined, [plain, invalid, entry("t3", R1)]);
  assertEquals(kept(mixed), ["t3"]);
});

Deno.test("single use: the word counts in any letter case and however often it stands there", () => {
  assertEquals(requestWords(["tool:x", " Request:ABC", "request:abc", "REQUEST:d"]), ["request:abc", "request:d"]);
  const first = use(undefined, [entry("t1", undefined, { scope: [`REQUEST:${R1}`, `request:${R2}`] })]);
  assertEquals(codes(use(first.next, [entry("t2", R2)])), ["approval_token_replayed"]);
  const twice = use(undefined, [entry("t1", R1), entry("t1", R1)]);
  assertEquals(kept(twice), ["t1"]);
});

Deno.test("single use: what has long ended is forgotten, and a clock that is set back brings nothing back", () => {
  const weekLater = "2026-03-21T10:30:00Z";
  const end = "2026-03-21T11:00:00Z";
  const first = use(undefined, [entry("t1", R1)]);
  const within = use(first.next, [entry("t2", R2, { expires_at: end })], { now: weekLater });
  assertEquals(kept(within), ["t1", "t2"]);
  assertEquals(codes(use(within.next, [entry("t9", R1, { expires_at: end })], { now: weekLater })), [
    "approval_token_replayed",
  ]);
  const later = use(first.next, [entry("t2", R2, { expires_at: end })], { now: "2026-03-21T10:30:00.000000001Z" });
  assertEquals(kept(later), ["t2"]);
  const ledger = assertOk(readLedger(later.next ?? utf8(""), "ledger"));
  assertEquals([ledger.closed_until, assertOk(readLedger(first.next ?? utf8(""), "ledger")).closed_until], [END, ZERO_TIME]);
  assertEquals(codes(use(later.next, [entry("t1", R1)], { now: NOW })), ["approval_token_expired"]);
  assertEquals(codes(use(later.next, [entry("t3", R3, { expires_at: END })], { now: NOW })), ["approval_token_expired"]);
  const after = use(later.next, [entry("t4", R3, { expires_at: "2026-03-14T10:30:01Z" })], { now: NOW });
  assertEquals([codes(after), assertOk(readLedger(after.next ?? utf8(""), "ledger")).closed_until], [[""], END]);
});

Deno.test("single use: a ledger that cannot be read whole is not taken for an empty one", () => {
  const good = use(undefined, [entry("t1", R1)]).next ?? utf8("");
  const text = fromUtf8(good);
  const spoiled = (bytes: Uint8Array) => spend(bytes, [entry("t2", R2)], enough(1), NOW, "ledger");
  assertFault(spoiled(utf8("")), "json_syntax");
  assertFault(spoiled(good.subarray(0, 40)), "json_syntax");
  assertFault(spoiled(utf8("{}")), "document_shape");
  assertFault(spoiled(utf8(text.replace("approval_ledger", "rate_limit_state"))), "document_kind");
  assertFault(spoiled(utf8(text.replace('"uses"', '"used"'))), "document_shape");
  assertFault(spoiled(utf8(text.replace("1.0.0", "2.0.0"))), "document_shape");
  assert(spoiled(good).ok);
});
