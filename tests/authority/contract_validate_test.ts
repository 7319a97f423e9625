// Judging proposed action contracts: each reason alone, several at once, and when nothing more is looked at.
import type { Json } from "../../core/base/json.ts";
import { CONTRACT_REASONS, reasonLine } from "../../core/authority/contract_reasons.ts";
import { proposalReport } from "../../core/authority/contract_validate.ts";
import { assert, assertEquals } from "../assert.ts";
import { changed, changedAll, FULL, identified, judged, redigested } from "./contracts.ts";

type Changes = Readonly<Record<string, Json | undefined>>;

const OBSERVED = { observation_id: "o", producer: "wrkr", evidence_state: "verified", freshness_state: "fresh" };

const SUPPORTED = {
  target_constraint_keys: ["environment", "target_identity"],
  precondition_kinds: ["required_check"],
  authority_kinds: ["business_owner"],
};

Deno.test("contract validation: a sound proposal, and what is told of it", () => {
  const found = judged(FULL);
  assertEquals(proposalReport(found), {
    valid: true,
    artifact: FULL,
    canonical_content_digest: "sha256:1500f92590fefad97594adacbdb2db0fdd82f7b803219736432a37bc64dde465",
    supported_constraints: SUPPORTED,
  });
  assertEquals([found.reasons, found.misfit], [[], undefined]);
});

Deno.test("contract validation: what breaks the format is the only reason, and nothing more is looked at", () => {
  const cases: Changes = {
    "/schema_id": "https://wrkr.dev/other",
    "/schema_version": "2",
    "/artifact_id": "paca-XYZ",
    "/contract_id": "pac-1",
    "/contract_family_id": undefined,
    "/revision": 0,
    "/producer/contract_schema_version": "2",
    "/source_scan_refs": [],
    "/creation_evidence": undefined,
    "/canonical_content_digest": "1500",
    "/variant/share_profile": "everyone",
    "/variant/redacted": undefined,
    "/report_only": false,
    "/contract/contract_version": "2",
    "/contract/report_only": false,
    "/contract/revision": 0,
    "/contract/maximum_delegation_depth": -1,
    "/contract/required_credential_mode": "any",
    "/contract/readiness_state": "ready",
    "/contract/confirmation_requirement": undefined,
    "/contract/approval_requirement/minimum_approvals": -1,
    "/contract/approval_requirement/scope_digest": "cd",
    "/contract/preconditions/0/kind": "weather",
    "/contract/preconditions/0/freshness_state": undefined,
    "/contract/allowed_transitions/0/to_stage_id": undefined,
    "/contract/target_constraints/0/value": undefined,
  };
  for (const [pointer, value] of Object.entries(cases)) {
    const found = judged(changed(FULL, pointer, value));
    assertEquals(found.reasons, ["schema_validation_failed"], pointer);
    assert(found.misfit?.includes(pointer.split("/").slice(0, 3).join("/")), `${pointer}: ${found.misfit}`);
    const { artifact: _, ...report } = proposalReport(found);
    assertEquals(report, {
      valid: false,
      reason_codes: ["schema_validation_failed"],
      supported_constraints: { target_constraint_keys: null, precondition_kinds: null, authority_kinds: null },
    });
  }
});

Deno.test("contract validation: each reason alone", () => {
  const cases: readonly (readonly [string, Changes])[] = [
    ["source_refs_missing", { "/source_scan_refs": [" ", "\u0085"] }],
    ["evidence_refs_missing", { "/creation_evidence": [""] }],
    ["revision_reactivation_required", { "/revision": 2, "/contract/revision": 2 }],
    ["revision_reactivation_required", { "/revision": 2, "/contract/revision": 2, "/contract/supersedes_ref": " " }],
    ["contract_identity_mismatch", { "/composition_refs": ["comp:other"] }],
    ["contract_identity_mismatch", { "/resolution_key": "rk-45" }],
    ["constraint_unsupported:target:region", { "/contract/target_constraints/0/key": "region" }],
    ["constraint_unsupported:target:", { "/contract/target_constraints/0/key": " " }],
    ["proposal_stale", { "/contract/expires_at": "2026-03-01T09:59:59.999999999Z" }],
    ["proposal_stale", {
      "/contract/lifecycle_observations": [{ ...OBSERVED, kind: "gait_effect", freshness_state: "stale" }],
    }],
    ["proposal_stale", {
      "/contract/lifecycle_observations": [{ ...OBSERVED, kind: "gait_effect", freshness_state: "expired" }],
    }],
    ["proposal_superseded", {
      "/contract/lifecycle_observations": [{ ...OBSERVED, kind: "supersession", evidence_state: "contradictory" }],
    }],
    ["proposal_contradictory", { "/contract/readiness_state": "blocked_by_contradiction" }],
    ["proposal_contradictory", { "/contract/authority_readiness_state": "blocked_by_contradiction" }],
    ["artifact_malformed", { "/contract/expires_at": "whenever" }],
    ["artifact_malformed", { "/contract/expires_at": "" }],
  ];
  for (const [reason, changes] of cases) assertEquals(judged(identified(changedAll(FULL, changes))).reasons, [reason]);
});

