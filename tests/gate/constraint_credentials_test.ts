// What credential a call may use: each condition alone.
import type { JsonObject } from "../../core/base/json.ts";
import { targetBinding } from "../../core/gate/intent_digest.ts";
import { CREDENTIAL_ACCESS_TYPES } from "../../core/schema/gate_words.ts";
import { nodeHost } from "../../host/node.ts";
import { type Row, rows, ruled, type Said } from "./decide.ts";
import { CONTEXT, inContext, intent, request } from "./intents.ts";

const OK: Said = ["allow", "ok", ""];
const failed = (...codes: readonly string[]): Said => ["block", [...codes, "ok"].sort().join(" "), codes.join(" ")];

const CREDENTIAL = {
  credential_ref: "ref:v/1",
  credential_source: "aws_sts",
  credential_access_type: "jit",
  credential_issuer: "Vault.Books",
  credential_ttl_seconds: 300,
};

const using = (change: JsonObject = {}) => inContext({ ...CREDENTIAL, ...change });

const one = (field: string, value: JsonObject[string], table: readonly Row[]): void =>
  rows(`credentials: ${field}`, ruled({ [field]: value }), table);

const TARGETS = [{ kind: "path", value: "/a", operation: "read" }];
const BOUND = targetBinding(nodeHost.crypto, intent(request({ targets: TARGETS })).targets);
const bound = (binding: string) =>
  request({ targets: TARGETS, context: { ...CONTEXT, ...CREDENTIAL, credential_target_binding: binding } });

one("allowed_credential_sources", ["vault_dynamic", "AWS_STS"], [
  ["listed", using(), OK],
  ["not listed", using({ credential_source: "env" }), failed("credential_source_disallowed")],
  ["absent", using({ credential_source: "" }), failed("credential_source_disallowed", "credential_source_unknown")],
  // What every condition turns on.
  ["no reference", using({ credential_ref: "" }), failed("credential_evidence_missing")],
  ["no access type", using({ credential_access_type: "" }), failed("credential_access_type_unknown")],
  ["bound to these targets", bound(BOUND), OK],
  ["bound to others", bound("0".repeat(64)), failed("credential_target_binding_mismatch")],
  ["bound to this run", using({ credential_run_binding: "r1", run_id: "r1" }), OK],
  ["bound to another run", using({ credential_run_binding: "r1", run_id: "r2" }), failed("credential_run_binding_mismatch")],
  ["bound to a run, and in none", using({ credential_run_binding: "r1" }), OK],
  ["bound to this job", using({ credential_job_binding: "j1", job_id: "j1" }), OK],
  ["bound to another job", using({ credential_job_binding: "j1", job_id: "j2" }), failed("credential_job_binding_mismatch")],
]);
one("allowed_credential_issuers", ["Vault.Books"], [
  ["listed", using(), OK],
  ["another letter case", using({ credential_issuer: "vault.books" }), failed("credential_issuer_disallowed")],
  ["absent", using({ credential_issuer: "" }), failed("credential_issuer_disallowed")],
]);
one("allowed_credential_access_types", ["jit"], [
  ["listed", using(), OK],
  ["not listed", using({ credential_access_type: "static" }), failed("credential_access_type_disallowed")],
  [
    "absent",
    using({ credential_access_type: "" }),
    failed("credential_access_type_disallowed", "credential_access_type_unknown"),
  ],
]);
one("max_credential_ttl_seconds", 300, [
  ["short enough", using(), OK],
  ["too long", using({ credential_ttl_seconds: 301 }), failed("credential_ttl_exceeded")],
  ["absent", using({ credential_ttl_seconds: 0 }), failed("credential_evidence_missing")],
]);
one("require_jit_credential", true, [
  ["made for the call", using(), OK],
  ["another", using({ credential_access_type: "standing" }), failed("credential_not_jit")],
  ["absent", using({ credential_access_type: "" }), failed("credential_access_type_unknown", "credential_evidence_missing")],
]);
one("block_standing_credentials", true, [
  ...CREDENTIAL_ACCESS_TYPES.map((
    type,
  ): Row => [type, using({ credential_access_type: type }), type === "jit" ? OK : failed("standing_credential_disallowed")]),
  ["absent", using({ credential_access_type: "" }), failed("credential_access_type_unknown", "standing_credential_disallowed")],
]);
one("violations", [], [["a rule without conditions does not look at the credential", bound("0".repeat(64)), OK]]);
