// One acceptance rule of Ed25519 on every backend: public vectors, the guard, and what lies behind it.
import { fromHex, hex, utf8 } from "../../core/base/bytes.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import { pureVerify } from "../../core/base/ed25519.ts";
import { guard, verifyDetached } from "../../core/base/sign.ts";
import { webHostOf } from "../../host/web.ts";
import { assert, assertEquals } from "../assert.ts";
import { BACKENDS } from "../backends.ts";
import { shared } from "../shared.ts";

const bytes = (text: string): Uint8Array => {
  const found = fromHex(text);
  assert(found !== undefined, `not hexadecimal: ${text}`);
  return found;
};

type Case = { readonly name: string; readonly key: string; readonly sig: string; readonly msg: string; readonly good: boolean };

const wycheproof = (path: string): Case[] => {
  const file: {
    testGroups: {
      publicKey: { pk: string };
      tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[];
    }[];
  } = JSON.parse(Deno.readTextFileSync(path));
  return file.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => {
      assert(result === "valid" || result === "invalid", `case ${tcId} is neither valid nor invalid`);
      return { name: `${tcId} ${comment}`, key: publicKey.pk, sig, msg, good: result === "valid" };
    })
  );
};

const WYCHEPROOF = "vectors/ed25519/wycheproof.json";

