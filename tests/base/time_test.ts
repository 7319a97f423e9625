// Times are contract text: what is refused, how the rest is spelled, and how offsets become UTC.
import {
  byTime,
  canonicalTime,
  epochNanoseconds,
  isZeroTime,
  millisecondsBetween,
  secondsBetween,
  timeFromClock,
  toUtc,
} from "../../core/base/time.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";
import fc from "fast-check";

const SPELLED: readonly [string, string][] = [
  ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00:00.500+02:00", "2026-03-01T10:00:00.5+02:00"],
  ["2026-03-01T10:00:00.000000+00:00", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00:00-00:00", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00:00.1234567891Z", "2026-03-01T10:00:00.123456789Z"],
  ["2026-03-01T10:00:00.123456789-07:00", "2026-03-01T10:00:00.123456789-07:00"],
  ["2024-02-29T23:59:59+23:59", "2024-02-29T23:59:59+23:59"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
];

const REFUSED = [
  "",
  "2026-03-01 10:00:00Z",
  "2026-03-01t10:00:00Z",
  "2026-03-01T10:00:00z",
  "2026-03-01T10:00:00",
  "2026-03-01T24:00:00Z",
  "2026-03-01T10:00:60Z",
  "2026-03-01T10:60:00Z",
  "2026-02-30T10:00:00Z",
  "2025-02-29T10:00:00Z",
  "2026-13-01T10:00:00Z",
  "2026-00-01T10:00:00Z",
  "2026-01-00T10:00:00Z",
  "2026-03-01T1:00:00Z",
  "2026-03-01T10:00:00,5Z",
  "2026-03-01T10:00:00.Z",
  "2026-03-01T10:00:00+24:00",
  "2026-03-01T10:00:00+01:60",
  "2026-03-01T10:00:00+0100",
  " 2026-03-01T10:00:00Z",
  "2026-03-01T10:00:00Z\n",
  "0000-01-01T00:00:00+23:00",
  "9999-12-31T23:00:00-02:00",
];

Deno.test("times: one spelling each", () => {
  for (const [given, want] of SPELLED) assertEquals(canonicalTime(given), want, given);
});

Deno.test("times: what is not a strict RFC 3339 time has none", () => {
  for (const given of REFUSED) {
    assertEquals([canonicalTime(given), toUtc(given)], [undefined, undefined], JSON.stringify(given));
  }
});

Deno.test("times: UTC keeps nanoseconds and crosses days, months and years", () => {
  assertEquals(toUtc("2026-03-01T01:30:00.250+05:30"), "2026-02-28T20:00:00.25Z");
  assertEquals(toUtc("2024-02-29T23:30:00.000000001-01:00"), "2024-03-01T00:30:00.000000001Z");
  assertEquals(toUtc("2026-12-31T23:59:59-00:01"), "2027-01-01T00:00:59Z");
  assertEquals(toUtc("0000-03-01T00:00:00Z"), "0000-03-01T00:00:00Z");
});

Deno.test("times: the zero time counts as absent in any offset", () => {
  assert(isZeroTime("0001-01-01T00:00:00Z"));
  assert(isZeroTime("0001-01-01T01:00:00+01:00"));
  assert(!isZeroTime("0001-01-01T00:00:00.000000001Z"));
});

Deno.test("times: the clock's moment as text", () => {
  assertEquals(timeFromClock(0), "1970-01-01T00:00:00Z");
  assertEquals(timeFromClock(1_772_359_200_123, 456_000), "2026-03-01T10:00:00.123456Z");
  assertEquals(timeFromClock(-1), "1969-12-31T23:59:59.999Z");
});

Deno.test("times: how long between two", () => {
  assertEquals(millisecondsBetween("2026-03-01T10:00:00Z", "2026-03-01T11:00:00.25+01:00"), 250);
  assertEquals(millisecondsBetween("2026-03-01T10:00:00.9Z", "2026-03-01T10:00:00.1Z"), -800);
});

Deno.test("times: whole seconds between two, rounded down", () => {
  assertEquals(secondsBetween("2026-03-01T10:00:00.5Z", "2026-03-01T11:00:10.4+01:00"), 9);
  assertEquals(secondsBetween("2026-03-01T10:00:00.5Z", "2026-03-01T10:00:10.5Z"), 10);
  assertEquals(secondsBetween("2026-03-01T10:00:00Z", "2026-03-01T09:59:59.9Z"), -1);
  assertEquals(secondsBetween("0001-01-01T00:00:00.000000001Z", "9999-12-31T23:59:59.999999999Z"), 315_537_897_599);
});

Deno.test("times: the order is that of the moments, to the nanosecond and in any offset", () => {
  const ordered = [
    "0001-01-01T00:00:00Z",
    "2026-03-14T10:00:00+01:30",
    "2026-03-14T09:00:00Z",
    "2026-03-14T09:00:00.000000001Z",
    "2026-03-14T09:00:00.5Z",
    "2026-03-14T09:00:01Z",
    "2026-03-14T00:00:02-09:00",
  ];
  assertEquals([...ordered].reverse().sort(byTime), ordered);
  assertEquals(byTime("2026-03-14T10:00:00+01:00", "2026-03-14T09:00:00Z"), 0);
});

Deno.test("time: nanoseconds since 1970 are exact, before it negative, and whatever the offset", () => {
  const counts = [
    ["1970-01-01T00:00:00Z", 0n],
    ["1970-01-01T01:00:00.000000001+01:00", 1n],
    ["1969-12-31T23:59:59.5Z", -500_000_000n],
    ["2031-05-06T07:08:09.123456789+02:00", 1_935_810_489_123_456_789n],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000_000_000n],
  ] as const;
  for (const [time, count] of counts) assertEquals(String(epochNanoseconds(time)), String(count), time);
  assertEquals(epochNanoseconds("today"), undefined);
});

property(
  "nanoseconds since 1970 agree with the engine's clock",
  fc.tuple(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), fc.nat(999_999)),
  ([milliseconds, nanoseconds]) => {
    const count = epochNanoseconds(timeFromClock(milliseconds, nanoseconds));
    assertEquals(String(count), String(BigInt(milliseconds) * 1_000_000n + BigInt(nanoseconds)));
  },
);

property(
  "UTC of a moment agrees with the engine's calendar",
  fc.tuple(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), fc.integer({ min: -1439, max: 1439 })),
  ([moment, offset]) => {
    const local = new Date(moment + offset * 60_000);
    if (local.getUTCFullYear() < 1 || local.getUTCFullYear() > 9999) return;
    const zone = `${offset < 0 ? "-" : "+"}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0")}:${
      String(Math.abs(offset) % 60).padStart(2, "0")
    }`;
    const want = new Date(moment).toISOString().replace(/\.?0*Z$/, "Z").replace(/:(\d)Z$/, ":$10Z");
    assertEquals(toUtc(`${local.toISOString().slice(0, -1)}${zone}`), canonicalTime(want) ?? "", zone);
  },
);

property(
  "times of clocks: as they are told or without their zeros, and as far apart as the clock says",
  fc.tuple(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_790_000 }), fc.integer({ min: -2_000, max: 2_000 })),
  ([moment, later]) => {
    const told = new Date(Math.max(moment, moment - later)).toISOString();
    const after = new Date(Date.parse(told) + later).toISOString();
    assertEquals(toUtc(told), told.replace(/\.?0+Z$/, "Z"), told);
    const [from, to] = [canonicalTime(told) ?? "", canonicalTime(after) ?? ""];
    assertEquals([millisecondsBetween(from, to), Math.sign(byTime(to, from))], [later, Math.sign(later)], `${told} ${after}`);
  },
);
