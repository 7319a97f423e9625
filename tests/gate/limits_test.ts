// Counting one call (spec 02, section 7.2): keys, windows, what the state looks like, and that a state which is none lets nothing
// through.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import { type Caller, type Counted, countOne } from "../../core/gate/limits.ts";
import type { Limit } from "../../core/gate/types.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const LIMIT: Limit = { requests: 2, window: "hour", scope: "tool_identity" };
const CALLER: Caller = { tool: "ledger.post", identity: "svc.clerk", budget: false };
const NOW = "2026-03-14T09:26:53.589793Z";

type Counter = { readonly key: string; readonly count: number };

const state = (...counters: readonly Counter[]): Uint8Array =>
  utf8(JSON.stringify({ schema_id: "gait.gate.rate_limit_state", schema_version: "1.0.0", counters }));

const counters = ({ next }: Counted): readonly Counter[] => {
  assert(next !== undefined, "nothing was counted");
  return JSON.parse(fromUtf8(next)).counters;
};

const count = (bytes: Uint8Array | undefined, limit: Partial<Limit> = {}, caller: Partial<Caller> = {}, now = NOW): Counted =>
  assertOk(countOne(bytes, { ...LIMIT, ...limit }, { ...CALLER, ...caller }, now));

Deno.test("limits: the first call makes the state, sorted and indented", () => {
  const { next, ...said } = count(undefined);
  assertEquals(said, {
    scope: "tool_identity",
    key: "ledger.post|svc.clerk",
    bucket: "2026-03-14T09:00:00Z",
    behind: false,
    exceeded: false,
    used: 1,
    remaining: 1,
  });
  assertEquals(
    fromUtf8(next ?? utf8("")),
    `{
  "schema_id": "gait.gate.rate_limit_state",
  "schema_version": "1.0.0",
  "counters": [
    {
      "key": "hour|tool_identity|2026-03-14T09:00:00Z|ledger.post|svc.clerk",
      "count": 1
    }
  ]
}
`,
  );
});

Deno.test("limits: calls are let through up to the limit, and the next one is not counted", () => {
  let bytes: Uint8Array | undefined;
  for (const [used, remaining] of [[1, 1], [2, 0]]) {
    const said = count(bytes);
    assertEquals([said.exceeded, said.used, said.remaining], [false, used, remaining]);
    bytes = said.next;
  }
  const over = count(bytes);
  assertEquals([over.exceeded, over.used, over.remaining, "next" in over], [true, 2, 0, false]);
  const lowered = count(bytes, { requests: 1 });
  assertEquals([lowered.exceeded, lowered.used, lowered.remaining], [true, 2, 0], "a limit that was higher before");
  assertEquals(count(bytes, { requests: 3 }).used, 3);
});

Deno.test("limits: each scope has its own key, a destructive budget too but for identities", () => {
  const keys = (["tool_identity", "tool", "identity"] as const).flatMap((scope) =>
    [false, true].map((budget) => count(undefined, { scope }, { budget }).key)
  );
  assertEquals(keys, [
    "ledger.post|svc.clerk",
    "destructive_budget|ledger.post|svc.clerk",
    "ledger.post",
    "destructive_budget|ledger.post",
    "svc.clerk",
    "svc.clerk",
  ]);
  const { next } = count(undefined, { scope: "identity", requests: 1 });
  assert(count(next, { scope: "identity", requests: 1 }, { budget: true }).exceeded, "identities share their counter");
  assert(!count(next, { scope: "tool", requests: 1 }).exceeded);
  assert(!count(next, { scope: "identity", requests: 1, window: "minute" }).exceeded);
});

Deno.test("limits: a window is a minute or an hour of UTC", () => {
  const starts: readonly (readonly [string, string, string])[] = [
    [NOW, "2026-03-14T09:26:00Z", "2026-03-14T09:00:00Z"],
    ["2026-01-01T00:00:00+00:30", "2025-12-31T23:30:00Z", "2025-12-31T23:00:00Z"],
    ["2026-03-14T23:59:59.999999999-01:00", "2026-03-15T00:59:00Z", "2026-03-15T00:00:00Z"],
  ];
  for (const [now, minute, hour] of starts) {
    assertEquals([count(undefined, { window: "minute" }, {}, now).bucket, count(undefined, {}, {}, now).bucket], [
      minute,
      hour,
    ]);
  }
  const { next } = count(undefined, { requests: 1 });
  assert(!count(next, { requests: 1 }, {}, "2026-03-14T10:00:00Z").exceeded, "a new hour");
});

Deno.test("limits: what is over is forgotten, for this kind of window only", () => {
  const minute = "minute|tool|2026-03-14T08:01:00Z|t";
  const foreign = [
    "hour",
    "hour|tool",
    "hour|tool|soon|t",
    "hour|tool|2026-03-14T25:00:00Z|t",
    "day|tool|2026-03-01T00:00:00Z|t",
  ];
  const old = ["hour|tool|2026-03-14T08:00:00Z|t", "hour|identity|2025-03-14T09:00:00Z|t"];
  const now = "hour|tool|2026-03-14T09:00:00Z|t";
  const all = [...old, ...foreign, minute, now].map((key) => ({ key, count: 7 }));
  const kept = counters(count(state(...all))).map(({ key }) => key);
  const own = "hour|tool_identity|2026-03-14T09:00:00Z|ledger.post|svc.clerk";
  assertEquals(kept, [...foreign, minute, now, own].sort());
});

