// The strict reader: public vectors, every fault with its exact place and words, and what must not be refused.
import type { FaultCode } from "../../core/base/errors.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { type JsonRules, readJson, readJsonLines, readJsonObject } from "../../core/base/json.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { shared } from "../shared.ts";

const read = (text: string, rules?: JsonRules) => readJson(utf8(text), "in.json", rules);

// Valid to RFC 8259, but two readers may see two documents: refused on purpose (spec 01, section 1.1 rule 5).
const REFUSED_ON_PURPOSE = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

Deno.test("every file of JSONTestSuite behaves as its prefix says", () => {
  const folder = shared("vectors/json/test_parsing");
  if (folder === undefined) return;
  const seen = { y: 0, n: 0, i: 0 };
  for (const { name } of Deno.readDirSync(folder)) {
    const bytes = Deno.readFileSync(`${folder}/${name}`);
    const result = readJson(bytes, name);
    readJson(bytes, name, { text: "replace" }); // does not throw either
    const kind = name.charAt(0);
    if (REFUSED_ON_PURPOSE.includes(name)) assertFault(result, "json_duplicate_key", name);
    else if (kind === "y") assertEquals(assertOk(result, name), JSON.parse(new TextDecoder().decode(bytes)), name);
    else if (kind === "n") assert(!result.ok, `${name} must be refused`);
    else assertEquals(kind, "i", name);
    if (kind === "y" || kind === "n" || kind === "i") seen[kind]++;
    if (!result.ok) assert((result.fault.at?.line ?? 0) >= 1 && (result.fault.at?.column ?? 0) >= 1, `${name} has no place`);
  }
  assertEquals(seen, { y: 95, n: 188, i: 35 });
});

// text, code, line, column, what follows the place in the message, pointer
const FAULTS: readonly (readonly [string, FaultCode, number, number, string, string?])[] = [
  ["", "json_syntax", 1, 1, "expected a value, found the end of the text"],
  [" \n\t ", "json_syntax", 2, 3, "expected a value, found the end of the text"],
  ["nul", "json_syntax", 1, 1, `expected a value, found "n"`],
  ["[1,\r\n  True]", "json_syntax", 2, 3, `expected a value, found "T"`],
  ["[1,]", "json_syntax", 1, 4, `expected a value, found "]"`],
  ["[,1]", "json_syntax", 1, 2, `expected a value, found ","`],
  ["[NaN]", "json_syntax", 1, 2, `expected a value, found "N"`],
  ["[1 2]", "json_syntax", 1, 4, `expected "," or "]", found "2"`],
  ["[1", "json_syntax", 1, 3, `expected "," or "]", found the end of the text`],
  ["[1}", "json_syntax", 1, 3, `expected "," or "]", found "}"`],
  ['{"a":1', "json_syntax", 1, 7, `expected "," or "}", found the end of the text`],
  ['{"a":1]', "json_syntax", 1, 7, `expected "," or "}", found "]"`],
  ["{a:1}", "json_syntax", 1, 2, `expected a member name in double quotes or "}", found "a"`],
  ['{"a":1,}', "json_syntax", 1, 8, `expected a member name in double quotes, found "}"`],
  ['{"a" 1}', "json_syntax", 1, 6, `expected ":" after a member name, found "1"`],
  ['{"a":}', "json_syntax", 1, 6, `expected a value, found "}"`],
  ["{} {}", "json_syntax", 1, 4, `expected the end of the text, found "{"`],
  ["1\n\n,", "json_syntax", 3, 1, `expected the end of the text, found ","`],
  ["[]\u00a0", "json_syntax", 1, 3, "expected the end of the text, found U+00A0"],
  ['["\u{1f600}\u{1f600}",\u{1f600}]', "json_syntax", 1, 7, "expected a value, found U+1F600"],
  ['["a', "json_syntax", 1, 4, "expected a closing quote, found the end of the text"],
  ['["a\nb"]', "json_syntax", 1, 4, "expected control characters in text to be escaped, found U+000A"],
  ['{"a\tb":1}', "json_syntax", 1, 4, "expected control characters in text to be escaped, found U+0009"],
  ['["\\x41"]', "json_syntax", 1, 4, 'expected one of " \\ / b f n r t u after a backslash, found "x"'],
  ['["\\', "json_syntax", 1, 4, 'expected one of " \\ / b f n r t u after a backslash, found the end of the text'],
  ['["a\\u12g4"]', "json_syntax", 1, 4, "expected four hexadecimal digits after \\u"],
  ["-", "json_syntax", 1, 2, `expected a digit after "-", found the end of the text`],
  ["[+1]", "json_syntax", 1, 2, `expected a value, found "+"`],
  ["[-.5]", "json_syntax", 1, 3, `expected a digit after "-", found "."`],
  ["[-012]", "json_syntax", 1, 4, `expected no digit after a leading 0, found "1"`],
  ["[1.]", "json_syntax", 1, 4, `expected a digit after the decimal point, found "]"`],
  ["[1e+]", "json_syntax", 1, 5, `expected a digit in the exponent, found "]"`],
  ["[0x1]", "json_syntax", 1, 3, `expected "," or "]", found "x"`],
  ['{"a":1,"a":1}', "json_duplicate_key", 1, 8, `expected each member name once, found "a" again`, "/a"],
  [
    '{"x/~":[0,{"b":1,\n"\\u0062":2}]}',
    "json_duplicate_key",
    2,
    1,
    `expected each member name once, found "b" again`,
    "/x~1~0/1/b",
  ],
  [
    '{"__proto__":1,"__proto__":2}',
    "json_duplicate_key",
    1,
    16,
    `expected each member name once, found "__proto__" again`,
    "/__proto__",
  ],
  ['{"":1,"":2}', "json_duplicate_key", 1, 7, `expected each member name once, found "" again`, "/"],
  ['["a\\ud800b"]', "json_lone_surrogate", 1, 4, "expected a whole surrogate pair, found \\ud800 alone", "/0"],
  ['["\\uDC00\\uD800"]', "json_lone_surrogate", 1, 3, "expected a whole surrogate pair, found \\uDC00 alone", "/0"],
  ['["\\ud800\\ud83d\\ude00"]', "json_lone_surrogate", 1, 3, "expected a whole surrogate pair, found \\ud800 alone", "/0"],
  ['["\\udc00\\udc01"]', "json_lone_surrogate", 1, 3, "expected a whole surrogate pair, found \\udc00 alone", "/0"],
  ['{"\\ud800":1}', "json_lone_surrogate", 1, 3, "expected a whole surrogate pair, found \\ud800 alone"],
  ["1e400", "json_number_range", 1, 1, `expected a number that a double can hold, found "1e400"`, ""],
  ['{"n":[0, -1E+309]}', "json_number_range", 1, 10, `expected a number that a double can hold, found "-1E+309"`, "/n/1"],
  ["\ufeff[]", "text_encoding", 1, 1, "expected no byte order mark"],
];

