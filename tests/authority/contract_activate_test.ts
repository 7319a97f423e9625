// Activating and verifying action contracts: the artifact that the existing implementation makes too, all that is against one, and
// each check of a verification in its order.
import { newKey } from "../../core/base/keys.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { digestSigner, type SigningKey } from "../../core/base/sign.ts";
import {
  activate,
  activationDigest,
  activationId,
  type ActivationTerms,
  developmentKey,
} from "../../core/authority/contract_activate.ts";
import { activationFailure, type Expected } from "../../core/authority/contract_verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { activated, changed, changedAll, FULL, identified, judged, NOW, TERMS } from "./contracts.ts";

const { crypto } = nodeHost;
const key = (first: number): Promise<SigningKey> => newKey(crypto, new Uint8Array(32).fill(first));
const KEY = await key(1);

Deno.test("contract activation: byte for byte that of the existing implementation, by the key of development", async () => {
  assertEquals(await activated(FULL, { ...TERMS, allow_development_signing: true }, undefined), {
    schema_id: "https://gait.dev/schemas/v1/activated-action-contract-artifact.schema.json",
    schema_version: "1",
    artifact_id: "gact-7f4c4037f2452484",
    contract_id: "pac-fefb1e47f8386fb2",
    contract_family_id: "pacf-928935ba9f513f31",
    revision: 1,
    producer: { name: "gait", artifact_schema_version: "1", contract_schema_version: "1" },
    proposal: {
      artifact_id: "paca-00112233445566aa",
      canonical_content_digest: "sha256:1500f92590fefad97594adacbdb2db0fdd82f7b803219736432a37bc64dde465",
      contract_id: "pac-fefb1e47f8386fb2",
      contract_family_id: "pacf-928935ba9f513f31",
      revision: 1,
      schema_id: "https://wrkr.dev/schemas/v1/proposed-action-contract-artifact.schema.json",
      schema_version: "1",
      contract_schema_version: "3",
    },
    policy_digest: `sha256:${"e".repeat(64)}`,
    activating_principal: "ops.lead",
    authority_refs: ["board:7", "ops:2"],
    target: "payouts-api",
    environment: "test",
    activation_mode: "required",
    validity: { not_before: "2021-01-01T00:00:00Z" },
    explicit_exceptions: [],
    report_only: false,
    development_signing: true,
    signature: {
      alg: "ed25519",
      key_id: "42571c8843a10df565fd17a97a236c3552e8e4b7ff2a0b48bf524409279771d9",
      sig: "68dc7gEfK4dJyS3LV1OFl5gOv5Cg1Yyya5qbvDbFTJC07PKiLEVpiLSfICPhQuO8UeRzmCY5iI7k6tr7j7xtDw==",
      signed_digest: "7f4c4037f24524843bff730102bfd7519e2b92faa496863fb313b7f09d3c999c",
    },
  });
});

Deno.test("contract activation: terms are normalized, and nothing depends on when or where", async () => {
  const loose: ActivationTerms = {
    ...TERMS,
    policy_digest: ` ${TERMS.policy_digest} `,
    activating_principal: " ops.lead",
    authority_refs: ["ops:2", "board:7", "", "ops:2"],
    activation_mode: " required ",
    valid_from: " 2021-01-01T02:00:00.500+02:00",
    valid_until: "2098-01-01T00:00:00.000Z",
    explicit_exceptions: ["b", "a", " b", ""],
  };
  const made = await activated(FULL, loose, KEY);
  assertEquals(await activated(FULL, loose, KEY), made);
  assertEquals([made["validity"], made["explicit_exceptions"], made["authority_refs"], made["activating_principal"]], [
    { not_before: "2021-01-01T00:00:00.5Z", not_after: "2098-01-01T00:00:00Z" },
    ["a", "b"],
    ["board:7", "ops:2"],
    "ops.lead",
  ]);
  assertEquals(made["development_signing"], false);
});

