// Text and byte rules that digests and lookups lean on.
import { base64, fromBase64, fromHex, hex, utf8 } from "../../core/base/bytes.ts";
import { byBytes, isHex64, lower, lowerSet, trim, trimmedSet } from "../../core/base/text.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";
import fc from "fast-check";

Deno.test("trim: Unicode White_Space and nothing else", () => {
  assertEquals(trim(" \t\r\n\u0085\u00a0\u2003\u3000a b\u2029 "), "a b");
  assertEquals(trim("\ufeffa\ufeff"), "\ufeffa\ufeff", "U+FEFF is no white space");
  assertEquals(trim("\u001ca\u001f"), "\u001ca\u001f", "U+001C to U+001F are not either");
  assertEquals(trim("\u200b a"), "\u200b a");
  assertEquals(trim("  "), "");
});

Deno.test("trim: time is linear in the text", () => {
  const started = performance.now();
  assertEquals(trim(`a${" ".repeat(2_000_000)}b`).length, 2_000_002);
  assert(performance.now() - started < 1000, "a run of blanks inside must not be searched again and again");
});

Deno.test("lower: code point by code point", () => {
  assertEquals(lower("ΟΔΟΣ"), "οδοσ", "no final sigma");
  assertEquals(lower("İ"), "i");
  assertEquals(lower("ÄẞK"), "äßk");
});

Deno.test("sets: trimmed, unique, sorted by bytes", () => {
  assertEquals(trimmedSet([" b", "a ", "", "b", "  ", "\u{1f600}", "\uffee"]), ["a", "b", "\uffee", "\u{1f600}"]);
  assertEquals(lowerSet(["B", "b ", "A"]), ["a", "b"]);
});

Deno.test("hex64: lowercase and whole", () => {
  assert(isHex64("0123456789abcdef".repeat(4)));
  for (const bad of ["", "A".repeat(64), "0".repeat(63), "0".repeat(65), `${"0".repeat(64)}\n`]) assert(!isHex64(bad), bad);
});

Deno.test("base64: only the one standard spelling", () => {
  assertEquals(fromBase64("AAEC"), new Uint8Array([0, 1, 2]));
  assertEquals(fromBase64(""), new Uint8Array());
  for (const bad of ["AAE", "AAE=A", "AA==\n", " AAEC", "AA-_", "AAF=", "AB==", "A===", "====", "AAEC="]) {
    assertEquals(fromBase64(bad), undefined, JSON.stringify(bad));
  }
});

Deno.test("hex: digits of both cases, in pairs", () => {
  assertEquals(fromHex("00fFa0"), new Uint8Array([0, 255, 160]));
  for (const bad of ["0", "0g", " 00", "0x00"]) assertEquals(fromHex(bad), undefined, bad);
});

property("hex and base64 give bytes back", fc.uint8Array(), (bytes) => {
  assertEquals(fromHex(hex(bytes)), Uint8Array.from(bytes));
  assertEquals(fromBase64(base64(bytes)), Uint8Array.from(bytes));
});

property("byBytes is the order of UTF-8", fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), ([a, b]) => {
  const [x, y] = [utf8(a), utf8(b)];
  const at = x.findIndex((byte, i) => byte !== y[i]);
  const want = at === -1 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
  assertEquals(Math.sign(byBytes(a, b)), Math.sign(want));
});
