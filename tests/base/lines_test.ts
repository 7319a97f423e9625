// Lines out of pieces: the same lines however the bytes are cut, and no line that is longer than allowed is held for long.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { isBlankLine, lineFeed } from "../../core/base/lines.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

function lines(pieces: readonly Uint8Array[], most = 1000, after: "stop" | "skip" = "stop"): [number, string][] {
  const found: [number, string][] = [];
  const feed = lineFeed(most, (line, number) => void found.push([number, new TextDecoder().decode(line)]), after);
  for (const piece of pieces) {
    feed.push(piece);
    piece.fill(0x3f); // bytes are only lent
  }
  feed.end();
  return found;
}

Deno.test("lines: each without its LF, numbered, blank ones too, the last with or without LF", () => {
  assertEquals(lines([utf8("a\n\nb\n")]), [[1, "a"], [2, ""], [3, "b"]]);
  assertEquals(lines([utf8("a\nb")]), [[1, "a"], [2, "b"]]);
  assertEquals(lines([utf8("\n")]), [[1, ""]]);
  assertEquals(lines([]), []);
  assertEquals(lines([utf8("")]), []);
});

Deno.test("lines: of one that is too long a beginning is handed on, and nothing more", () => {
  assertEquals(lines([utf8("ok\n"), utf8("abc"), utf8("def"), utf8("ghi\nx\n")], 5), [[1, "ok"], [2, "abcdef"]]);
  assertEquals(lines([utf8("abcdef")], 5), [[1, "abcdef"]]);
  assertEquals(lines([utf8("abcde"), utf8("\nx")], 5), [[1, "abcde"], [2, "x"]]);
});

Deno.test("lines: of one that is too long the rest may be skipped, and the next ones come", () => {
  const pieces = [utf8("ok\nabc"), utf8("def"), utf8("ghi"), utf8("jkl\nx\n\nlong"), utf8("er line\nlast")];
  assertEquals(lines(pieces, 5, "skip"), [[1, "ok"], [2, "abcdef"], [3, "x"], [4, ""], [5, "longer line"], [6, "last"]]);
  assertEquals(lines([utf8("abcdef"), utf8("ghi")], 5, "skip"), [[1, "abcdef"]]);
  assertEquals(lines([utf8("abcdef"), utf8("\nb")], 5, "skip"), [[1, "abcdef"], [2, "b"]]);
});

Deno.test("lines: blank is what holds nothing but blanks, tabs and CR", () => {
  for (const blank of ["", " ", "\t \r"]) assert(isBlankLine(utf8(blank)), blank);
  for (const solid of ["a", " {", "\0", "\u00a0", "\v"]) assert(!isBlankLine(utf8(solid)), solid);
});

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "ü") });

property("lines: the same however the bytes are cut", fc.tuple(text, fc.array(fc.nat(40))), ([text, cuts]) => {
  const bytes = utf8(text);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const size of cuts) pieces.push(bytes.slice(from, from += size));
  pieces.push(bytes.slice(from));
  const split = text.split("\n");
  const expected = split.at(-1) === "" ? split.slice(0, -1) : split;
  assertEquals(lines(pieces), expected.map((line, index) => [index + 1, line]));
});