Deno.test("contract activation: everything that is against it is told", async () => {
  const against = async (terms: Partial<ActivationTerms>, raw = FULL, signer: SigningKey | undefined = KEY) => {
    const made = await activate(crypto, judged(raw), { ...TERMS, ...terms }, signer);
    return made.activated === undefined ? made.reasons : [];
  };
  const cases: readonly (readonly [string, Partial<ActivationTerms>])[] = [
    ["activation_mode_unsupported", { activation_mode: "Required" }],
    ["activation_mode_unsupported", { activation_mode: "" }],
    ["policy_digest_missing", { policy_digest: "e".repeat(64) }],
    ["policy_digest_missing", { policy_digest: `sha256:${"E".repeat(64)}` }],
    ["activating_principal_missing", { activating_principal: "\t" }],
    ["authority_refs_missing", { authority_refs: ["", " "] }],
    ["target_missing", { target: "" }],
    ["environment_missing", { environment: " " }],
    ["validity_invalid", { valid_from: "" }],
    ["validity_invalid", { valid_from: "soon" }],
    ["validity_invalid", { valid_until: "never" }],
    ["validity_invalid", { valid_until: TERMS.valid_from }],
    ["development_signing_forbidden", { allow_development_signing: true, environment: "Test" }],
    ["development_signing_forbidden", { allow_development_signing: true, environment: "staging" }],
  ];
  for (const [reason, terms] of cases) assertEquals(await against(terms), [reason]);
  const nothing = {
    policy_digest: "",
    activating_principal: "",
    authority_refs: [],
    target: "",
    environment: "",
    activation_mode: "",
  };
  assertEquals(await against({ ...nothing, valid_from: "" }), [
    "activating_principal_missing",
    "activation_mode_unsupported",
    "authority_refs_missing",
    "environment_missing",
    "policy_digest_missing",
    "target_missing",
    "validity_invalid",
  ]);
  assertEquals(await activate(crypto, judged(FULL), TERMS, undefined), {
    activated: undefined,
    reasons: ["signing_key_required"],
  });
  const stale = identified(changed(FULL, "/contract/expires_at", "2021-01-01T00:00:00Z"));
  assertEquals(await against({ activation_mode: "context_only" }, stale), ["proposal_stale"]);
  assertEquals(await against({}, stale), ["authorization_required", "proposal_stale"]);
  assertEquals(await against({}, changed(FULL, "/revision", 0)), ["authorization_required", "schema_validation_failed"]);
});

Deno.test("contract activation: a key that is given signs, whether or not that of development may", async () => {
  const made = await activated(FULL, { ...TERMS, allow_development_signing: true }, KEY);
  assertEquals([made["development_signing"], changed(made, "/signature", undefined)["development_signing"]], [false, false]);
  assertEquals(made["signature"] === undefined ? "" : Reflect.get(Object(made["signature"]), "key_id"), KEY.keyId);
});

const EXPECTED: Expected = { judged: judged(FULL), key: KEY, now: NOW, allow_development_signing: false };

const reasons = async (raw: JsonObject, expected: Partial<Expected> = {}) =>
  (await activationFailure(crypto, raw, { ...EXPECTED, ...expected }))?.reasons;

/** The same artifact, signed anew over what it says. */
async function resigned(raw: JsonObject, signer = KEY): Promise<JsonObject> {
  const digest = activationDigest(crypto, raw);
  return { ...raw, artifact_id: activationId(digest), signature: { ...await digestSigner(crypto, signer)(digest) } };
}

