// What was cut short, told from what is wrong.
import { utf8 } from "../../core/base/bytes.ts";
import { isCutShort } from "../../core/base/json_torn.ts";
import { assertEquals } from "../assert.ts";

const TEXT = `{"a":"\u00fc\\"\\u00e9\\ud83d\\ude00\u{1f600}","b":[true,false,null,{"c":-1.5e+10}],"d":{}}`;

Deno.test("torn JSON: an object cut at any byte but its last is cut short, with zeros behind it too", () => {
  const bytes = utf8(TEXT);
  for (let size = 0; size < bytes.length; size++) {
    assertEquals(isCutShort(bytes.subarray(0, size)), true, `cut at ${size}`);
    const padded = new Uint8Array(size + 5);
    padded.set(bytes.subarray(0, size));
    assertEquals(isCutShort(padded), true, `cut at ${size}, then zeros`);
  }
  assertEquals(isCutShort(bytes), false);
});

Deno.test("torn JSON: what no beginning of an object is was not cut short", () => {
  for (
    const text of [
      `{"a":1}x`,
      `{"a":1} {`,
      `[`,
      `"a`,
      `tru`,
      `x`,
      `{a`,
      `{"a" 1`,
      `{"a":tRu`,
      `{"a":1,,`,
      `{"a":"\u0001"`,
      `{"a":01`,
    ]
  ) {
    assertEquals(isCutShort(utf8(text)), false, text);
  }
});
