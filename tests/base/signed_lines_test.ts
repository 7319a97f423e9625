// Many documents signed at a time: each line is the one that its document alone would get.
import fc from "fast-check";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { newKey } from "../../core/base/keys.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { digestSigner, signDigest } from "../../core/base/sign.ts";
import { canBeOf, signedLines } from "../../core/base/signed_lines.ts";
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
    const lines = await signedLines(crypto, digestSigner(crypto, key), utf8(texts.map((text) => `${text}\n`).join("")));
    const wanted = await Promise.all(texts.map(async (text) => {
      const signature = await signDigest(crypto, key, crypto.sha256Text(text));
      return utf8(`${text.slice(0, -1)},"signature":${shapeText(SignatureShape, signature)}}\n`);
    }));
    assertEquals(lines, concatBytes(wanted));
  }));
});

Deno.test("signed lines: a line too few, one too many, one without its end, or those of other texts are told", async () => {
  const linesOf = (texts: string) => signedLines(crypto, digestSigner(crypto, key), utf8(texts));
  const texts = '{"a":1}\n{"b":22}\n';
  const lines = await linesOf(texts);
  const can = (given: Uint8Array, of = texts, count = 2) => canBeOf(utf8(of), count, given, key);
  assertEquals([can(lines), can(utf8(""), "", 0)], [true, true]);
  const others = [
    utf8(""),
    utf8(texts),
    await linesOf('{"a":1}\n'),
    await linesOf(`${texts}{"c":3}\n`),
    await linesOf('{"a":1}\n{"b":2}\n'),
  ];
  for (
    const other of [
      ...others,
      lines.subarray(0, -1),
      concatBytes([lines, utf8("\n")]),
      concatBytes([lines.subarray(0, -1), utf8(" ")]),
    ]
  ) {
    assertEquals(can(other), false);
  }
});
