// Durations: every unit, and every text that is none.
import { durationMs, durationText } from "../../core/base/duration.ts";
import { assertEquals } from "../assert.ts";

Deno.test("durations: units add up", () => {
  const rows: readonly (readonly [string, number])[] = [
    ["150ms", 150],
    ["2s", 2_000],
    ["1m30s", 90_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["+1h0.5s", 3_600_500],
    ["-2s", -2_000],
    ["0", 0],
    ["-0", 0],
    [".5s", 500],
    ["1.s", 1_000],
    ["3us", 0.003],
    ["3\u00b5s", 0.003],
    ["3\u03bcs", 0.003],
    ["1000000ns", 1],
  ];
  for (const [text, milliseconds] of rows) assertEquals(durationMs(text), milliseconds, text);
});

Deno.test("durations: other texts are none", () => {
  for (
    const text of [
      "",
      "+",
      "1",
      "1d",
      "1 s",
      " 1s",
      "1s ",
      "1S",
      "s",
      ".s",
      "--1s",
      "1e3s",
      "0x1s",
      "1,5s",
      `${"9".repeat(400)}h`,
    ]
  ) {
    assertEquals(durationMs(text), undefined, text);
  }
});

Deno.test("durations: one spelling", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["90m", "1h30m0s"],
    ["1h30m", "1h30m0s"],
    ["36h", "36h0m0s"],
    ["60s", "1m0s"],
    ["59.5s", "59.5s"],
    ["1.50s", "1.5s"],
    ["+1h0.5s", "1h0m0.5s"],
    ["-90s", "-1m30s"],
    ["0", "0s"],
    ["-0s", "0s"],
    ["250ms", "250ms"],
    ["0.0015s", "1.5ms"],
    ["1.5us", "1.5\u00b5s"],
    ["3\u03bcs", "3\u00b5s"],
    ["7ns", "7ns"],
    ["0.9ns", "0s"], // what is smaller is cut off
    ["1h1ns", "1h0m0.000000001s"],
    [".5h", "30m0s"],
    ["2562047h47m16.854775807s", "2562047h47m16.854775807s"],
    ["2562047h47m16.854775808s", undefined],
    ["99999999999h", undefined],
    ["2d", undefined],
    ["90", undefined],
    ["", undefined],
    [`${"0".repeat(200)}1s`, undefined],
  ];
  for (const [text, spelling] of rows) assertEquals(durationText(text), spelling, text);
});
