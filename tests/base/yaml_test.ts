// The reader of YAML: what it takes, what it refuses and where, and that nothing makes it slow. The properties hold its quick part against
// the whole.
import { utf8 } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import { readWholeYaml, readYaml } from "../../core/base/yaml.ts";
import { readPlainYaml } from "../../core/base/yaml_plain.ts";
import { MAX_YAML_BYTES } from "../../core/base/yaml_text.ts";
import { nodeAt, placeOf, placeOfKey, type YamlNode } from "../../core/base/yaml_tree.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

// A tree as JSON: scalars that are not plain as {style: text}, merged members with "<<" before their names.
function shown(node: YamlNode | undefined): unknown {
  if (node === undefined) return "nothing";
  if (node.kind === "scalar") return node.style === "plain" ? node.text : { [node.style]: node.text };
  if (node.kind === "list") return node.items.map(shown);
  return Object.fromEntries(node.members.map(({ key, value, merged }) => [(merged ? "<<" : "") + key.text, shown(value)]));
}

const read = (text: string) => readYaml(utf8(text), 'file "p.yaml"');

Deno.test("yaml: structure and the source of scalars, however it is written", () => {
  const rows: readonly (readonly [string, unknown])[] = [
    ["", "nothing"],
    ["\n\n# only this\n", "nothing"],
    ["---\n", "nothing"],
    ["{}", {}],
    ["a: 1", { a: "1" }],
    ["\ufeffa: 1\r\nb: 2\r\n", { a: "1", b: "2" }],
    ["---\na: 1\n...\n", { a: "1" }],
    ["%YAML 1.2\n---\na: 1\n", { a: "1" }],
    ["a: 0x1F # hex\nb: ~\nc:\nd: yes", { a: "0x1F", b: "~", c: "", d: "yes" }],
    ["a: 'it''s'\nb: \"x\\ty\\u0041\"\nc: |\n  one\n  two\nd: >-\n  one\n  two\n", {
      a: { single: "it's" },
      b: { double: "x\tyA" },
      c: { literal: "one\ntwo\n" },
      d: { folded: "one two" },
    }],
    ['{"a": [1, {"b": null}],\n\t"c": "d"}', { a: ["1", { b: "null" }], c: { double: "d" } }],
    ["a:\n- b\n- c: d\n  e: f\n-\n  - g\n", { a: ["b", { c: "d", e: "f" }, ["g"]] }],
    ["? a\n: b\n", { a: "b" }],
    ["a: one\n  two\n", { a: "one two" }],
    ["a: &x [1, 2]\nb: *x\n", { a: ["1", "2"], b: ["1", "2"] }],
    ["a: &x 1\nb: *x\nc: &x 2\nd: *x\n", { a: "1", b: "1", c: "2", d: "2" }],
    ["a: &m {x: 1, y: 2}\nb: {<<: *m, z: 3}\n", { a: { x: "1", y: "2" }, b: { "<<x": "1", "<<y": "2", z: "3" } }],
    ["b: {<<: [{x: 1}, {y: 2}]}\n", { b: { "<<x": "1", "<<y": "2" } }],
    ['a: {"<<": 1}\n', { a: { "<<": "1" } }],
    ["a: !!str 12\nb: !!seq [1]\nc: !!map {d: 1}\n", { a: { double: "12" }, b: ["1"], c: { d: "1" } }],
    ['a: "\\ud83d\\ude00"\n', { a: { double: "\u{1f600}" } }],
    ["a: x:y#z\nb: a [b] {c}, d\n", { a: "x:y#z", b: "a [b] {c}, d" }],
    ["__proto__: 1\nconstructor: 2\n", Object.fromEntries([["__proto__", "1"], ["constructor", "2"]])],
  ];
  for (const [text, tree] of rows) assertEquals(shown(assertOk(read(text), text).root), tree, text);
});