Deno.test("contract verification: what is signed well is refused where it does not fit, in this order", async () => {
  const good = await activated(FULL, { ...TERMS, valid_until: "2098-01-01T00:00:00Z" }, KEY);
  assertEquals(await reasons(good), undefined);
  const stale = judged(identified(changed(FULL, "/contract/expires_at", "2021-01-01T00:00:00Z")));
  assertEquals(await reasons(changed(good, "/target", ""), { judged: stale }), ["proposal_stale"], "the proposal comes first");
  const cases: readonly (readonly [string, string, Json | undefined])[] = [
    ["schema_validation_failed", "/activation_mode", "strict"],
    ["schema_validation_failed", "/explicit_exceptions", null],
    ["schema_validation_failed", "/explicit_exceptions", undefined],
    ["schema_validation_failed", "/authority_refs", []],
    ["schema_validation_failed", "/authority_refs", [""]],
    ["schema_validation_failed", "/report_only", true],
    ["schema_validation_failed", "/signature", undefined],
    ["development_signing_unverified", "/development_signing", true],
    ["proposal_binding_mismatch", "/contract_id", "pac-00000000"],
    ["proposal_binding_mismatch", "/contract_family_id", "pacf-00000000"],
    ["proposal_binding_mismatch", "/revision", 2],
    ["proposal_binding_mismatch", "/proposal/artifact_id", "paca-ffffffffffffffff"],
    ["proposal_binding_mismatch", "/proposal/canonical_content_digest", `sha256:${"0".repeat(64)}`],
    ["proposal_binding_mismatch", "/proposal/contract_id", "pac-00000000"],
    ["proposal_binding_mismatch", "/proposal/revision", 2],
    ["validity_invalid", "/validity/not_before", "soon"],
    ["validity_invalid", "/validity/not_after", "2021-01-01T00:00:00Z"],
    ["validity_invalid", "/validity/not_after", "never"],
    ["activation_not_yet_valid", "/validity/not_before", "2026-03-01T10:00:00.000000001Z"],
    ["activation_expired", "/validity/not_after", NOW],
  ];
  for (const [reason, pointer, value] of cases) {
    const bad = changed(good, pointer, value);
    const signed = pointer === "/signature" ? bad : await resigned(bad);
    assertEquals(await reasons(signed), [reason], `${pointer} ${JSON.stringify(value)}`);
  }
  for (
    const [at, value] of [["/validity/not_before", NOW], ["/validity/not_after", "2026-03-01T10:00:00.000000001Z"]] as const
  ) {
    assertEquals(await reasons(await resigned(changed(good, at, value))), undefined, "the edges are in");
  }
});

Deno.test("contract verification: signatures", async () => {
  const good = await activated(FULL, TERMS, KEY);
  const other = await key(2);
  assertEquals(await reasons(good, { key: other }), [], "another key: no reason, but words");
  assert((await activationFailure(crypto, good, { ...EXPECTED, key: other }))?.words.includes(other.keyId));
  assertEquals(await reasons(changed(good, "/target", "other")), ["canonical_digest_mismatch"]);
  const foreign = await resigned(good, other);
  assertEquals(
    await reasons(changed(foreign, "/signature/key_id", KEY.keyId)),
    ["canonical_digest_mismatch"],
    "a borrowed key id",
  );
  const swapped = await activated(FULL, { ...TERMS, target: "other" }, KEY);
  assertEquals(await reasons({ ...good, signature: swapped["signature"] ?? null }), ["canonical_digest_mismatch"]);
  for (const sig of ["AA==", "!", "A".repeat(86) + "=="]) {
    assertEquals(await reasons(changed(good, "/signature/sig", sig)), ["canonical_digest_mismatch"], sig);
  }
  assertEquals(await reasons(changed(good, "/artifact_id", "gact-0000000000000000")), ["contract_identity_mismatch"]);
});

Deno.test("contract verification: the key of development passes only where it may, also when the artifact does not say so", async () => {
  const signer = await developmentKey(crypto);
  const honest = await activated(FULL, { ...TERMS, allow_development_signing: true }, undefined);
  const sly = await resigned(changed(honest, "/development_signing", false), signer);
  for (const raw of [honest, sly]) {
    assertEquals(await reasons(raw, { key: signer }), ["development_signing_unverified"]);
    assertEquals(await reasons(raw, { key: signer, allow_development_signing: true }), undefined);
  }
});

Deno.test("contract verification: an activation holds for its proposal alone", async () => {
  const good = await activated(FULL, TERMS, KEY);
  const next = changedAll(FULL, { "/revision": 2, "/contract/revision": 2, "/contract/supersedes_ref": "pac-1234" });
  assertEquals(await reasons(good, { judged: judged(identified(next)) }), ["proposal_binding_mismatch"]);
  assertEquals(await reasons(good, { judged: judged(changed(FULL, "/artifact_id", "paca-00112233445566bb")) }), [
    "proposal_binding_mismatch",
  ]);
});
