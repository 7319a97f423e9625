// Key texts: what is taken, what is refused, and that no message repeats any part of one.
import { base64, concatBytes, hex } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import { newKey, privateKeyText, publicKeyText, readPrivateKey, readPublicKey } from "../../core/base/keys.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { BACKENDS } from "../backends.ts";
import { nodeHost } from "../../host/node.ts";

const { crypto } = nodeHost;

// The worked example of spec 01, section 13.
const SEED = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const PRIVATE = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
const PUBLIC = "ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
const KEY_ID = "65b60673d6ed884bf01c2c222d82ada0740f29ac3355d6a925c81f17f47a27b8";

for (const [backend, crypto] of BACKENDS) {
  Deno.test(`keys: ${backend} makes, writes and reads the worked example`, async () => {
    const key = await newKey(crypto, SEED);
    assertEquals(key.keyId, KEY_ID);
    assertEquals(privateKeyText(key), `${PRIVATE}\n`);
    assertEquals(publicKeyText(key), `${PUBLIC}\n`);
    assertEquals(assertOk(await readPrivateKey(crypto, privateKeyText(key))), key);
    assertEquals(assertOk(readPublicKey(crypto, PUBLIC)), { publicKey: key.publicKey, keyId: KEY_ID });
  });
}

Deno.test("keys: space, tab, CR and LF around a key are ignored, nothing else is", async () => {
  for (const blank of ["", "\n", "\r\n", " \t\r\n \n"]) {
    assertEquals(assertOk(await readPrivateKey(crypto, `${blank}${PRIVATE}${blank}`)).keyId, KEY_ID);
    assertEquals(assertOk(readPublicKey(crypto, `${blank}${PUBLIC}${blank}`)).keyId, KEY_ID);
  }
  for (const blank of ["\u000b", "\f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\0"]) {
    assertFault(await readPrivateKey(crypto, `${blank}${PRIVATE}`), "key_format");
    assertFault(readPublicKey(crypto, `${PUBLIC}${blank}`), "key_format");
  }
});

const swapped = concatBytes([SEED.slice(), new Uint8Array(32).fill(7)]);
const flipped = (at: number) => {
  const bytes = Uint8Array.from(atob(PRIVATE), (char) => char.charCodeAt(0));
  bytes[at] = bytes[at]! ^ 1;
  return base64(bytes);
};
const PEM =
  "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n-----END PRIVATE KEY-----\n";

const REFUSED: readonly (readonly [why: string, text: string, code: FaultCode, says: string])[] = [
  ["empty", "", "key_format", "empty"],
  ["blank", " \n\t\r\n", "key_format", "empty"],
  ["a seed alone", base64(SEED), "key_format", "it holds 32 bytes, want 64"],
  ["a public key", PUBLIC, "key_format", "it holds 32 bytes, want 64"],
  ["one byte short", base64(concatBytes([SEED, SEED.slice(1)])), "key_format", "it holds 63 bytes, want 64"],
  ["one byte over", base64(concatBytes([SEED, SEED, SEED.slice(31)])), "key_format", "it holds 65 bytes, want 64"],
  ["PEM", PEM, "key_format", "it is PEM"],
  ["URL-safe base64", PRIVATE.replaceAll("+", "-").replaceAll("/", "_"), "key_format", "not standard base64"],
  ["unpadded base64", PRIVATE.replaceAll("=", ""), "key_format", "not standard base64"],
  ["loose bits", PRIVATE.replace("ZA==", "ZB=="), "key_format", "not standard base64"],
  ["hexadecimal", hex(swapped), "key_format", "it holds 96 bytes, want 64"],
  ["two lines", `${PRIVATE.slice(0, 40)}\n${PRIVATE.slice(40)}`, "key_format", "not standard base64"],
  ["a blank inside", `${PRIVATE.slice(0, 40)} ${PRIVATE.slice(40)}`, "key_format", "not standard base64"],
  ["two keys", `${PRIVATE}\n${PRIVATE}\n`, "key_format", "not standard base64"],
  ["another public half", base64(swapped), "key_halves_disagree", "not the public key of its first half"],
  ["a flipped bit in the seed", flipped(0), "key_halves_disagree", "not the public key of its first half"],
  ["a flipped bit in the public half", flipped(63), "key_halves_disagree", "not the public key of its first half"],
];

/** Fails when any four characters in a row of a key text stand in the message. */
const assertKeeps = (message: string, text: string) => {
  for (const word of text.split(/[ \t\r\n]+/)) {
    // The marks of PEM are no secret; all else is.
    if (/^-|^BEGIN$|^END$|^PRIVATE$|^KEY-/.test(word)) continue;
    for (let at = 0; at + 4 <= word.length; at++) {
      const part = word.slice(at, at + 4);
      assert(!message.includes(part), `the message repeats ${part}: ${message}`);
    }
  }
};

for (const [why, text, code, says] of REFUSED) {
  Deno.test(`keys: a private key text is refused: ${why}`, async () => {
    const fault = assertFault(await readPrivateKey(crypto, text), code);
    assert(fault.message.startsWith("Cannot read private key: ") && fault.message.includes(says), fault.message);
    assertKeeps(JSON.stringify(fault), text);
  });
}

Deno.test("keys: a public key text is refused like a private one", () => {
  const texts: readonly (readonly [text: string, says: string])[] = [
    ["", "empty"],
    [PRIVATE, "it holds 64 bytes, want 32"],
    ["AAAA", "it holds 3 bytes, want 32"],
    [PEM, "it is PEM"],
    [PUBLIC.replace("/", "_"), "not standard base64"],
    [PUBLIC.replace("=", ""), "not standard base64"],
    [`${PUBLIC}\n${PUBLIC}`, "not standard base64"],
  ];
  for (const [text, says] of texts) {
    const fault = assertFault(readPublicKey(crypto, text), "key_format");
    assert(fault.message.startsWith("Cannot read public key: ") && fault.message.includes(says), fault.message);
    assertKeeps(fault.message, text);
  }
});

Deno.test("keys: a long text is refused in time linear in its length", async () => {
  const start = performance.now();
  assertFault(await readPrivateKey(crypto, `x${" ".repeat(2_000_000)}x`), "key_format");
  assertFault(await readPrivateKey(crypto, "A".repeat(4_000_000)), "key_format");
  assert(performance.now() - start < 5000, "it takes longer than its length allows");
});