Deno.test("contract validation: identities that do not follow", () => {
  const cases: readonly (readonly [readonly string[], Changes])[] = [
    [["revision_identity_mismatch"], { "/contract_id": "pac-00000000" }],
    [["revision_identity_mismatch"], { "/contract_family_id": "pacf-00000000" }],
    [["contract_family_id_missing", "revision_identity_mismatch"], { "/contract_family_id": "family" }],
    [["revision_identity_mismatch", "revision_reactivation_required"], { "/revision": 2 }],
    [["contract_identity_mismatch", "revision_identity_mismatch"], { "/contract/contract_id": "pac-00000000" }],
    [["contract_identity_mismatch"], { "/contract/contract_id": "pac-00000000", "/contract_id": "pac-00000000" }],
    [["contract_identity_mismatch", "revision_identity_mismatch"], { "/contract/contract_family_id": "x" }],
    [["contract_digest_mismatch"], { "/contract/contract_content_digest": `sha256:${"0".repeat(64)}` }],
    [["contract_digest_mismatch", "contract_identity_mismatch"], { "/contract/maximum_delegation_depth": 5 }],
    [["composition_ref_missing", "contract_identity_mismatch"], { "/composition_refs": [" "] }],
  ];
  for (const [reasons, changes] of cases) assertEquals(judged(redigested(changedAll(FULL, changes))).reasons, reasons);
  assertEquals(judged(changed(FULL, "/creation_evidence/1", "x")).reasons, ["canonical_digest_mismatch"]);
});

Deno.test("contract validation: padding is no difference between artifact and contract", () => {
  const padded = changedAll(FULL, { "/composition_refs": [" comp:payout-flow "], "/resolution_key": " rk-44" });
  assertEquals(judged(redigested(padded)).reasons, []);
  assertEquals(judged(redigested(changed(FULL, "/resolution_key", " "))).reasons, [], "a blank one is no other one");
});

Deno.test("contract validation: an expiry is over strictly after its moment, whatever its offset", () => {
  assertEquals(judged(FULL, "2097-05-05T00:00:00Z").reasons, []);
  assertEquals(judged(FULL, "2097-05-05T02:00:00+02:00").reasons, []);
  assertEquals(judged(FULL, "2097-05-05T00:00:00.000000001Z").reasons, ["proposal_stale"]);
});

Deno.test("contract validation: several reasons are sorted, each once; constraints are told once", () => {
  const bad = identified(changedAll(FULL, {
    "/contract/target_constraints": ["zone", "area", "zone", "environment"].map((key) => ({ key, value: "1" })),
    "/contract/expires_at": "2021-01-01T00:00:00Z",
    "/contract/readiness_state": "blocked_by_contradiction",
    "/contract/lifecycle_observations": [{ ...OBSERVED, kind: "gait_effect", freshness_state: "stale" }],
  }));
  const found = judged(bad);
  assertEquals(found.reasons, [
    "constraint_unsupported:target:area",
    "constraint_unsupported:target:zone",
    "proposal_contradictory",
    "proposal_stale",
  ]);
  assertEquals(proposalReport(found)["supported_constraints"], {
    ...SUPPORTED,
    target_constraint_keys: ["environment"],
    unsupported: ["target:area", "target:zone"],
  });
});

Deno.test("contract validation: every reason has its words", () => {
  for (const reason of CONTRACT_REASONS) {
    assert(new RegExp(`^${reason}: [a-z].{10,}[^.]$`).test(reasonLine(reason)), reasonLine(reason));
  }
  assertEquals(
    reasonLine("constraint_unsupported:target:x"),
    "constraint_unsupported:target:x: gait does not know such a constraint",
  );
});
