// Signature objects and lists of them: what is signed, the order of the checks, the status.
import { digestOf } from "../../core/base/digest.ts";
import { newKey } from "../../core/base/keys.ts";
import {
  checkSignature,
  checkSignatures,
  keyId,
  type Signature,
  type SignatureDefectName,
  signDigest,
} from "../../core/base/sign.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";

const { crypto } = nodeHost;

// The worked example of spec 01, section 13.
const SEED = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const DIGEST = "768a8b293928d9a57e9ba31d6330cdfe5cdefe03f1af2591ec0bef9200df1009";
const SIGNATURE: Signature = {
  alg: "ed25519",
  key_id: "65b60673d6ed884bf01c2c222d82ada0740f29ac3355d6a925c81f17f47a27b8",
  sig: "Hrtu9fNxN5DgoKbqslfa+YcF6Q6kDqML5WrYmmOleZ4DhPExScPaoX9utY41gC3kw0BIq9JxF5/uRlVmLc/DDw==",
  signed_digest: DIGEST,
};

Deno.test("signDigest: the worked example, over the raw bytes of the digest", async () => {
  const key = await newKey(crypto, SEED);
  assertEquals(key.keyId, SIGNATURE.key_id);
  assertEquals(key.keyId, keyId(crypto, key.publicKey));
  assertEquals(await signDigest(crypto, key, DIGEST), SIGNATURE);
});

Deno.test("digestOf: of the canonical form", () => {
  assertEquals(digestOf(crypto, {}), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  assertEquals(
    digestOf(crypto, { to: "a@example.test", n: 1.0 }),
    "23d4f09303cd3c6a2a66175af317774bc9f705941c6c185f10f37b6189311e5d",
  );
});

const OTHER = "0".repeat(64);

// Each change adds one defect that comes earlier in the order, so each must hide all those before it.
const LATEST_FIRST: readonly (readonly [SignatureDefectName, Partial<Signature>])[] = [
  ["ed25519_false", { sig: btoa("s".repeat(64)) }],
  ["sig_length", { sig: btoa("s".repeat(63)) }],
  ["sig_not_base64", { sig: "not base64" }],
  ["key_id_differs", { key_id: SIGNATURE.key_id.toUpperCase() }],
  ["alg_unknown", { alg: "Ed25519" }],
  ["signed_digest_differs", { signed_digest: OTHER }],
  ["signed_digest_missing", { signed_digest: "" }],
];

Deno.test("checkSignature: the first defect in the order of spec 01, section 2.2, wins", async () => {
  const key = await newKey(crypto, SEED);
  assertEquals(await checkSignature(crypto, key, SIGNATURE, DIGEST), undefined);
  let signature = SIGNATURE;
  for (const [name, change] of LATEST_FIRST) {
    signature = { ...signature, ...change };
    assertEquals((await checkSignature(crypto, key, signature, DIGEST))?.name, name);
    const alone = await checkSignature(crypto, key, { ...SIGNATURE, ...change }, DIGEST);
    assertEquals(alone?.name, name, "alone");
  }
});

Deno.test("checkSignature: a digest that is none comes after the comparison and before alg", async () => {
  const key = await newKey(crypto, SEED);
  for (const odd of ["zz".repeat(32), "ab".repeat(31), "ab".repeat(33), "abc"]) {
    const found = await checkSignature(crypto, key, { ...SIGNATURE, alg: "", signed_digest: odd }, odd);
    assertEquals(found?.name, "signed_digest_malformed", odd);
    assertEquals(
      (await checkSignature(crypto, key, { ...SIGNATURE, signed_digest: odd }, DIGEST))?.name,
      "signed_digest_differs",
    );
  }
});

Deno.test("checkSignature: exact where the format is exact, lenient only about an empty key_id", async () => {
  const key = await newKey(crypto, SEED);
  const name = async (change: Partial<Signature>) =>
    (await checkSignature(crypto, key, { ...SIGNATURE, ...change }, DIGEST))?.name;
  assertEquals(await name({ key_id: "" }), undefined);
  assertEquals(await name({ signed_digest: DIGEST.toUpperCase() }), "signed_digest_differs");
  assertEquals(await name({ signed_digest: ` ${DIGEST}` }), "signed_digest_differs");
  assertEquals(await name({ alg: "" }), "alg_unknown");
  assertEquals(await name({ alg: "ed25519 " }), "alg_unknown");
  assertEquals(await name({ key_id: ` ${SIGNATURE.key_id}` }), "key_id_differs");
  assertEquals(await name({ sig: SIGNATURE.sig.replaceAll("=", "") }), "sig_not_base64");
  assertEquals(await name({ sig: SIGNATURE.sig.replaceAll("+", "-").replaceAll("/", "_") }), "sig_not_base64");
  assertEquals(await name({ sig: `${SIGNATURE.sig}\n` }), "sig_not_base64");
  assertEquals(await name({ sig: SIGNATURE.sig.replace("w==", "x==") }), "sig_not_base64", "loose bits");
  assertEquals(await name({ sig: "" }), "sig_length");
  const other = await newKey(crypto, new Uint8Array(32));
  assertEquals((await checkSignature(crypto, other, { ...SIGNATURE, key_id: "" }, DIGEST))?.name, "ed25519_false");
});

Deno.test("checkSignature: text from a document is quoted, cut and harmless to a terminal", async () => {
  const key = await newKey(crypto, SEED);
  const found = await checkSignature(crypto, key, { ...SIGNATURE, alg: `\u001b[2J"${"x".repeat(1000)}` }, DIGEST);
  assert(found !== undefined && found.message.length < 120, found?.message.length.toString());
  assert(!found.message.includes("\u001b") && found.message.includes('\\"x'), found.message);
});

const status = async (signatures: readonly Signature[], withKey = true, required = false) =>
  await checkSignatures(crypto, withKey ? await newKey(crypto, SEED) : undefined, signatures, DIGEST, required);

Deno.test("checkSignatures: missing, with an error only where a signature is required", async () => {
  const none = { signature_status: "missing", signature_errors: [], signatures_total: 0, signatures_valid: 0 };
  assertEquals(await status([]), none);
  assertEquals(await status([], false), none);
  assertEquals(await status([], true, true), {
    ...none,
    signature_errors: ["a signature is required, the document has none"],
  });
});

Deno.test("checkSignatures: skipped without a key, with one entry for any number of signatures", async () => {
  const { signature_status, signature_errors, signatures_total, signatures_valid } = await status(
    [SIGNATURE, SIGNATURE],
    false,
  );
  assertEquals([signature_status, signature_errors.length, signatures_total, signatures_valid], ["skipped", 1, 2, 0]);
});

Deno.test("checkSignatures: one good signature verifies, the errors of the others are listed and sorted", async () => {
  const bad = { ...SIGNATURE, alg: "rsa" };
  const worse = { ...SIGNATURE, signed_digest: "" };
  const report = await status([worse, SIGNATURE, bad]);
  assertEquals([report.signature_status, report.signatures_total, report.signatures_valid], ["verified", 3, 1]);
  assertEquals(report.signature_errors, [
    "signature 1 of 3: signed_digest is missing",
    'signature 3 of 3: alg is "rsa", want "ed25519"',
  ]);
  const twelve = await status(Array.from({ length: 12 }, () => bad));
  assertEquals(twelve.signature_errors, [...twelve.signature_errors].sort());
  assertEquals([twelve.signature_status, twelve.signatures_total, twelve.signatures_valid], ["failed", 12, 0]);
  assertEquals(twelve.signature_errors.length, 12);
});