Deno.test("faults: code, line, column, words and pointer are exact", () => {
  for (const [text, code, line, column, words, pointer] of FAULTS) {
    const fault = assertFault(read(text), code, text);
    assertEquals(fault.message, `Cannot read "in.json": line ${line}, column ${column}: ${words}`, text);
    assertEquals(fault.at, pointer === undefined ? { line, column } : { line, column, pointer }, text);
    const later = assertFault(read(text, { firstLine: 7 }), code, text);
    assertEquals(later.at?.line, line + 6, text);
  }
});

Deno.test("bytes that are not UTF-8 are refused where they stand", () => {
  const cases = [
    [[0x22, 0xff, 0x22], 2, "0xff"],
    [[0x22, 0xc3, 0xa9, 0xe2, 0x82, 0x22], 3, "0xe2"], // cut short
    [[0x22, 0xc0, 0xaf, 0x22], 2, "0xc0"], // overlong
    [[0x22, 0xed, 0xa0, 0x80, 0x22], 2, "0xed"], // an encoded surrogate
    [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 2, "0xf4"], // beyond U+10FFFF
    [[0x22, 0xef, 0xbf, 0xbd, 0xef, 0xbf, 0x22], 3, "0xef"], // a U+FFFD that is there, then a part of one
    [[0xff, 0xfe, 0x22, 0x00], 1, "0xff"], // UTF-16
  ] as const;
  for (const [bytes, column, byte] of cases) {
    const fault = assertFault(readJson(Uint8Array.from([0x0a, ...bytes]), "x"), "text_encoding", byte);
    assertEquals(fault.message, `Cannot read "x": line 2, column ${column}: expected UTF-8, found byte ${byte}`);
    assertEquals(fault.at, { line: 2, column });
  }
  assertEquals(assertOk(read('"\ufffd \ufdd0 \uffff \u{1fffe}"')), "\ufffd \ufdd0 \uffff \u{1fffe}");
});

