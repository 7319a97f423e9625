// The diff of two calls for people: what differs, what is shown around it, and where it is cut.
import { callDiff, valueDiff } from "../../core/regress/call_diff.ts";
import { assert, assertEquals } from "../assert.ts";
import { graded, QUOTE } from "./worlds.ts";

const without = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.includes("_digest"));

Deno.test("regress call diff: members that differ, with what is around them", async () => {
  const left = (await graded()).records;
  const [first, second, third] = QUOTE.intents;
  const amount = { ...second, args: { amount: 90, to: "a@example.test" } };
  const right = (await graded({ intents: [first, amount, third] })).records;
  assertEquals(
    without(callDiff(left, "c2", right, "c2")),
    [
      '  tool_name: "quote.write"',
      "  args:",
      "-   amount: 100",
      "+   amount: 90",
      '    to: "a@example.test"',
    ].concat(without(callDiff(left, "c2", left, "c2")).filter((line) => line.startsWith("  result"))),
  );
  assertEquals(callDiff(left, "c2", left, "c2").filter((line) => !line.startsWith(" ")), []);
});

Deno.test("regress call diff: a call that one side alone has", async () => {
  const { records } = await graded({ capture_mode: "reference" });
  const lines = callDiff(records, "c1", records, "none");
  assert(lines.length > 0 && lines.every((line) => line.startsWith("- ")), lines.join("\n"));
  assertEquals(callDiff(records, "none", records, "c1").map((line) => `-${line.slice(1)}`), lines);
});

Deno.test("regress call diff: lists by their items, kinds that differ as a whole", () => {
  assertEquals(valueDiff({ a: [1, { x: 1, y: 2 }, 3] }, { a: [1, { x: 1, y: 3 }] }), [
    "  a:",
    "    [0]: 1",
    "    [1]:",
    "-     y: 2",
    "+     y: 3",
    "-   [2]: 3",
  ]);
  assertEquals(valueDiff({ a: [1] }, { a: { "0": 1 } }), ["- a: [1]", '+ a: {"0":1}']);
  assertEquals(valueDiff({ __proto__: 1, constructor: 1 }, {}), ["- constructor: 1"]);
  assertEquals(valueDiff({ a: null }, {}), ["- a: null"]);
});

Deno.test("regress call diff: long values and long diffs are cut", () => {
  const [line = ""] = valueDiff({ a: "x".repeat(500) }, {});
  assertEquals([line.length, line.endsWith("...")], [110, true]);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`m${i}`, i]));
  const lines = valueDiff(many, {});
  assertEquals([lines.length, lines.at(-1)], [61, "  ... and 40 more lines"]);
});
