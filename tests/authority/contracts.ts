// A proposed action contract for tests: complete, with the ids and digests that the existing implementation computed for it; and ways
// to change one, with or without computing its identity anew.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { isJsonList, isJsonObject } from "../../core/base/json_value.ts";
import { type ActionContract, ActionContractShape } from "../../core/schema/action_contract.ts";
import { fitShape } from "../../core/base/shape.ts";
import type { SigningKey } from "../../core/base/sign.ts";
import {
  contractContentDigest,
  contractFamilyId,
  contractIdOf,
  proposalContentDigest,
} from "../../core/authority/contract_digest.ts";
import { activate, type ActivationTerms } from "../../core/authority/contract_activate.ts";
import { type ReadProposal, readProposal } from "../../core/authority/contract_read.ts";
import { type JudgedProposal, judgeProposal } from "../../core/authority/contract_validate.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

const { crypto } = nodeHost;

/** A moment at which it is fresh. */
export const NOW = "2026-03-01T10:00:00Z";

/** A proposal with a value in nearly every member. */
export const FULL: JsonObject = {
  schema_id: "https://wrkr.dev/schemas/v1/proposed-action-contract-artifact.schema.json",
  schema_version: "1",
  artifact_id: "paca-00112233445566aa",
  contract_id: "pac-fefb1e47f8386fb2",
  contract_family_id: "pacf-928935ba9f513f31",
  revision: 1,
  producer: { name: "wrkr", artifact_schema_version: "1", contract_schema_version: "3" },
  source_scan_refs: ["scan:91"],
  composition_refs: ["comp:payout-flow"],
  creation_evidence: ["ev:1", "ev:2"],
  variant: { share_profile: "internal", redacted: false },
  report_only: true,
  contract: {
    contract_version: "3",
    contract_kind: "proposed_action_contract",
    composition_ref: "comp:payout-flow",
    resolution_key: "rk-44",
    revision: 1,
    target_constraints: [{ key: "target_identity", value: "payouts-api" }, { key: "environment", value: "staging" }],
    required_credential_mode: "ephemeral",
    maximum_delegation_depth: 1,
    expected_outcome_class: "payout_scheduled",
    compensation_required: true,
    expires_at: "2097-05-05T00:00:00Z",
    source_digests: [`sha256:${"ab".repeat(32)}`],
    evidence_requirements: ["trace", "receipt"],
    acceptable_countersigners: ["treasury"],
    allowed_transitions: [{ transition_id: "t1", from_stage_id: "draft", to_stage_id: "queued", reason: "normal" }],
    prohibited_transitions: [{ transition_id: "t2", from_stage_id: "draft", to_stage_id: "paid" }],
    authority_requirements: [{
      requirement_id: "ar-1",
      kind: "business_owner",
      required_constraint: "treasury lead",
      evidence_state: "verified",
      freshness_state: "fresh",
      evidence_refs: ["ev:1"],
    }],
    authority_readiness_state: "ready",
    preconditions: [{
      requirement_id: "pc-1",
      kind: "required_check",
      required_constraint: "ledger balanced",
      evidence_state: "declared",
      freshness_state: "fresh",
      max_age: "PT1H",
      acceptable_producers: ["ledger"],
    }],
    confirmation_requirement: {
      mode: "explicit_confirmation",
      required: true,
      evidence_state: "declared",
      freshness_state: "fresh",
    },
    approval_requirement: {
      required: true,
      minimum_approvals: 2,
      scope_digest: `sha256:${"cd".repeat(32)}`,
      approver_roles: ["treasury", "risk"],
      evidence_state: "declared",
      freshness_state: "fresh",
    },
    compensation_requirement: {
      required: true,
      kind: "rollback",
      verification_required: true,
      evidence_state: "inferred",
      freshness_state: "unknown",
    },
    report_only: true,
    readiness_state: "ready_for_report_only",
    contract_content_digest: "sha256:eedb4a6d62f8a8790fb815f7a23b8a23b9a71d4a0d6fdc8e80d1155f8882d587",
    contract_family_id: "pacf-928935ba9f513f31",
    contract_id: "pac-fefb1e47f8386fb2",
  },
  resolution_key: "rk-44",
  canonical_content_digest: "sha256:1500f92590fefad97594adacbdb2db0fdd82f7b803219736432a37bc64dde465",
};

const steps = (pointer: string): readonly string[] => pointer.split("/").slice(1);

