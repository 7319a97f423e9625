// The command line frame takes whatever comes: it never throws, always answers, and nothing it prints drives a terminal.
import fc from "fast-check";
import { parse } from "../../cli/flags.ts";
import { jsonLine } from "../../cli/render.ts";
import { run } from "../../cli/run.ts";
import { safeJson, safeLine } from "../../core/base/safe_text.ts";
import { closest } from "../../core/base/closest.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";
import { copy, world } from "../cli/world.ts";
import { property } from "./run.ts";

const words = fc.constantFrom(
  ...["box", "copy", "list", "help", "version", "completion", "bash", "a", "b", "", "-", "--"],
  ...["--to", "-to", "--to=b", "--mode", "--mode=SAFE", "--exact", "No", "--fail", "--fail=maybe", "--bogus", "-v"],
  ...["--json", "-json", "--json=false", "--json=x", "--explain", " --explain", "--help", "-h", "mcp-verify"],
);
const starts = fc.constantFrom<string[][]>([], ["box"], ["box", "copy"], ["box", "copy", "a", "--to", "c"], ["help"], [
  "completion",
]);
const others = fc.oneof({ weight: 9, arbitrary: words }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) });
const argv = fc.tuple(starts, fc.array(others, { maxLength: 6 })).map(([start, rest]) => [...start, ...rest]);

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

property(
  "every command line gets an answer with an exit, safe for a terminal, one line of JSON when that was asked for",
  argv,
  async (argv) => {
    const { exit, out, err } = await run(argv, world({ a: utf8("x\x1b[2J") }));
    assertEquals([exit === "internal" && !argv.includes("list"), err], [false, undefined], out);
    const lines = out.split("\n");
    assertEquals(lines.pop(), "", "the last line is ended");
    for (const line of lines) assertEquals(CONTROL.test(line), false, JSON.stringify(line));
    if (out.startsWith("{")) assertEquals([lines.length, typeof JSON.parse(out).correlation_id], [1, "string"]);
  },
);

property("of the forms of one flag all say the same", fc.string({ unit: "binary" }), (value) => {
  const forms = [["--to", value], ["-to", value], [`--to=${value}`], [`-to=${value}`], ["--to", "before", `-to=${value}`]];
  const results = forms.map((form) => JSON.stringify(parse(copy.flags, copy.positionals, [...form, "a"])));
  assertEquals(new Set(results).size, 1, results.join("\n"));
});

property("safe text holds no control character, and leaves plain text alone", fc.string({ unit: "binary" }), (text) => {
  assertEquals(CONTROL.test(safeLine(text)), false);
  if (!CONTROL.test(text) && text.isWellFormed()) assertEquals(safeLine(text), text);
});

property("JSON output parses to what was said, on one safe line", fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
  const line = jsonLine(value, Object.keys(value));
  assertEquals(JSON.parse(line), JSON.parse(JSON.stringify(value)));
  assertEquals(CONTROL.test(line.slice(0, -1)), false);
  assertEquals(safeJson(line.slice(0, -1)), line.slice(0, -1));
});

property("a word of the list is found after one slip of the finger", fc.tuple(fc.nat(5), fc.nat(3)), ([place, slip]) => {
  const word = "verify";
  const [head, char, tail] = [word.slice(0, place), word.slice(place, place + 1), word.slice(place + 1)];
  const slips = [head + tail, `${head}${char}x${tail}`, `${head}q${tail}`, head + tail.slice(0, 1) + char + tail.slice(1)];
  const given = slips[slip] ?? "";
  assertEquals(closest(given, ["gate", word, "run"]), `, did you mean "${word}"`, given);
});