Deno.test("limits: the last that fits is read, the first that does not is refused at its place", () => {
  assertEquals(assertOk(read("[1,\n2]", { maxBytes: 6 })), [1, 2]);
  const large = assertFault(read("[1,\n\u00e92]", { maxBytes: 6 }), "json_too_large");
  assertEquals(large.message, `Cannot read "in.json": line 2, column 2: expected at most 6 bytes`);
  assertEquals(large.at, { line: 2, column: 2 });

  for (const [left, right] of [["[", "]"], ['{"a":', "}"]] as const) {
    for (const gap of ["", " ", "\n"]) { // both paths
      const nested = (depth: number) => left.repeat(depth) + (left === "[" ? "" : "1") + gap + right.repeat(depth);
      assertOk(read(nested(512)));
      assertEquals(assertFault(read(nested(513)), "json_too_deep").at, { line: 1, column: 1 + 512 * left.length });
      assertOk(read(nested(20), { maxDepth: 20 }));
      assertFault(read(nested(21), { maxDepth: 20 }), "json_too_deep");
      assertOk(read(nested(2000), { maxDepth: 2000 }));
    }
  }
  assertEquals(assertOk(read('["[[[[", "\\"{{{{"]', { maxDepth: 1 })), ["[[[[", '"{{{{']); // brackets in text do not count
  assertFault(read('["\\"",[[]]]', { maxDepth: 2 }), "json_too_deep"); // those behind an escaped quote do
  assertOk(read(`["${"[".repeat(5000)}\\"${"{".repeat(5000)}"]`));
  assertOk(read("1", { maxDepth: 0 }));
  assertFault(read("[]", { maxDepth: 0 }), "json_too_deep");
});

Deno.test("100,000 levels are a fault, closed or not, never an overflow", () => {
  for (const text of ["[".repeat(100_000), "[".repeat(100_000) + "]".repeat(100_000), '{"a":'.repeat(100_000)]) {
    assertFault(read(text), "json_too_deep");
    assertFault(read(`\n${text}`), "json_too_deep");
  }
});

Deno.test("numbers: what fits a double is read as the nearest", () => {
  const digits = "9".repeat(308);
  const texts = [
    "-0",
    "1.0",
    "1E5",
    "1e-400",
    "1.7976931348623157e308",
    "12345678901234567890",
    digits,
    `-${digits}.${digits}`,
  ];
  for (const text of [...texts, `0.${"0".repeat(400)}1`]) assert(Object.is(assertOk(read(text)), Number(text)), text);
  assertEquals(assertFault(read(`[${digits}9]`), "json_number_range").at?.column, 2);
  assertFault(read(`[${digits}${digits}.5]`), "json_number_range");
});

Deno.test("__proto__ and names like indexes are members like any other", () => {
  for (const text of ['{"__proto__":{"a":1},"b":2}', ' { "b":2, "__proto__" : {"a":1}}', '{"\\u005f_proto__":{"a":1},"b":2}']) {
    const value = assertOk(readJsonObject(utf8(text), "x"));
    assert(Object.hasOwn(value, "__proto__") && !("a" in value), text);
    assertEquals(canonicalText(value), '{"__proto__":{"a":1},"b":2}');
  }
  assertEquals(canonicalText(assertOk(read('{"b":0,"10":1,"9":2,"-1":3}'))), '{"-1":3,"10":1,"9":2,"b":0}');
});

Deno.test("texts that begin with a colon hide no name that comes twice", () => {
  for (const text of ['{"a":":b"}', '{"a" \t:\r\n" : b", ":c" : [":", "::"]}']) {
    assertEquals(canonicalText(assertOk(read(text))), canonicalText(JSON.parse(text)));
  }
  for (const text of ['{"a":":b","a":1}', '{"a" : " :b", "a":1}', '{":a":1, ":a":":"}', '[{"a":1,"b":":","a" \n:":"}]']) {
    assertFault(read(text), "json_duplicate_key", text);
  }
});

Deno.test("replace: lone surrogates and broken UTF-8 are read as U+FFFD, and names compared after that", () => {
  const lenient = (text: string) => read(text, { text: "replace" });
  const texts = [
    ['"\\ud800"', "\ufffd"],
    ['"\\udc00\\ud800x"', "\ufffd\ufffdx"],
    ['"\\ud800\\ud83d\\ude00\\uDE00"', "\ufffd\u{1f600}\ufffd"],
    ['"\\\\ud800"', "\\ud800"],
    ['"\\\\\\ud800\\n"', "\\\ufffd\n"],
    ['"\\ud83d\\u0041"', "\ufffdA"],
  ] as const;
  for (const [text, value] of texts) assertEquals(assertOk(lenient(text)), value, text);
  assertEquals(assertFault(lenient('{"\\ud800":1, "\\udfff":2}'), "json_duplicate_key").at, {
    line: 1,
    column: 14,
    pointer: "/\ufffd",
  });
  assertFault(lenient("[\\ud800]"), "json_syntax");
  assertFault(lenient("\ufeff1"), "text_encoding");

  const bytes = (...list: number[]) => readJson(Uint8Array.from([0x22, ...list, 0x22]), "x", { text: "replace" });
  assertEquals(assertOk(bytes(0xff, 0x41)), "\ufffdA");
  assertEquals(assertOk(bytes(0xed, 0xa0, 0x80)), "\ufffd\ufffd\ufffd");
  assertEquals(assertOk(bytes(0xe2, 0x82, 0x41)), "\ufffdA"); // a maximal part is one
  assertFault(readJson(Uint8Array.from([0x5b, 0xff, 0x5d]), "x", { text: "replace" }), "json_syntax");
});

