// Durations: every unit, and every text that is none.
import { durationMs } from "../../core/base/duration.ts";
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
