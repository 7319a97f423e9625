// The second thread that signs: the signatures of the first, and an answer also where it ends early.
import { sideSigner } from "../../../cli/host/side_signer.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { newKey } from "../../../core/base/keys.ts";
import { digestSigner } from "../../../core/base/sign.ts";
import { signedLines } from "../../../core/base/signed_lines.ts";
import { nodeHost } from "../../../host/node.ts";
import { assertEquals } from "../../assert.ts";

const { crypto } = nodeHost;
const KEY = await newKey(crypto, new Uint8Array(32).fill(5));

Deno.test("side signer: it signs as the program does, in order", async () => {
  const side = sideSigner(KEY);
  const many = Array.from({ length: 3 }, (_, i) => utf8(`{"n":${i}}\n`.repeat(i + 1)));
  const signed = await Promise.all(many.map((texts) => side.sign(texts)));
  side.close();
  assertEquals(signed, await Promise.all(many.map((texts) => signedLines(crypto, digestSigner(crypto, KEY), texts))));
});

Deno.test("side signer: texts that wait together are answered in their order, however long each takes", async () => {
  const side = sideSigner(KEY);
  const many = Array.from({ length: 12 }, (_, i) => utf8(`{"n":${i}}\n`.repeat(i % 2 === 0 ? 200 : 1)));
  const signed = await Promise.all(many.map((texts) => side.sign(texts))); // the thread has not begun when the last one is sent
  side.close();
  assertEquals(signed, await Promise.all(many.map((texts) => signedLines(crypto, digestSigner(crypto, KEY), texts))));
});

Deno.test("side signer: what a thread has not answered when it ends is answered by nothing", async () => {
  const side = sideSigner(KEY);
  const asked = side.sign(utf8("{}\n"));
  side.close();
  assertEquals([await asked, await side.sign(utf8("{}\n"))], [undefined, undefined]);
});
