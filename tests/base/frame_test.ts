// The line that a fault shows: what is meant stands above the carets, whatever the line holds.
import { framed } from "../../core/base/frame.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("frame: the line, and carets below what is meant", () => {
  const text = "rules:\n  - name: r\n";
  const at = text.indexOf("name");
  assertEquals(framed(text, at, at + 4), { line: 2, column: 5, end_column: 9, frame: "  - name: r\n    ^^^^" });
  assertEquals(framed(text, 0, 5), { line: 1, column: 1, end_column: 6, frame: "rules:\n^^^^^" });
  assertEquals(framed("", 0, 0), { line: 1, column: 1, end_column: 2, frame: "\n^" });
  assertEquals(framed("\na", 0, 1), { line: 1, column: 1, end_column: 2, frame: "\n^" }, "the break of an empty first line");
  assertEquals(framed("a: 1\r\nb: 2\r\n", 3, 9).frame, "a: 1\n   ^", "what is meant ends with its line");
  assertEquals(framed("a: 1\nb", 5, 6), { line: 2, column: 1, end_column: 2, frame: "b\n^" });
});

Deno.test("frame: columns count characters, carets stand in the columns of a terminal", () => {
  const rows: readonly (readonly [before: string, meant: string, column: number, carets: string])[] = [
    ["\u{1f600}: ", "x", 4, "    ^"],
    ["- {name: 日本, ", "efect", 14, "               ^^^^^"],
    ["- {name: e\u0301e\u0301, ", "efect", 16, "             ^^^^^"],
    ["- {name: 한\u{1f680}\u2705, ", "efect", 15, "                 ^^^^^"],
    ["名: ", "値段", 4, "    ^^^^"],
    ["a: ", "\u0301", 4, "   ^"], // nothing of its own to stand below
    ["a: \u200b\u202e", "x", 6, "     ^"], // each is shown
  ];
  for (const [before, meant, column, carets] of rows) {
    const at = framed(`${before}${meant}: 1`, before.length, before.length + meant.length);
    assertEquals([at.column, at.end_column], [column, column + [...meant].length], before);
    assertEquals(at.frame.split("\n")[1], carets, before);
  }
  const [row = "", carets = ""] = framed("値".repeat(300), 200, 203).frame.split("\n");
  assertEquals([row, carets], [`...${"値".repeat(97)}...`, `${" ".repeat(3 + 80)}^^^^^^`], "a line that is cut");
  assertEquals(framed("値".repeat(300), 0, 300).frame.split("\n")[1], "^".repeat(200));
});

Deno.test("frame: nothing in it can drive a terminal", () => {
  const wild = "\x1b[2J\u202eab\u200b\ufeff\u0085";
  const { frame } = framed(wild, 5, 7);
  assertEquals(frame, "\ufffd[2J\ufffdab\ufffd\ufffd\ufffd\n     ^^");
  assertEquals(framed("\tb", 1, 2).frame, " b\n ^");
});

Deno.test("frame: long lines are cut, and the carets stay below what is meant", () => {
  for (const [before, meant, after] of [[500, 3, 500], [0, 3, 500], [500, 3, 0], [39, 200, 0], [1000, 1000, 1000]] as const) {
    const text = `first\n${"a".repeat(before)}${"B".repeat(meant)}${"c".repeat(after)}\nlast`;
    const at = framed(text, 6 + before, 6 + before + meant);
    assertEquals([at.line, at.column, at.end_column], [2, before + 1, before + meant + 1]);
    const [row = "", carets = ""] = at.frame.split("\n");
    assert(row.length <= 106, row);
    assertEquals(carets.trimStart(), "^".repeat(Math.min(meant, carets.length - carets.search(/\^/))));
    assertEquals(row.slice(carets.search(/\^/), carets.length), "B".repeat(carets.trimStart().length));
  }
});