Deno.test("yaml: what is refused, and where", () => {
  const rows: readonly (readonly [string, FaultCode, number, number, string])[] = [
    ["rules:\n\t- name: r\n", "yaml_syntax", 2, 1, "expected blanks, not tabs, as indentation"],
    ["a:\n  b: 1\n c: 2\n", "yaml_syntax", 3, 2, "expected the same indentation as the keys above"],
    [
      "a: b: c\n",
      "yaml_syntax",
      1,
      4,
      "expected one key and value a line; a value that holds a colon and a blank needs quotes",
    ],
    ['a: 1\nb: "x\nc: 2\n', "yaml_syntax", 2, 4, "expected a closing double quote"],
    ["a: 'x\n", "yaml_syntax", 1, 4, "expected a closing single quote"],
    ["a: [1, 2\nb: 3\n", "yaml_syntax", 2, 1, "expected a closing bracket, indented deeper than its key"],
    ["a: {b: 1\n\n", "yaml_syntax", 1, 9, "expected a closing brace, indented deeper than its key"],
    ["a: [b,,c]", "yaml_syntax", 1, 7, "expected no comma here"],
    ["a: ]", "yaml_syntax", 1, 4, "expected no closing bracket here"],
    ["a: - b", "yaml_syntax", 1, 4, "expected the list on a line of its own"],
    ["a: @x", "yaml_syntax", 1, 4, "expected quotes around text that begins with this character"],
    ['a: "b"c', "yaml_syntax", 1, 7, "expected the end of the value"],
    [
      'a: "\\q"',
      "yaml_syntax",
      1,
      5,
      "expected an escape sequence that YAML knows; in single quotes a backslash is a backslash",
    ],
    ['a: "\\ud800"', "yaml_syntax", 1, 4, "expected whole characters, found half of a surrogate pair"],
    ["- a\n- b\n", "yaml_syntax", 1, 1, "expected a mapping of fields, found a list"],
    ["just text\n", "yaml_syntax", 1, 1, "expected a mapping of fields, found text"],
    ["# c\n~\n", "yaml_syntax", 2, 1, "expected a mapping of fields, found null"],
    ["a: 1\n---\nb: 2\n", "yaml_syntax", 2, 1, "expected one document, found a second one"],
    ["a: 1\n---\n", "yaml_syntax", 2, 1, "expected one document, found a second one"],
    ["%YAML 1.1\n---\na: yes\n", "yaml_syntax", 1, 1, "expected no directive but %YAML 1.2"],
    ["%TAG ! x\n---\na: 1\n", "yaml_syntax", 1, 1, "expected no directive but %YAML 1.2"],
    ["a: !!int 3", "yaml_syntax", 1, 4, "expected no tag"],
    ["a: !x [1]", "yaml_syntax", 1, 4, "expected no tag"],
    ["a: !!map [1]", "yaml_syntax", 1, 4, "expected no tag"],
    ["a: *x", "yaml_syntax", 1, 4, 'alias "*x" has no anchor before it'],
    ["b: *x\na: &x 1", "yaml_syntax", 1, 4, 'alias "*x" has no anchor before it'],
    ["a: &x [1, *x]", "yaml_syntax", 1, 11, 'alias "*x" stands inside of what it names'],
    ["? [a]\n: b", "yaml_syntax", 1, 3, "expected a key of plain text, found a collection"],
    ["a: {<<: b}", "yaml_syntax", 1, 9, 'expected a mapping to merge with "<<"'],
    ["a: x\0y", "yaml_syntax", 1, 5, "expected text, found the character U+0000"],
    ["a: \x1b[2J", "yaml_syntax", 1, 4, "expected text, found the character U+001B"],
    ["a: 1\n\ufeffb: 2", "yaml_syntax", 2, 1, "expected text, found the character U+FEFF"],
    ["a: 1\nb: 2\na: 1\n", "yaml_duplicate_key", 3, 1, 'key "a" stands twice in this mapping'],
    ['r:\n  - {b: 1, "b": 2}\n', "yaml_duplicate_key", 2, 12, 'key "b" stands twice in this mapping'],
    ["a: &m {x: 1}\nb:\n  <<: *m\n  x: 2\n", "yaml_duplicate_key", 4, 3, 'key "x" stands twice in this mapping'],
    ["a: &m {x: 1}\nb:\n  x: 2\n  <<: *m\n", "yaml_duplicate_key", 4, 3, 'key "x" stands twice in this mapping'],
    ["a: {<<: {x: 1}, <<: {y: 1}}\n", "yaml_duplicate_key", 1, 17, 'key "<<" stands twice in this mapping'],
  ];
  for (const [text, code, line, column, words] of rows) {
    const { message, at } = assertFault(read(text), code, text);
    assertEquals([at?.line, at?.column], [line, column], text);
    assertEquals(message, `Cannot read file "p.yaml": line ${line}, column ${column}: ${words}`, text);
    assertEquals(at?.frame?.split("\n").length, 2, text);
  }
});

Deno.test("yaml: bytes that are no UTF-8 text", () => {
  const bytes = Uint8Array.from([...utf8("a: 1\nb: \u00e9"), 0xff]);
  const fault = assertFault(readYaml(bytes, "it"), "text_encoding");
  assertEquals([fault.message, fault.at], [
    "Cannot read it: line 2, column 5: expected UTF-8, found byte 0xff",
    { line: 2, column: 5 },
  ]);
  assertFault(readYaml(Uint8Array.from([0xff, 0xfe, 0x61, 0]), "it"), "text_encoding");
  assertFault(readYaml(crypto.getRandomValues(new Uint8Array(5000)), "it"), "text_encoding");
});

