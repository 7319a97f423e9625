// The second thread that signs: the signatures of the first, and an answer also where it ends early.
import { sideSigner } from "../../../cli/host/side_signer.ts";
import { signAll } from "../../../core/base/sign_many.ts";
import { nodeHost } from "../../../host/node.ts";
import { assertEquals } from "../../assert.ts";

const SEED = new Uint8Array(32).fill(5);

Deno.test("side signer: it signs as the program does, in order", async () => {
  const side = sideSigner(SEED);
  const many = Array.from({ length: 3 }, (_, i) => new Uint8Array(32 * (i + 1)).fill(i));
  const signed = await Promise.all(many.map((messages) => side.sign(messages)));
  side.close();
  assertEquals(signed, await Promise.all(many.map((messages) => signAll(nodeHost.crypto.signer(SEED), messages))));
});

Deno.test("side signer: what a thread has not answered when it ends is answered by nothing", async () => {
  const side = sideSigner(SEED);
  const asked = side.sign(new Uint8Array(32));
  side.close();
  assertEquals([await asked, await side.sign(new Uint8Array(32))], [undefined, undefined]);
});
