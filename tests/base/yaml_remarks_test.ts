// What counts as a comment of a YAML text. Where comments go is shown by `policy fmt`.
import { utf8 } from "../../core/base/bytes.ts";
import { readYaml, yamlComments } from "../../core/base/yaml.ts";
import { Rows } from "../../core/base/yaml_remarks.ts";
import { assertEquals, assertOk } from "../assert.ts";

const comments = (text: string): readonly string[] => {
  const source = assertOk(readYaml(utf8(text), "t"), text);
  const found = yamlComments(source);
  for (const { at, text } of found) assertEquals(source.text.slice(at, at + text.length), text, "where it stands");
  return found.map(({ text }) => text);
};

Deno.test("yaml comments: all of them and nothing else", () => {
  assertEquals(comments(""), []);
  assertEquals(comments("# one\r\n  #two \t\r\nk: v # three\r\n#"), ["# one", "#two", "# three", "#"]);
  assertEquals(comments("a: x#y\nb: 'it''s # no'\nc: \"\\\"# no\"\nd: http://h/#f\n"), []);
  assertEquals(comments("%YAML 1.2 # d\n--- # m\na: [1, # i\n  2] # j\n... # e\n"), ["# d", "# m", "# i", "# j", "# e"]);
  assertEquals(comments("a: | # head\n  # text\n # after\nb: >-\n  x # text\n# end\n"), ["# head", "# after", "# end"]);
  assertEquals(comments("a: &x # anchor\n  b: 1\nc: *x # alias\n? d # key\n: e # value\n"), [
    "# anchor",
    "# alias",
    "# key",
    "# value",
  ]);
});

Deno.test("yaml rows: places by row and column", () => {
  const rows = new Rows("ab\n\n \n  c");
  assertEquals([0, 2, 3, 4, 6, 8].map((at) => rows.of(at)), [0, 0, 1, 2, 3, 3]);
  assertEquals([0, 2, 8].map((at) => rows.column(at)), [0, 2, 2]);
  assertEquals([0, 1, 8].map((at) => rows.isFirst(at)), [true, false, true]);
  assertEquals([0, 3, 4, 8].map((at) => rows.hasGap(at)), [false, false, true, true]);
});