Deno.test("yaml: places are those of the text, of merged and aliased values those of the alias", () => {
  const text = [
    "a: &m {x: 1}",
    "b:",
    "  <<: *m",
    "  y: [2, {z: }]",
    "c: *m",
    "d: &n {<<: *m, deep: &l [{e: 1}]}",
    "f: {<<: [*n, {own: [3]}]}",
    "g: [*n, *l]",
    "h: &o {n: *n}",
    "i: *o",
  ].join("\n");
  const source = assertOk(read(text));
  const places: Readonly<Record<string, readonly [number, number, number]>> = {
    "": [1, 1, 13],
    "/a": [1, 1, 2],
    "/a/x": [1, 11, 12],
    "/b": [2, 1, 2],
    "/b/x": [3, 7, 9],
    "/b/y": [4, 3, 4],
    "/b/y/0": [4, 7, 8],
    "/b/y/1/z": [4, 11, 12],
    "/b/y/2": [4, 3, 4], // not there: the list
    "/b/nothing/at/all": [2, 1, 2],
    "/c": [5, 1, 2],
    "/c/x": [5, 4, 6],
    "/c/y": [5, 1, 2], // not there: the alias
    "/d/x": [6, 12, 14],
    "/d/deep/0/e": [6, 30, 31],
    "/f/x": [7, 10, 12], // through two merge keys: the one that is nearest to it
    "/f/deep": [7, 10, 12],
    "/f/deep/0/e": [7, 10, 12],
    "/f/own": [7, 15, 18], // merged, and written here
    "/f/own/0": [7, 21, 22],
    "/g/0": [8, 5, 7],
    "/g/0/deep/0/e": [8, 5, 7],
    "/g/1/0": [8, 9, 11],
    "/h/n": [9, 8, 9],
    "/h/n/deep": [9, 11, 13],
    "/i/n": [10, 4, 6],
    "/i/n/deep/0": [10, 4, 6],
  };
  for (const [pointer, [line, column, end]] of Object.entries(places)) {
    const place = placeOf(source, pointer);
    assertEquals([place.line, place.column, place.end_column, place.pointer], [line, column, end, pointer], pointer);
  }
  const keys: Readonly<Record<string, readonly [number, number]>> = {
    "/b/y": [4, 3],
    "/b/x": [3, 7],
    "/c": [5, 1],
    "/c/x": [5, 4],
    "/f/own": [7, 15],
    "/i/n": [10, 4],
  };
  for (const [pointer, [line, column]] of Object.entries(keys)) {
    const place = placeOfKey(source, pointer);
    assertEquals([place.line, place.column, place.pointer], [line, column, pointer], `the key of ${pointer}`);
  }
  assertEquals([nodeAt(source, "/b/y/0")?.from, nodeAt(source, "/b/q")], [31, undefined]);
  assertEquals(placeOf(assertOk(read("# no fields\n")), "/a").line, 1);
});

