// Values of JSON texts, whatever the engine has read before.
import { utf8 } from "../../core/base/bytes.ts";
import { type Json, readJson, readJsonLines } from "../../core/base/json.ts";
import { valueOf, valueOfCompact } from "../../core/base/json_parse.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

const names = (value: Json): string[] => Object.keys(value ?? {});

// What V8 expects after these, it takes for the escape that it finds.
const EXPECTED = [String.raw`{"a":1,"\\":1}`, String.raw`{"a":1,"\\u":1}`, String.raw`{"a":1,"\\\\":1}`];
const TEXTS: readonly [string, string][] = [
  [String.raw`{"a":1,"\u83fa":1}`, "\u83fa"],
  [String.raw`{"a":1,"\u0041":1}`, "A"],
  [String.raw`{"a":1,"\n":1}`, "\n"],
  [String.raw`{"a":1,"\"":1}`, '"'],
  [String.raw`{"a":1,"\u83fa\u83fa":1}`, "\u83fa\u83fa"],
  [String.raw`{"a":1,"\u005c\u0075":1}`, "\\u"],
];

Deno.test("JSON values: a name that is written with an escape is read as it is, whatever was read before", () => {
  for (const expected of EXPECTED) {
    for (const [text, name] of TEXTS) {
      for (const spelled of [text, ` ${text}`, text.replace(",", ", ")]) {
        JSON.parse(expected);
        const said = `${spelled} after ${expected}`;
        assertEquals(names(valueOf(spelled)), ["a", name], said);
        JSON.parse(expected);
        assertEquals(names(assertOk(readJson(utf8(spelled), "x"))), ["a", name], said);
        const [first, second] = assertOk(readJsonLines(utf8(`${expected}\n${spelled}\n`), "x"));
        assertEquals([names(first ?? {}).length, names(second ?? {})], [2, ["a", name]], said);
      }
      const compact = JSON.stringify({ a: 1, [name]: 1 });
      JSON.parse(expected);
      assertEquals(names(valueOfCompact(compact)), ["a", name], `${compact} after ${expected}`);
    }
  }
});

Deno.test("JSON values: every kind of value, with white space and without", () => {
  const texts = [
    String.raw`[]`,
    String.raw`{}`,
    String.raw`"\\"`,
    String.raw` [ "\"" , -1.5e+3 , true,false , null ,{ } ,[ ], [[ ]], {"a" :{ "b\/": [ 1,2 ]} } ] `,
    String.raw`{"__proto__":{"\u0078":1},"10":"\ud83d\ude00","9":0,"":"\\\\\""}`,
    "\t\r\n0 ",
  ];
  for (const text of texts) {
    const expected: Json = JSON.parse(text);
    assertEquals(JSON.stringify(valueOf(text)), JSON.stringify(expected), text);
    assertEquals(JSON.stringify(valueOfCompact(JSON.stringify(expected))), JSON.stringify(expected), text);
  }
});

Deno.test("JSON values: text that is no JSON ends, with an error or without", () => {
  for (const text of ["", "\\", '"\\', "[\\", "{\\", '{"\\"', '{"\\":', "[1,\\", '["\\",']) {
    let ended = false;
    try {
      valueOf(text);
      ended = true;
    } catch (error) {
      ended = error instanceof SyntaxError;
    }
    assert(ended, text);
  }
});
