// Signing many digests: in place or elsewhere the signatures are the same, each goes to whoever asked for it, and none is lost.
import fc from "fast-check";
import { concatBytes } from "../../core/base/bytes.ts";
import { signAll, signingMany } from "../../core/base/sign_many.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

const SEED = new Uint8Array(32).fill(3);
const sign = nodeHost.crypto.signer(SEED);
const digests = (count: number) =>
  concatBytes(Array.from({ length: count }, (_, i) => nodeHost.crypto.sha256(Uint8Array.of(i, i >> 8))));
const same = async (count: number, given: Promise<Uint8Array>) =>
  assertEquals(await given, await signAll(sign, digests(count)));

Deno.test("sign many: each message has its own signature, in order", async () => {
  const two = await signAll(sign, digests(2));
  const [first, second] = [digests(2).subarray(0, 32), digests(2).subarray(32)];
  assertEquals(two, concatBytes([await sign(first), await sign(second)]));
});

Deno.test("sign many: the same whatever goes elsewhere", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(9)), fc.nat(20), fc.nat(20), async (counts, first, ahead) => {
    const many = signingMany(sign, () => (messages) => signAll(sign, messages), { first, ahead });
    const given = counts.map((count) => [count, many(digests(count))] as const);
    for (const [count, one] of given) await same(count, one);
  }));
});

Deno.test("sign many: a thread that is lost, or answers too little, is signed for in place, and not asked again", async () => {
  for (const answer of [undefined, new Uint8Array(64)]) {
    let times = 0;
    const many = signingMany(sign, () => () => {
      times++;
      return Promise.resolve(answer);
    }, { first: 1, ahead: 9 });
    await same(1, many(digests(1)));
    assertEquals(times, 0);
    for (let i = 0; i < 2; i++) await same(2, many(digests(2)));
    assertEquals(times, 1);
  }
});

Deno.test("sign many: few are signed in place, and no thread is started for them", async () => {
  const many = signingMany(sign, () => {
    throw new Error("not wanted");
  }, { first: 5, ahead: 9 });
  await same(4, many(digests(4)));
  await same(4, many(digests(4)));
});

Deno.test("sign many: what does not keep up elsewhere is signed in place", async () => {
  const held: (() => void)[] = [];
  const many = signingMany(
    sign,
    () => (messages) => new Promise((answer) => held.push(() => answer(signAll(sign, messages)))),
    { first: 0, ahead: 4 },
  );
  const slow = [many(digests(2)), many(digests(2))];
  await same(2, many(digests(2)));
  assertEquals(held.length, 2);
  for (const answer of held.splice(0)) answer();
  for (const one of slow) await same(2, one);
  const again = many(digests(3));
  assertEquals(held.length, 1);
  held[0]?.();
  await same(3, again);
});
