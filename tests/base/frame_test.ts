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

Deno.test("frame: columns count characters, and nothing in it can drive a terminal", () => {
  assertEquals(framed("\u{1f600}: x", 4, 5), { line: 1, column: 4, end_column: 5, frame: "\u{1f600}: x\n   ^" });
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