const bomb = (width: number, depth: number): string =>
  Array.from({ length: depth }, (_, i) => {
    const item = i === 0 ? "x" : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array(width).fill(item).join(", ")}]\n`;
  }).join("");

Deno.test("yaml: limits of size, depth, aliases and what they stand for", () => {
  const nested = (depth: number): string => `a: ${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}`;
  const stairs = (depth: number): string => Array.from({ length: depth }, (_, i) => `${" ".repeat(i)}a:\n`).join("");
  const aliased = (times: number): string => `a: &a 1\nb: [${Array(times).fill("*a").join(", ")}]\n`;
  for (const text of [nested(64), stairs(64), aliased(100), bomb(9, 2), bomb(2, 5)]) {
    assertOk(read(text), text.slice(0, 80));
  }
  const rows: readonly (readonly [string, string])[] = [
    [nested(65), "expected at most 64 levels of nesting"],
    [stairs(65), "expected at most 64 levels of nesting"],
    [`a: ${"{b: ".repeat(100_000)}`, "expected at most 64 levels of nesting"],
    ["- ".repeat(100_000), "expected at most 64 levels of nesting"],
    [aliased(101), "expected at most 100 aliases to be resolved in a file"],
    [bomb(9, 9), "expected at most 100 aliases to be resolved in a file"],
    [bomb(2, 6), "expected at most 100 aliases to be resolved in a file"],
    [`a: [${"x,".repeat(250_000)}]`, "expected at most 250000 keys and values, those behind aliases counted again"],
    [
      `a: &a [${"x,".repeat(50_000)}]\nb: [*a, *a, *a, *a, *a]\n`,
      "expected at most 250000 keys and values, those behind aliases counted again",
    ],
    ["#".repeat(MAX_YAML_BYTES + 1), "expected at most 1048576 bytes, found 1048577"],
  ];
  for (const [text, words] of rows) {
    const { message } = assertFault(read(text), "yaml_too_large", text.slice(0, 80));
    assert(message.endsWith(words), message);
  }
  assertOk(read("#".repeat(MAX_YAML_BYTES)));
});

// Each was chosen since some reader takes time that grows with its square, or a stack that grows with it.
const PILES: Readonly<Record<string, (size: number) => string>> = {
  "open brackets": (n) => "[".repeat(n),
  dashes: (n) => "-\n".repeat(n / 2),
  items: (n) => `a: [${"a,".repeat(n / 2)}]`,
  commas: (n) => `a: [${",".repeat(n)}`,
  anchors: (n) => "a: &a\n".repeat(n / 6),
  tags: (n) => "!t ".repeat(n / 3),
  comments: (n) => "#\n".repeat(n / 2),
  "comments in brackets": (n) => `a: [\n${"# x\n".repeat(n / 4)}]`,
  "quote without an end": (n) => `a: "${"x\n".repeat(n / 2)}`,
  "escaped quotes": (n) => `a: "${'\\"'.repeat(n / 2)}`,
  backslashes: (n) => `a: "${"\\".repeat(n)}"`,
  "doubled quotes": (n) => `a: '${"''".repeat(n / 2)}`,
  "empty lines in quotes": (n) => `a: "x${" \n".repeat(n / 2)}"`,
  "literal text": (n) => `a: |\n${"  x\n".repeat(n / 4)}`,
  "empty literal": (n) => `a: |\n${"\n".repeat(n)}`,
  "blanks behind text": (n) => `a: x${" ".repeat(n)}`,
  "blanks in text": (n) => `a: x${" ".repeat(n)}y`,
  "blanks before a comment": (n) => `a: x${" ".repeat(n)}# y`,
  "one long word": (n) => `a: ${"x".repeat(n)}`,
  "text over lines": (n) => `a:\n${" x\n\n".repeat(n / 4)}`,
  documents: (n) => "---\n".repeat(n / 4),
  directives: (n) => "%a\n".repeat(n / 3),
  "many keys": (n) => Array.from({ length: n / 10 }, (_, i) => `k${i}: 1`).join("\n"),
  "many keys in braces": (n) => `{${Array.from({ length: n / 10 }, (_, i) => `k${i}: 1`).join(", ")}}`,
  "the same key": (n) => "a: 1\n".repeat(n / 5),
  aliases: (n) => `a: &a 1\nb: [${"*a,".repeat(n / 3)}]`,
  merges: (n) =>
    `a: &a {${Array.from({ length: n / 20 }, (_, i) => `k${i}: 1`).join(",")}}\n` +
    Array.from({ length: 90 }, (_, i) => `b${i}: {<<: *a}`).join("\n"),
  "keys that are lists": (n) => "[a]: ".repeat(n / 5),
  "keys with question marks": (n) => "? a\n".repeat(n / 4),
  digits: (n) => `a: ${"9".repeat(n)}`,
};

const time = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

// Whether eight times the text takes at most about eight times as long; a busy machine gets three chances.
function isLinear(small: string, large: string): boolean {
  const [one, eight] = [small, large].map((text) =>
    Math.min(...[1, 2, 3].map(() => time(() => void readWholeYaml(text, "it"))))
  );
  return (eight ?? 0) < 100 || (eight ?? 0) < 25 * (one ?? 0);
}

Deno.test("yaml: eight times the text takes about eight times as long, whatever it is", () => {
  for (const [name, pile] of Object.entries(PILES)) {
    const [small, large, huge] = [pile(2 ** 13), pile(2 ** 16), pile(2 ** 19)];
    assert([1, 2, 3].some(() => isLinear(small, large)), name);
    assert([1, 2, 3].some(() => time(() => void readPlainYaml(huge)) < 1000), `${name}: the quick reader`);
  }
});

Deno.test("yaml: the package can not ask the environment whether to print what it reads", () => {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "LOG_TOKENS" });
  if (state === "granted") Deno.env.set("LOG_TOKENS", "1");
  const said: unknown[] = [];
  const { log, dir } = console;
  console.log = console.dir = (...words) => void said.push(words);
  try {
    assertOk(readWholeYaml("a: &b 1\n", "it"));
  } finally {
    Object.assign(console, { log, dir });
    if (state === "granted") Deno.env.delete("LOG_TOKENS");
  }
  assertEquals(said, []);
});
