// Many documents signed at a time: each line is the one that its document alone would get.
import fc from "fast-check";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { newKey } from "../../core/base/keys.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { signDigest } from "../../core/base/sign.ts";
import { areLines, signedLines } from "../../core/base/signed_lines.ts";
import { SignatureShape } from "../../core/schema/signature.ts";
import { shapeText } from "../../core/base/shape_text.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

const { crypto } = nodeHost;
const key = await newKey(crypto, new Uint8Array(32).fill(3));

Deno.test("signed lines: each text gets the signature of its digest, in order, before its last brace", async () => {
  const objects = fc.array(
    fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), { minKeys: 1 }),
  );
  await fc.assert(fc.asyncProperty(objects, async (all) => {
    const texts = all.map((one) => canonicalText({ ...one }));
    const lines = await signedLines(crypto, key, crypto.signer(key.seed), utf8(texts.map((text) => `${text}\n`).join("")));
    const wanted = await Promise.all(texts.map(async (text) => {
      const signature = await signDigest(crypto, key, crypto.sha256Text(text));
      return utf8(`${text.slice(0, -1)},"signature":${shapeText(SignatureShape, signature)}}\n`);
    }));
    assertEquals(lines, concatBytes(wanted));
  }));
});

Deno.test("signed lines: a line too few, one too many, or one without its end is told", () => {
  assertEquals([areLines(utf8(""), 0), areLines(utf8("a\nb\n"), 2)], [true, true]);
  for (const lines of ["", "a\n", "a\nb", "a\nb\nc\n", "a\nb\nc"]) assertEquals(areLines(utf8(lines), 2), false, lines);
});
