// Local times in UTC: around clock changes, at the ends of the calendar, and only for names that IANA has.
import { isZone, localToUtc } from "../../core/gate/zone.ts";
import { assertEquals } from "../assert.ts";

const TIMES: readonly (readonly [zone: string, local: string, utc: string | undefined])[] = [
  ["UTC", "2026-03-14T00:00:00", "2026-03-14T00:00:00Z"],
  ["America/New_York", "2026-03-08T01:00:00", "2026-03-08T06:00:00Z"],
  ["America/New_York", "2026-03-08T04:00:00", "2026-03-08T08:00:00Z"],
  ["America/New_York", "2026-06-30T00:00:00", "2026-06-30T04:00:00Z"],
  ["Europe/Berlin", "2026-01-01T00:00:00", "2025-12-31T23:00:00Z"],
  ["Europe/Lisbon", "2026-07-01T12:00:00", "2026-07-01T11:00:00Z"],
  ["Asia/Kolkata", "2026-07-01T12:00:00", "2026-07-01T06:30:00Z"],
  ["US/Eastern", "2026-03-08T01:00:00", "2026-03-08T06:00:00Z"],
  ["Etc/GMT+5", "2026-03-08T01:00:00", "2026-03-08T06:00:00Z"],
  ["Pacific/Kiritimati", "2026-01-01T00:00:00", "2025-12-31T10:00:00Z"],
  // A time that no clock shows: ahead of UTC by the offset before, behind it by the one after.
  ["America/New_York", "2026-03-08T02:30:00", "2026-03-08T06:30:00Z"],
  ["Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"],
  ["Europe/London", "2026-03-29T01:30:00", "2026-03-29T01:30:00Z"],
  ["Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z"],
  ["Pacific/Apia", "2011-12-30T06:00:00", "2011-12-29T16:00:00Z"],
  // A time that clocks show twice: the second ahead of UTC, the first behind it.
  ["America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"],
  ["Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T01:30:00Z"],
  ["Europe/London", "2026-10-25T01:30:00", "2026-10-25T01:30:00Z"],
  // The ends of the calendar.
  ["UTC", "0000-01-01T00:00:00", "0000-01-01T00:00:00Z"],
  ["UTC", "9999-12-31T23:59:59", "9999-12-31T23:59:59Z"],
  ["Asia/Tokyo", "0001-01-01T00:00:00", "0000-12-31T14:41:01Z"],
  ["Asia/Tokyo", "0000-01-01T00:00:00", "0000-01-01T00:00:00Z"],
  ["America/New_York", "9999-12-31T23:59:59", "9999-12-31T23:59:59Z"],
  // No local time.
  ["UTC", "2026-03-14", undefined],
  ["UTC", "2026-03-14T00:00", undefined],
  ["UTC", "2026-03-14T00:00:00Z", undefined],
  ["UTC", "2026-03-14T00:00:00+01:00", undefined],
  ["UTC", "2026-03-14T00:00:00.5", undefined],
  ["UTC", "2026-02-30T00:00:00", undefined],
  ["UTC", "2026-03-14T24:00:00", undefined],
  ["UTC", " 2026-03-14T00:00:00", undefined],
  ["UTC", "2026-03-14t00:00:00", undefined],
];

for (const [zone, local, utc] of TIMES) {
  Deno.test(`zone: ${local} in ${zone} is ${utc}`, () => assertEquals(localToUtc(zone, local), utc));
}

for (
  const name of ["UTC", "GMT", "Europe/Lisbon", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Etc/GMT-14", "EST5EDT"]
) {
  Deno.test(`zone: ${name} is one`, () => assertEquals(isZone(name), true));
}

for (
  const name of [
    "",
    "utc",
    "europe/lisbon",
    "Europe/lisbon",
    "EUROPE/LISBON",
    "+02:00",
    "-0500",
    "UTC+1",
    "Local",
    "Moon/Base",
    " UTC",
    "Europe/",
    "posix/UTC",
    "-:",
    "Europe:",
  ]
) {
  Deno.test(`zone: ${JSON.stringify(name)} is none`, () => {
    assertEquals(isZone(name), false);
    assertEquals(localToUtc(name, "2026-03-14T00:00:00"), undefined);
  });
}

Deno.test("zone: the answers do not depend on the zone and language of the machine", async () => {
  const source = `import { localToUtc } from ${JSON.stringify(new URL("../../core/gate/zone.ts", import.meta.url).href)};
console.log(JSON.stringify(${
    JSON.stringify(TIMES.map(([zone, local]) => [zone, local]))
  }.map(([z, l]) => localToUtc(z, l) ?? null)));`;
  const expected = TIMES.map(([, , utc]) => utc ?? null);
  for (const env of [{ TZ: "Pacific/Apia", LANG: "ar_EG.UTF-8" }, { TZ: "America/St_Johns", LANG: "fa_IR.UTF-8" }]) {
    const args = ["eval", "--config", new URL("../../deno.json", import.meta.url).pathname, source];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), expected);
  }
});

Deno.test("zone: many zones one after the other give what each gives alone", () => {
  const zones = ["Africa/Cairo", "America/Lima", "Asia/Tokyo", "Europe/Oslo", "Pacific/Fiji", "Indian/Maldives", "Asia/Dubai"];
  const more = ["Asia/Seoul", "Europe/Rome", "Europe/Paris", "Asia/Dhaka", "America/Denver", "America/Bogota", "Asia/Tehran"];
  const all = [...zones, ...more, "UTC", "Asia/Kabul", "Asia/Baku", "Asia/Hovd"];
  const alone = all.map((zone) => localToUtc(zone, "2026-01-01T00:00:00"));
  assertEquals([...all, ...all].map((zone) => localToUtc(zone, "2026-01-01T00:00:00")), [...alone, ...alone]);
});
