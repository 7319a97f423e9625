// RFC 8785 byte for byte, and the examples of spec 01, section 1.1.
import { canonicalBytes, canonicalText } from "../../core/base/canonical.ts";
import { type Json, readJson } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { shared } from "../shared.ts";

const again = (text: string): string => canonicalText(assertOk(readJson(utf8(text), "x")));

Deno.test("the vectors of the RFC's author come out byte for byte", () => {
  const folder = shared("vectors/jcs");
  if (folder === undefined) return;
  const names = [...Deno.readDirSync(`${folder}/input`)].map((entry) => entry.name).sort();
  assertEquals(names, ["arrays.json", "french.json", "structures.json", "unicode.json", "values.json", "weird.json"]);
  for (const name of names) {
    const value = assertOk(readJson(Deno.readFileSync(`${folder}/input/${name}`), name));
    assertEquals(canonicalBytes(value), Uint8Array.from(Deno.readFileSync(`${folder}/output/${name}`)), name);
  }
});

Deno.test("numbers, text and the order of names are spelled as the contract says", () => {
  const pairs = [
    ["[1.0,1e21,1e-7,0.000001,-0,0e9]", "[1,1e+21,1e-7,0.000001,0,0]"],
    ["[12345678901234567890,9007199254740993,1e-400]", "[12345678901234567000,9007199254740992,0]"],
    ['"\\u0008\\t\\n\\f\\r\\u001F\\u0000\\"\\\\\\/"', '"\\b\\t\\n\\f\\r\\u001f\\u0000\\"\\\\/"'],
    ['"<>&\\u007f\\u2028\\u2029\\u00e9e\\u0301\\ud83d\\ude00"', '"<>&\u007f\u2028\u2029\u00e9e\u0301\u{1f600}"'],
    ['{"\ufb33":1,"\ue000":2,"\u{1f600}":3}', '{"\u{1f600}":3,"\ue000":2,"\ufb33":1}'],
    ['{"b":1,"10":2,"9":3,"A":4,"":5,"__proto__":6}', '{"":5,"10":2,"9":3,"A":4,"__proto__":6,"b":1}'],
    ['{"b":1,"10":2,"9":3}', '{"10":2,"9":3,"b":1}'],
    ['{"b":{"__proto__":{"z":1,"a":2}}}', '{"b":{"__proto__":{"a":2,"z":1}}}'],
    ['["\\\\ud800",{"b":"\\\\udc00","a":1}]', '["\\\\ud800",{"a":1,"b":"\\\\udc00"}]'],
    [" { } ", "{}"],
  ] as const;
  for (const [text, canonical] of pairs) assertEquals(again(text), canonical, text);
});

Deno.test("members that are undefined are left out, whatever their type allows", () => {
  const record: { readonly a?: string; readonly b: number; readonly c?: Json } = { b: 1 };
  assertEquals(canonicalText(record), '{"b":1}');
  const loose = Object.assign({ b: 1 }, { a: undefined });
  assertEquals(canonicalText(JSON.parse("{}", () => loose)), '{"b":1}');
});

Deno.test("the deepest document that the reader takes can be written", () => {
  for (const [left, inner, right] of [["[", "", "]"], ['{"a":', "1", "}"]] as const) {
    const text = left.repeat(512) + inner + right.repeat(512);
    assertEquals(again(text), text);
  }
});

Deno.test("what is not JSON is a bug of the caller's and throws", () => {
  for (const value of [NaN, -Infinity, "\ud800", { "\udc00": 1 }, [[{ a: NaN }]]]) {
    let text: string | undefined;
    try {
      text = canonicalText(value);
    } catch {
      continue;
    }
    assert(false, `written as ${text}`);
  }
});
