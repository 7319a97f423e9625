// The progress line: silent for a second, then one line on a terminal, few lines elsewhere.
import { progressLine } from "../../cli/progress.ts";
import { assertEquals } from "../assert.ts";

const watch = (terminal: boolean, times: readonly number[]): string[] => {
  const written: string[] = [];
  let clock = 0;
  const line = progressLine({ terminal, write: (text) => void written.push(text), milliseconds: () => clock });
  for (const time of times) {
    clock = time;
    line.report("Reading\x1b", time, 10_000);
  }
  line.end();
  return written;
};

Deno.test("progress: nothing is shown for an action of a second or less", () => {
  assertEquals(watch(true, [0, 10, 999, 1000]), []);
  assertEquals(watch(false, [0, 1000]), []);
});

Deno.test("progress: a terminal gets one line, at most ten times a second, cleared in the end", () => {
  const times = Array.from({ length: 400 }, (_, i) => 900 + i);
  assertEquals(watch(true, times), [
    "\rReading\\x1b 10 %\x1b[K",
    "\rReading\\x1b 11 %\x1b[K",
    "\rReading\\x1b 12 %\x1b[K",
    "\r\x1b[K",
  ]);
});

Deno.test("progress: a file or pipe gets whole lines, one in five seconds", () => {
  assertEquals(watch(false, [0, 1500, 1600, 6499, 6500, 9999]), ["Reading\\x1b 15 %\n", "Reading\\x1b 65 %\n"]);
});