Deno.test("names in messages are cut and cannot drive a terminal", () => {
  const message = (name: string) => assertFault(read(`{${name}:1,${name}:2}`), "json_duplicate_key").message;
  assert(message(`"${"a".repeat(1000)}"`).endsWith(`found "${"a".repeat(60)}..." again`));
  assert(message('"\\u001b[2J\u009b\u202e\\""').endsWith('found "\\u001b[2J\\u009b\\u202e\\"" again'));
  const deep = `{"${"a".repeat(1001)}":{"b":1,"b":2}}`;
  assertEquals(assertFault(read(deep), "json_duplicate_key").at, { line: 1, column: 1013 }); // no endless pointer
});

Deno.test("readJsonObject wants an object, and says what it found and where", () => {
  assertEquals(assertOk(readJsonObject(utf8("{}"), "x")), {});
  const found = [["[]", "a list"], ["null", "null"], ["1", "a number"], ["true", "true or false"], ['""', "text"]] as const;
  for (const [text, kind] of found) {
    const fault = assertFault(readJsonObject(utf8(`\n  ${text}`), "x"), "document_shape");
    assertEquals(fault.message, `Cannot read "x": line 2, column 3: expected an object, found ${kind}`);
    assertEquals(fault.at, { line: 2, column: 3 });
  }
  assertFault(readJsonObject(utf8("["), "x"), "json_syntax");
});

Deno.test("JSON lines: one object a line, blank lines skipped, lines counted through the whole input", () => {
  const lines = (text: string, rules?: JsonRules & { maxLineBytes?: number }) => readJsonLines(utf8(text), "in.jsonl", rules);
  assertEquals(assertOk(lines("")), []);
  assertEquals(assertOk(lines("\n \r\n\n")), []);
  assertEquals(assertOk(lines('{"a":1}\n\n{"b":"\\n"}\r\n{}')), [{ a: 1 }, { b: "\n" }, {}]);

  const refused: readonly (readonly [string, FaultCode, number, number])[] = [
    ['{}\n\n{"a":\n1}', "json_syntax", 3, 6], // an object ends on its line
    ["{}\n {} {}\n", "json_syntax", 2, 5],
    ["{}\n[]\n", "document_shape", 2, 1],
    ['{"a":1}\n{"a":1,"a":2}', "json_duplicate_key", 2, 8],
    ["{}\n\ufeff{}", "text_encoding", 2, 1],
    ['{}\n{"a":"0123456789"}', "json_too_large", 2, 11],
  ];
  for (const [text, code, line, column] of refused) {
    const { at, message } = assertFault(lines(text, { maxLineBytes: 10 + Number(code !== "json_too_large") * 90 }), code);
    assertEquals([at?.line, at?.column], [line, column], message);
    assert(message.startsWith(`Cannot read "in.jsonl": line ${line}, column ${column}: expected `), message);
  }
  assertOk(lines('{"a":10}\n{}\n', { maxLineBytes: 8, maxBytes: 12 }));
  assertEquals(assertFault(lines("{}\n{}\n", { maxBytes: 5 }), "json_too_large").at, { line: 2, column: 3 });
  assertEquals(assertFault(lines("{}\n!", { firstLine: 41 }), "json_syntax").at, { line: 42, column: 1 });
});

Deno.test("JSON lines: time is linear in the input", () => {
  const seconds = (count: number): number => {
    const bytes = utf8('{"a":"0123456789","b":[1,2,3]}\n'.repeat(count));
    const start = performance.now();
    assertEquals(assertOk(readJsonLines(bytes, "x")).length, count);
    return performance.now() - start;
  };
  seconds(10_000); // warm
  const small = Math.min(seconds(10_000), seconds(10_000), seconds(10_000));
  const large = Math.min(seconds(160_000), seconds(160_000));
  assert(large < 16 * 5 * Math.max(small, 2), `16 times the lines took ${large} ms instead of ${small} ms`);
});