for (const [backend, crypto] of BACKENDS) {
  Deno.test(`ed25519: ${backend} answers every Wycheproof case as the file says`, async () => {
    const path = shared(WYCHEPROOF);
    if (path === undefined) return;
    const cases = wycheproof(path);
    assert(cases.length >= 150, `only ${cases.length} cases`);
    for (const { name, key, sig, msg, good } of cases) {
      assertEquals(await verifyDetached(crypto, bytes(key), bytes(sig), bytes(msg)), good, name);
    }
  });

  Deno.test(`ed25519: ${backend} accepts of the speccheck cases the fourth alone`, async () => {
    const path = shared("vectors/ed25519/speccheck.json");
    if (path === undefined) return;
    const cases: { message: string; pub_key: string; signature: string }[] = JSON.parse(Deno.readTextFileSync(path));
    let accepted = "";
    for (const { message, pub_key, signature } of cases) {
      accepted += await verifyDetached(crypto, bytes(pub_key), bytes(signature), bytes(message)) ? "1" : "0";
    }
    assertEquals(accepted, "000100000000");
  });

  Deno.test(`ed25519: ${backend} signs the examples of RFC 8032, section 7.1`, async () => {
    for (const { seed, key, msg, sig } of RFC) {
      assertEquals(hex(await crypto.publicKey(bytes(seed))), key);
      assertEquals(hex(await crypto.sign(bytes(seed), bytes(msg))), sig);
      assert(await verifyDetached(crypto, bytes(key), bytes(sig), bytes(msg)), "its own signature");
    }
  });

  Deno.test(`ed25519: ${backend} signs TEST 1024 of RFC 8032`, async () => {
    const path = shared(WYCHEPROOF);
    if (path === undefined) return;
    const seed = bytes("f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5");
    const key = hex(await crypto.publicKey(seed));
    assertEquals(key, "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e");
    const long = wycheproof(path).filter((one) => one.key === key && one.good && one.msg.length === 2 * 1023);
    assertEquals(long.length, 1);
    for (const { msg, sig } of long) assertEquals(hex(await crypto.sign(seed, bytes(msg))), sig);
  });

  Deno.test(`sha256: ${backend} hashes whole and in pieces`, () => {
    assertEquals(sha256Hex(crypto, utf8("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertEquals(sha256Hex(crypto, utf8("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const million = utf8("a".repeat(1_000_000));
    const hasher = crypto.hasher();
    for (let at = 0; at < million.length; at += 999) hasher.update(million.subarray(at, at + 999));
    assertEquals(hex(hasher.digest()), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assertEquals(sha256Hex(crypto, million), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  });

  Deno.test(`ed25519: ${backend} calls a key that is no point of the curve no key`, async () => {
    const none = bytes(`02${"00".repeat(31)}`);
    const signature = await crypto.sign(bytes("01".repeat(32)), utf8("message"));
    assert(guard(signature, none), "the guard alone does not see it");
    assertEquals(await verifyDetached(crypto, none, signature, utf8("message")), false);
  });
}

const RFC = [{
  seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  msg: "",
  sig:
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
}, {
  seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
  key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  msg: "72",
  sig:
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
}, {
  seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
  key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  msg: "af82",
  sig:
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
}] as const;

Deno.test("guard: refuses small-order and non-canonical points as key and as R, with either sign", () => {
  const good = bytes(RFC[1].sig);
  const key = bytes(RFC[1].key);
  assert(guard(good, key));
  const F = "ff".repeat(30);
  const points = [
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    `ec${F}7f`, // the prime less one
    ...Array.from({ length: 19 }, (_, i) => `${(0xed + i).toString(16)}${F}7f`), // the prime and all above it
  ];
  for (const point of points) {
    for (const sign of [0, 0x80]) {
      const low = bytes(point);
      low[31] = low[31]! | sign;
      assert(!guard(good, low), `key ${hex(low)}`);
      const signature = good.slice();
      signature.set(low);
      assert(!guard(signature, key), `R ${hex(low)}`);
    }
  }
  assert(guard(good, bytes(`eb${F}7f`)), "the prime less two is an ordinary y");
});

Deno.test("guard: S is below the group order", () => {
  const key = bytes(RFC[1].key);
  const withS = (s: string) => {
    const signature = bytes(RFC[1].sig);
    signature.set(bytes(s), 32);
    return signature;
  };
  const order = "edd3f55c1a631258d69cf7a2def9de14000000000000000000000000000000";
  assert(guard(withS(`ec${order.slice(2)}10`), key), "the order less one");
  assert(!guard(withS(`${order}10`), key), "the order");
  assert(!guard(withS(`${order}90`), key), "with the top bit");
  assert(!guard(withS("ff".repeat(32)), key));
});

Deno.test("guard: lengths", () => {
  const good = bytes(RFC[1].sig);
  const key = bytes(RFC[1].key);
  for (const length of [0, 32, 63]) assert(!guard(good.subarray(0, length), key), `signature of ${length} bytes`);
  assert(!guard(Uint8Array.of(...good, 0), key));
  for (const length of [0, 31]) assert(!guard(good, key.subarray(0, length)), `key of ${length} bytes`);
  assert(!guard(good, Uint8Array.of(...key, 0)));
});

Deno.test("ed25519: without WebCrypto, and with one that knows no Ed25519, plain JavaScript answers", async () => {
  const old = new Proxy(globalThis.crypto.subtle, {
    get: () => () => Promise.reject(new DOMException("no such algorithm", "NotSupportedError")),
  });
  for (const subtle of [undefined, old]) {
    const { crypto } = webHostOf(subtle);
    const { seed, key, msg, sig } = RFC[2];
    assertEquals(hex(await crypto.publicKey(bytes(seed))), key);
    assertEquals(hex(await crypto.sign(bytes(seed), bytes(msg))), sig);
    assert(await verifyDetached(crypto, bytes(key), bytes(sig), bytes(msg)));
    assert(!await verifyDetached(crypto, bytes(key), bytes(sig), bytes("af83")));
  }
});

// The group law in affine coordinates, so that the points of small order are found here and not looked up.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (n: bigint) => (n % P + P) % P;
const power = (base: bigint, exponent: bigint): bigint =>
  exponent === 0n ? 1n : mod(power(mod(base * base), exponent / 2n) * (exponent % 2n === 1n ? base : 1n));
const D = mod(-121665n * power(121666n, P - 2n));
type Affine = readonly [x: bigint, y: bigint];
const plus = ([a, b]: Affine, [c, d]: Affine): Affine => {
  const both = mod(D * mod(a * c) * mod(b * d));
  return [mod((a * d + b * c) * power(1n + both, P - 2n)), mod((b * d + a * c) * power(1n - both, P - 2n))];
};
const times = (n: bigint, point: Affine): Affine =>
  n === 0n ? [0n, 1n] : plus(times(n / 2n, plus(point, point)), n % 2n === 1n ? point : [0n, 1n]);
const withY = (y: bigint): Affine | undefined => {
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  const root = power(square, (P + 3n) / 8n);
  const x = [root, mod(root * power(2n, (P - 1n) / 4n))].find((x) => mod(x * x) === square);
  return x === undefined ? undefined : [x, y];
};
const encoded = ([x, y]: Affine): Uint8Array => {
  const out = bytes(y.toString(16).padStart(64, "0")).reverse();
  out[31] = out[31]! | Number(x % 2n) << 7;
  return out;
};

Deno.test("guard: refuses all eight points of small order, found by arithmetic", () => {
  let generator: Affine = [0n, 1n];
  for (let y = 2n; times(4n, generator)[1] === 1n; y++) generator = times(L, withY(y) ?? generator);
  const points = Array.from({ length: 8 }, (_, i) => encoded(times(BigInt(i), generator)));
  assertEquals(new Set(points.map(hex)).size, 8);
  for (const point of points) {
    assert(!guard(bytes(RFC[1].sig), point), `key ${hex(point)}`);
    assert(!guard(Uint8Array.of(...point, ...bytes(RFC[1].sig).slice(32)), bytes(RFC[1].key)), `R ${hex(point)}`);
  }
});

Deno.test("ed25519: with a key of order 1 one signature fits every message, so the guard must come first", async () => {
  const one = encoded([0n, 1n]);
  const signature = Uint8Array.of(...one, ...new Uint8Array(32));
  for (const [backend, crypto] of BACKENDS) {
    for (const message of ["", "a", "anything"].map(utf8)) {
      assert(await crypto.verify(one, signature, message), `${backend} alone accepts it`);
      assertEquals(await verifyDetached(crypto, one, signature, message), false, backend);
    }
  }
});

Deno.test("ed25519: plain JavaScript alone answers false to lengths, keys and S that are none", () => {
  const key = bytes(RFC[1].key);
  const signature = bytes(RFC[1].sig);
  const message = bytes(RFC[1].msg);
  assert(pureVerify(key, signature, message));
  assert(!pureVerify(key.subarray(1), signature, message) && !pureVerify(key, signature.subarray(1), message));
  assert(!pureVerify(bytes(`02${"00".repeat(31)}`), signature, message), "no point");
  assert(!pureVerify(key, Uint8Array.of(...signature.slice(0, 32), ...new Uint8Array(32).fill(255)), message), "S");
});