/** The value at a pointer; undefined where there is none. */
export const at = (json: Json | undefined, pointer: string): Json | undefined =>
  steps(pointer).reduce<Json | undefined>(
    (value, step) => isJsonList(value) ? value[Number(step)] : isJsonObject(value) ? value[step] : undefined,
    json,
  );

/** A document with another value at a pointer; undefined takes the member away. */
export function changed(json: JsonObject, pointer: string, value: Json | undefined): JsonObject {
  const set = (node: Json | undefined, path: readonly string[]): Json | undefined => {
    const [step, ...rest] = path;
    if (step === undefined) return value;
    if (isJsonList(node)) return node.flatMap((item, i) => String(i) === step ? set(item, rest) ?? [] : [item]);
    const object = isJsonObject(node) ? node : {};
    const next = set(object[step], rest);
    const { [step]: _old, ...others } = object;
    return next === undefined ? others : { ...others, [step]: next };
  };
  const result = set(json, steps(pointer));
  if (!isJsonObject(result)) throw new Error(pointer);
  return result;
}

/** Several changes, one after the other. */
export const changedAll = (json: JsonObject, changes: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.entries(changes).reduce((document, [pointer, value]) => changed(document, pointer, value), json);

/** The contract in a proposal; it must fit its shape. */
export function contractOf(raw: JsonObject): ActionContract {
  const read = fitShape(ActionContractShape, raw["contract"] ?? null);
  if (!read.ok) throw new Error(`${read.misfit.pointer} ${read.misfit.wanted}`);
  return read.value;
}

/** The same proposal with all its digests and ids computed for what it says. */
export function identified(raw: JsonObject): JsonObject {
  const contract = contractOf(raw);
  const content = contractContentDigest(crypto, contract);
  const family = contractFamilyId(crypto, contract);
  const id = contractIdOf(crypto, family, content, contract);
  const named = changedAll(raw, {
    "/contract/contract_content_digest": content,
    "/contract/contract_family_id": family,
    "/contract/contract_id": id,
    "/contract_family_id": family,
    "/contract_id": id,
  });
  return changed(named, "/canonical_content_digest", proposalContentDigest(crypto, named));
}

/** The same with the digest of the artifact alone computed anew. */
export const redigested = (raw: JsonObject): JsonObject =>
  changed(raw, "/canonical_content_digest", proposalContentDigest(crypto, raw));

/** The bytes of a document. */
export const bytesOf = (json: Json): Uint8Array => utf8(JSON.stringify(json));

/** A proposal read and judged. */
export const judged = (raw: JsonObject, now = NOW): JudgedProposal =>
  judgeProposal(crypto, assertOk(readProposal(crypto, bytesOf(raw), "p.json")), now);

/** Pointers to all values below a value that are neither objects nor lists. */
export const leaves = (json: Json, pointer = ""): readonly string[] => {
  if (isJsonList(json)) return json.flatMap((item, i) => leaves(item, `${pointer}/${i}`));
  if (isJsonObject(json)) return Object.entries(json).flatMap(([name, member]) => leaves(member, `${pointer}/${name}`));
  return [pointer];
};

/** A selection manifest that has a proposal as its one current row. */
export const manifestOf = ({ raw, artifact_sha256 }: ReadProposal, artifact_path: string): JsonObject => ({
  fixture_version: "1",
  producer: { name: "wrkr", version: "v1.14.0" },
  schemas: { artifact: "1", contract: "3" },
  scenarios: [{
    scenario_id: "payout",
    artifact_path,
    artifact_sha256,
    ...Object.fromEntries(
      ["artifact_id", "canonical_content_digest", "contract_id", "contract_family_id", "revision"].map((name) => [
        name,
        raw[name] ?? null,
      ]),
    ),
    current: true,
  }],
});

/** Terms that nothing is against. */
export const TERMS: ActivationTerms = {
  policy_digest: `sha256:${"e".repeat(64)}`,
  activating_principal: "ops.lead",
  authority_refs: ["board:7", " ops:2"],
  target: "payouts-api",
  environment: "test",
  activation_mode: "required",
  valid_from: "2021-01-01T00:00:00Z",
  valid_until: "",
  explicit_exceptions: [],
  allow_development_signing: false,
};

/** The activation of a proposal under terms; it must come about. */
export async function activated(raw: JsonObject, terms: ActivationTerms, key: SigningKey | undefined): Promise<JsonObject> {
  const made = await activate(crypto, judged(raw), terms, key);
  if (made.activated === undefined) throw new Error(made.reasons.join());
  return made.activated;
}
