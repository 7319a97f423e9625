// Signing many digests: in place or elsewhere the signatures are the same, each goes to whoever asked for it, and none is lost.
import fc from "fast-check";
import { gathering, signAll } from "../../core/base/sign_many.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";

const SEED = new Uint8Array(32).fill(3);
const sign = nodeHost.crypto.signer(SEED);
const digests = (count: number) => Array.from({ length: count }, (_, i) => nodeHost.crypto.sha256(Uint8Array.of(i, i >> 8)));
const same = async (count: number, asked: readonly (Uint8Array | Promise<Uint8Array>)[]) =>
  assertEquals(await Promise.all(asked), await Promise.all(digests(count).map((digest) => sign(digest))));

Deno.test("sign many: whatever goes elsewhere, each gets its own signature", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.nat(20),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(20),
      async (count, first, together, ahead) => {
        const gathered = gathering(sign, () => (messages) => signAll(sign, messages), { first, together, ahead });
        const asked = digests(count).map((digest) => gathered.sign(digest));
        gathered.flush();
        await same(count, asked);
      },
    ),
  );
});

Deno.test("sign many: a thread that is lost, or answers too little, is signed for in place, and not asked again", async () => {
  for (const answer of [undefined, new Uint8Array(64)]) {
    let times = 0;
    const gathered = gathering(sign, () => () => {
      times++;
      return Promise.resolve(answer);
    }, { first: 1, together: 2, ahead: 9 });
    const asked = digests(5).map((digest) => gathered.sign(digest));
    gathered.flush();
    await same(5, asked);
    const before = times;
    await same(5, digests(5).map((digest) => gathered.sign(digest)));
    assert(before > 0 && times === before);
  }
});

Deno.test("sign many: few are signed in place, and no thread is started for them", async () => {
  const gathered = gathering(sign, () => {
    throw new Error("not wanted");
  }, { first: 5, together: 2, ahead: 9 });
  await same(5, digests(5).map((digest) => gathered.sign(digest)));
});

Deno.test("sign many: what does not keep up elsewhere is signed in place", async () => {
  const held: (() => void)[] = [];
  const gathered = gathering(
    sign,
    () => (messages) => new Promise((answer) => held.push(() => answer(signAll(sign, messages)))),
    { first: 0, together: 2, ahead: 4 },
  );
  const asked = digests(10).map((digest) => gathered.sign(digest));
  assertEquals(held.length, 2);
  await same(10, [...(await Promise.all(digests(4).map((digest) => sign(digest)))), ...asked.slice(4)]);
  for (const answer of held) answer();
  await same(10, asked);
});