Deno.test("limits: a clock that was set back counts in the latest window that the state knows", () => {
  const first = count(undefined, { requests: 1 }, {}, "2026-03-14T09:59:59Z");
  const second = count(first.next, { requests: 1 }, {}, "2026-03-14T10:00:00Z"); // forgets the window of the first
  const back = count(second.next, { requests: 1 }, {}, "2026-03-14T09:59:59Z");
  assertEquals([back.exceeded, back.bucket, back.behind], [true, "2026-03-14T10:00:00Z", true]);
  const other = count(second.next, { requests: 1 }, { identity: "svc.other" }, "2026-03-14T09:59:59Z");
  assertEquals([other.exceeded, other.bucket, other.behind], [false, "2026-03-14T10:00:00Z", true]);
});

Deno.test("limits: a counter of more than a window ahead stays, and holds nothing", () => {
  for (const [window, near, far] of [["hour", "10:00", "11:00"], ["minute", "09:27", "09:28"]] as const) {
    const key = (time: string) => `${window}|tool_identity|2026-03-14T${time}:00Z|ledger.post|svc.clerk`;
    const captured = count(state({ key: key(near), count: 7 }), { window });
    assertEquals([captured.exceeded, captured.behind], [true, true], window);
    for (const [time, year] of [[far, "2026"], [near, "9999"]] as const) {
      const ahead = key(time).replace("2026", year);
      const said = count(state({ key: ahead, count: 7 }), { window });
      assertEquals([said.exceeded, said.behind, said.used], [false, false, 1], ahead);
      assertEquals(counters(said).find((one) => one.key === ahead)?.count, 7, "it counts when its time has come");
    }
  }
});

Deno.test("limits: names with separators and odd characters stay what they are", () => {
  const caller = { tool: "a|b", identity: '"\n\u2028é😀' };
  const { next } = count(undefined, { requests: 1 }, caller);
  assert(count(next, { requests: 1 }, caller).exceeded);
  const lone = count(undefined, { requests: 1 }, { identity: "x\ud800" });
  assert(count(lone.next, { requests: 1 }, { identity: "x\ud800" }).exceeded, "half a character is read back as another");
});

Deno.test("limits: a state that is none lets nothing through", () => {
  const whole = state({ key: "k", count: 1 });
  const bad: readonly (readonly [FaultCode, Uint8Array])[] = [
    ["json_syntax", utf8("")],
    ["json_syntax", utf8("nope")],
    ["json_syntax", whole.subarray(0, -1)],
    ["json_syntax", new Uint8Array(whole.length)],
    ["text_encoding", utf8(`\ufeff${fromUtf8(whole)}`)],
    ["document_shape", utf8("{}")],
    ["document_shape", utf8("[]")],
    ["document_shape", utf8("null")],
    ["document_kind", utf8(fromUtf8(whole).replace("rate_limit_state", "kill_switch_state"))],
    ["document_kind", utf8(fromUtf8(whole).replace("1.0.0", "2.0.0"))],
    ["document_shape", utf8(fromUtf8(whole).replace('"count":1', '"count":-1'))],
    ["document_shape", utf8(fromUtf8(whole).replace('"count":1', '"count":1.5'))],
    ["document_shape", utf8(fromUtf8(whole).replace('"count":1', '"count":"1"'))],
    ["document_shape", utf8(fromUtf8(whole).replace(/\[.*\]/, "{}"))],
    ["document_shape", utf8(fromUtf8(whole).replace(',"count":1', ""))],
    ["document_shape", utf8(fromUtf8(whole).replace('"count":1', '"count":null'))],
    ["document_shape", utf8(fromUtf8(whole).replace('"key":"k",', ""))],
    ["document_shape", utf8(fromUtf8(whole).replace(/\[.*\]/, "null"))],
    ["document_shape", utf8(fromUtf8(whole).replace(/,"counters":\[.*\]/, ""))],
    ["document_shape", state({ key: "k", count: 1 }, { key: "k", count: 2 })],
    ["json_duplicate_key", utf8(fromUtf8(whole).replace('"count":1', '"count":1,"count":0'))],
    ["json_number_range", utf8(fromUtf8(whole).replace('"count":1', '"count":1e999'))],
  ];
  for (const [code, bytes] of bad) {
    const fault = assertFault(countOne(bytes, LIMIT, CALLER, NOW, "rl.json"), code, fromUtf8(bytes));
    assert(fault.message.startsWith('Cannot read "rl.json": '), fault.message);
  }
  assertFault(countOne(undefined, LIMIT, CALLER, "yesterday"), "internal");
  const most = "hour|tool_identity|2026-03-14T09:00:00Z|ledger.post|svc.clerk";
  const full = count(state({ key: most, count: 2 ** 53 }), { requests: 2 ** 60 });
  assert(full.exceeded, "a count that cannot grow any more is full");
});
