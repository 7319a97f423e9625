// Signatures: every backend makes the same ones, and all of them refuse whatever differs by one bit.
import fc from "fast-check";
import { fromHex, hex } from "../../core/base/bytes.ts";
import { newKey, privateKeyText, publicKeyText, readPrivateKey, readPublicKey } from "../../core/base/keys.ts";
import { checkSignature, signDigest, verifyDetached } from "../../core/base/sign.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { BACKENDS } from "../backends.ts";
import { property } from "./run.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const message = fc.uint8Array({ maxLength: 300 });
const flip = (of: Uint8Array, at: number): Uint8Array => {
  const out = of.slice();
  const bit = at % (8 * out.length);
  out[bit >> 3] = out[bit >> 3]! ^ 1 << (bit & 7);
  return out;
};

property("what one backend signs, all verify, and they sign alike", fc.tuple(bytes(32), message), async ([seed, message]) => {
  const signatures = new Set<string>();
  for (const [signer, crypto] of BACKENDS) {
    const key = await crypto.publicKey(seed);
    const signature = await crypto.sign(seed, message);
    const prepared = crypto.signer(seed.slice());
    for (let time = 0; time < 2; time++) signatures.add(`${hex(key)} ${hex(await prepared(message))}`);
    signatures.add(`${hex(key)} ${hex(signature)}`);
    for (const [verifier, other] of BACKENDS) {
      assert(await verifyDetached(other, key, signature, message), `${signer} signed, ${verifier} refused`);
    }
  }
  assertEquals(signatures.size, 1);
});

property(
  "a flipped bit of signature, key or message fails on every backend",
  fc.tuple(bytes(32), fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), fc.nat(), fc.nat()),
  async ([seed, message, inSignature, inKey, inMessage]) => {
    const { crypto } = nodeHost;
    const key = await crypto.publicKey(seed);
    const signature = await crypto.sign(seed, message);
    for (const [backend, crypto] of BACKENDS) {
      assert(!await verifyDetached(crypto, key, flip(signature, inSignature), message), `${backend}: signature`);
      assert(!await verifyDetached(crypto, flip(key, inKey), signature, message), `${backend}: key`);
      assert(!await verifyDetached(crypto, key, signature, flip(message, inMessage)), `${backend}: message`);
    }
  },
);

// Halves on which libraries are known to disagree, among ordinary ones.
const half = fc.oneof(
  bytes(32),
  fc.constantFrom(
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    `01${"00".repeat(30)}80`,
    `${"ff".repeat(31)}7f`,
    `ee${"ff".repeat(30)}7f`,
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    `58${"66".repeat(31)}`,
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
  ).map((text) => fromHex(text) ?? new Uint8Array(32)),
);

property(
  "all backends give one answer on any key, R and S",
  fc.tuple(half, half, half, message),
  async ([key, r, s, message]) => {
    const signature = Uint8Array.of(...r, ...s);
    const answers = new Set<boolean>();
    for (const [, crypto] of BACKENDS) answers.add(await verifyDetached(crypto, key, signature, message));
    assertEquals(answers.size, 1);
  },
);

property("a signature object is good for its digest and key and for no other", fc.tuple(bytes(32), bytes(32), fc.nat()), async (
  [seed, digest, at],
) => {
  const { crypto } = nodeHost;
  const key = await newKey(crypto, seed);
  const signature = await signDigest(crypto, key, hex(digest));
  assertEquals(await checkSignature(crypto, key, signature, hex(digest)), undefined);
  const moved = await checkSignature(crypto, key, signature, hex(flip(digest, at)));
  assertEquals(moved?.name, "signed_digest_differs");
  const respelled = { ...signature, signed_digest: hex(flip(digest, at)) };
  assertEquals((await checkSignature(crypto, key, respelled, respelled.signed_digest))?.name, "ed25519_false");
  const stranger = await newKey(crypto, flip(seed, at));
  assertEquals((await checkSignature(crypto, stranger, signature, hex(digest)))?.name, "key_id_differs");
  assertEquals((await checkSignature(crypto, stranger, { ...signature, key_id: "" }, hex(digest)))?.name, "ed25519_false");
});

property("key texts read back as the keys they were written from", bytes(32), async (seed) => {
  const { crypto } = nodeHost;
  const key = await newKey(crypto, seed);
  assertEquals(assertOk(await readPrivateKey(crypto, privateKeyText(key))), key);
  assertEquals(assertOk(readPublicKey(crypto, publicKeyText(key))), { publicKey: key.publicKey, keyId: key.keyId });
});
