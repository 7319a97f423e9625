// Letter case, folding and marks are those of one version of Unicode, on every engine: also run under Node by tests/runtimes/.
import { hex, utf8 } from "../../core/base/bytes.ts";
import { lower } from "../../core/base/text.ts";
import { isKnown, isKnownText } from "../../core/base/unicode.ts";
import { foldName, unsafeName } from "../../core/base/zip_names.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";

const isBlanket = (code: number): boolean =>
  code >= 0x1f300 && code <= 0x1faff || code >= 0x20000 && code <= 0x2f7ff || code >= 0x30000 && code <= 0x3ffff ||
  code >= 0xe0000;
const isNothing = (code: number): boolean => (code & 0xfffe) === 0xfffe || code >= 0xfdd0 && code <= 0xfdef;
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
const LISTED = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => isKnown(code) && !isSurrogate(code) && !isBlanket(code));

Deno.test("unicode: known are the characters of version 15.0, which every engine knows too", () => {
  assertEquals(LISTED.length, 84_058); // counted in DerivedAge.txt
  assertEquals(LISTED.filter((code) => !isNothing(code) && /\p{Cn}/u.test(String.fromCodePoint(code))), []);
});

Deno.test("unicode: what came later, or never, is not known", () => {
  for (const old of ["a", "\u00e4", "\u{1e4d0}", "\u{11f00}", "\u{1faf8}", "\u{2ebf0}", "\u{e000}", "\u{10fffd}", "\ufdd0"]) {
    assert(isKnownText(old), old);
  }
  for (const newer of ["\ua7dc", "\u1c89", "\u{10d50}", "\u{16ea0}", "\ua7ce", "\u1acf", "\u0378", "\u{1c000}"]) {
    assert(!isKnownText(`a${newer}`), newer);
    assertEquals(lower(newer), newer);
    assertEquals(unsafeName(`a${newer}`), "holds a character that Unicode 15 does not know");
  }
});

Deno.test("unicode: a letter whose capital came later folds to itself", () => {
  for (const letter of ["\u019b", "\u0264"]) assertEquals([lower(letter), foldName(letter)], [letter, letter]);
});

Deno.test("unicode: every engine lowers, folds and classes all known characters alike", () => {
  const lines = LISTED.map((code) => {
    const char = String.fromCodePoint(code);
    return `${lower(char)}\0${foldName(`a${char}`)}\0${/\p{M}/u.test(char)}\n`;
  });
  const digest = hex(nodeHost.crypto.sha256(utf8(lines.join(""))));
  assertEquals(digest, "864575f90ab0b2303a6d0d195c168f1f7810f086cbbe8e3a5e825aff656f4e6e");
});
