// What a broker issued against what was asked for: each lie and each excess has its code.
import type { BrokerAnswer } from "../../core/authority/broker_answer.ts";
import { brokerCodes, type CredentialTerms } from "../../core/authority/broker_check.ts";
import { assertEquals } from "../assert.ts";
import { answer, ASKED } from "./brokers.ts";

const NO_TERMS: CredentialTerms = {
  block_standing_credentials: false,
  require_jit_credential: false,
  allowed_credential_sources: [],
  allowed_credential_issuers: [],
  allowed_credential_access_types: [],
  max_credential_ttl_seconds: 0,
};

const codes = (of: Partial<BrokerAnswer>, terms: Partial<CredentialTerms> = {}, intent = {}) =>
  brokerCodes(answer(of), ASKED, [{ ...NO_TERMS, ...terms }], { credential_ref: "", credential_subject: "", ...intent });

Deno.test("broker check: an answer to the question is good", () => {
  assertEquals(codes({}), []);
  assertEquals(codes({ scope: ["admin", "read", "rotate"], subject: "role" }), []);
  assertEquals(codes({}, {}, { credential_ref: "ref:1", credential_subject: "svc.ledger" }), []);
});

Deno.test("broker check: an answer to another question", () => {
  assertEquals(codes({ request_digest: "0".repeat(64) }), ["broker_request_digest_mismatch"]);
  assertEquals(codes({ request_digest: "" }), ["broker_request_digest_missing"]);
  assertEquals(codes({ scope: ["rotate"] }), ["broker_scope_mismatch"]);
  assertEquals(codes({ target_binding: "0".repeat(64) }), ["broker_target_binding_mismatch"]);
  assertEquals(codes({ run_binding: "run-6", job_binding: "" }), [
    "broker_job_binding_mismatch",
    "broker_run_binding_mismatch",
  ]);
  assertEquals(codes({}, {}, { credential_ref: "ref:2" }), ["broker_credential_ref_mismatch"]);
});

Deno.test("broker check: a credential for somebody else than the call says", () => {
  const role = { credential_subject: "role/rotator" };
  assertEquals(codes({ subject: "role/admin" }, {}, role), ["broker_subject_mismatch"]);
  assertEquals(codes({ subject: "role/rotator" }, {}, role), []);
  assertEquals(codes({ subject: "svc.ledger" }, {}, role), [], "the caller itself, which brokers say who know no better");
  assertEquals(codes({ subject: "" }, {}, role), []);
});

Deno.test("broker check: the terms of the rules", () => {
  assertEquals(codes({ ttl_seconds: 61 }, { max_credential_ttl_seconds: 60 }), ["broker_ttl_exceeded"]);
  assertEquals(codes({ ttl_seconds: 0 }, { max_credential_ttl_seconds: 60 }), ["broker_ttl_exceeded"]);
  assertEquals(codes({ access_type: "standing" }, { require_jit_credential: true, block_standing_credentials: true }), [
    "credential_not_jit",
    "standing_credential_disallowed",
  ]);
  assertEquals(codes({ access_type: "" }, { block_standing_credentials: true }), ["standing_credential_disallowed"]);
  assertEquals(codes({ source: "" }, { allowed_credential_sources: ["vault_dynamic"] }), ["credential_source_disallowed"]);
  assertEquals(codes({ issuer: "Vault-1" }, { allowed_credential_issuers: ["vault-1"] }), ["credential_issuer_disallowed"]);
  assertEquals(codes({}, { allowed_credential_access_types: ["scoped"] }), ["credential_access_type_disallowed"]);
});
