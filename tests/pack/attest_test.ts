// A pack in the forms of the software supply chain: what is signed, by whom, and what the statement says. Verifiers of other makers are
// asked in tests/foreign.
import { fromBase64, utf8 } from "../../core/base/bytes.ts";
import { preAuthEncoding, sealEnvelope } from "../../core/base/dsse.ts";
import { verifyDetached } from "../../core/base/sign.ts";
import { packStatement, signedStatement, sigstoreBundle } from "../../core/pack/attest.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { KEY, OTHER_KEY } from "./packs.ts";

const { crypto } = nodeHost;

Deno.test("dsse: what is signed names type and length of what is in it (the example of its specification)", () => {
  const text = new TextDecoder().decode(preAuthEncoding("http://example.com/HelloWorld", utf8("hello world")));
  assertEquals(text, "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  assertEquals(preAuthEncoding("ä", utf8("")), utf8("DSSEv1 2 ä 0 "), "bytes are counted, not letters");
});

Deno.test("dsse: the signature is that of the key, over type and payload", async () => {
  const { payload, payloadType, signatures: [signature] } = await sealEnvelope(crypto, KEY, "t", utf8("body"));
  const sig = fromBase64(signature?.sig ?? "") ?? new Uint8Array();
  const said = preAuthEncoding(payloadType, fromBase64(payload) ?? new Uint8Array());
  assertEquals([payload, signature?.keyid], [btoa("body"), KEY.keyId]);
  assert(await verifyDetached(crypto, KEY.publicKey, sig, said));
  assert(!await verifyDetached(crypto, OTHER_KEY.publicKey, sig, said));
  assert(!await verifyDetached(crypto, KEY.publicKey, sig, preAuthEncoding("u", utf8("body"))));
});

Deno.test("attestation: a statement about the pack's file, and a bundle whose hint is the key of the envelope", async () => {
  const statement = packStatement({ name: "p.zip", sha256: "d".repeat(64) }, {
    schema_id: "gait.pack.attestation",
    schema_version: "1.0.0",
    producer_version: "1.2.3",
    pack_id: "a".repeat(64),
    pack_type: "run",
    source_ref: "r",
    manifest_digest: "b".repeat(64),
    created_at: "1980-01-01T00:00:00Z",
    integrity_ok: true,
    signer_key_ids: [],
    files_checked: 3,
    hash_mismatches: 0,
    missing_files: 0,
    undeclared_files: 0,
    signature_status: "missing",
    signatures_total: 0,
    signatures_valid: 0,
    metrics: {
      tool_calls_total: 1,
      tool_calls_success: 1,
      tool_calls_success_rate: 1,
      policy_blocked: 0,
      approval_required: 0,
      regress_failures: 0,
    },
    verdicts: [{ verdict: "block", count: 1 }],
  });
  assertEquals([statement._type, statement.subject, statement.predicateType], [
    "https://in-toto.io/Statement/v1",
    [{ name: "p.zip", digest: { sha256: "d".repeat(64) } }],
    "https://gait.dev/attestations/pack/v1",
  ]);
  const envelope = await signedStatement(crypto, KEY, statement);
  assertEquals(JSON.parse(atob(envelope.payload)), statement);
  assertEquals(envelope.payloadType, "application/vnd.in-toto+json");
  assertEquals(sigstoreBundle(envelope, KEY), {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: KEY.keyId }, tlogEntries: [] },
    dsseEnvelope: { ...envelope },
  });
});
