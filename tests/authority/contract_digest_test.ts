// The identity of action contracts: ids and digests that the existing implementation computed, and what takes part in each.
import type { Json, JsonObject } from "../../core/base/json.ts";
import {
  contractContentDigest,
  contractFamilyId,
  contractIdOf,
  proposalContentDigest,
} from "../../core/authority/contract_digest.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { at, changed, changedAll, contractOf, FULL, identified, leaves } from "./contracts.ts";

const { crypto } = nodeHost;

const identity = (raw: JsonObject): readonly string[] => {
  const contract = contractOf(raw);
  const content = contractContentDigest(crypto, contract);
  const family = contractFamilyId(crypto, contract);
  return [content, family, contractIdOf(crypto, family, content, contract), proposalContentDigest(crypto, raw)];
};

const OPTIONAL = [
  "resolution_key",
  "target_constraints",
  "required_credential_mode",
  "expected_outcome_class",
  "compensation_required",
  "expires_at",
  "source_digests",
  "evidence_requirements",
  "acceptable_countersigners",
  "allowed_transitions",
  "prohibited_transitions",
  "readiness_state",
];

Deno.test("contract digests: those of the existing implementation", () => {
  const minimal = changedAll(
    changed(FULL, "/resolution_key", undefined),
    Object.fromEntries(OPTIONAL.map((name) => [`/contract/${name}`, undefined])),
  );
  const revised = changedAll(FULL, { "/revision": 2, "/contract/revision": 2, "/contract/supersedes_ref": "pac-1234" });
  const turned = changedAll(FULL, {
    "/contract/target_constraints": [{ key: "environment", value: "staging" }, {
      key: "target_identity",
      value: "payouts-api",
    }],
    "/contract/evidence_requirements": ["receipt", "trace"],
    "/contract/allowed_transitions": [
      { transition_id: "t1", from_stage_id: "draft", to_stage_id: "queued", reason: "normal" },
      { transition_id: "a0", from_stage_id: "x", to_stage_id: "y" },
    ],
  });
  // Content, family, contract, and the artifact around them: first digits. The minimal one has no target constraints, so the text of its
  // family ends in the separator, which trimming must leave.
  const recorded: readonly (readonly [JsonObject, readonly string[]])[] = [
    [FULL, ["eedb4a6d", "928935ba9f513f31", "fefb1e47f8386fb2", "1500f925"]],
    [minimal, ["c22732f9", "d55e08d67635734b", "7ce018d7f8415ab4", "a24ad9ba"]],
    [revised, ["c9894f92", "928935ba9f513f31", "1a2344f9758cb43e", "fe1a1e1e"]],
    [turned, ["e952b5cd", "fad529fa0cbf316c", "b6883c67c11d0140", "ba22d48b"]],
  ];
  for (const [raw, [content, family, id, artifact]] of recorded) {
    const found = identity(identified(raw));
    assert(found[0]?.startsWith(`sha256:${content}`), `content ${found[0]}`);
    assertEquals(found.slice(1, 3), [`pacf-${family}`, `pac-${id}`]);
    assert(found[3]?.startsWith(`sha256:${artifact}`), `artifact ${found[3]}`);
  }
});

const other = (value: Json | undefined): Json =>
  typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${String(value)}x`;

// A value that the shape accepts too.
const WORDS: Readonly<Record<string, Json>> = {
  evidence_state: "contradictory",
  freshness_state: "expired",
  kind: "forbidden_effect",
  mode: "not_required",
  required_credential_mode: "scoped",
  readiness_state: "needs_evidence",
  authority_readiness_state: "needs_evidence",
  scope_digest: `sha256:${"ef".repeat(32)}`,
};

// What the shape allows one value for, and what is computed.
const FIXED =
  /^\/contract\/(contract_version|contract_kind|report_only|contract_content_digest|contract_family_id|contract_id)$/;

Deno.test("contract digests: every member of the contract takes part in its content", () => {
  const [content] = identity(FULL);
  const pointers = leaves(FULL["contract"] ?? null, "/contract").filter((pointer) => !FIXED.test(pointer));
  assert(pointers.length > 45, `${pointers.length} members`);
  for (const pointer of pointers) {
    const name = pointer.slice(pointer.lastIndexOf("/") + 1);
    const kind = pointer.includes("authority_requirements")
      ? "delegation_root"
      : pointer.includes("compensation")
      ? "restore"
      : undefined;
    const value = name === "kind" && kind !== undefined ? kind : WORDS[name] ?? other(at(FULL, pointer));
    assert(identity(changed(FULL, pointer, value))[0] !== content, pointer);
  }
});

Deno.test("contract digests: what was seen of a contract is no part of it, the artifact covers it", () => {
  const observed = changed(FULL, "/contract/lifecycle_observations", [
    { observation_id: "o", kind: "proposal_creation", producer: "wrkr", evidence_state: "verified", freshness_state: "fresh" },
  ]);
  assertEquals(identity(observed).slice(0, 3), identity(FULL).slice(0, 3));
  assert(identity(observed)[3] !== identity(FULL)[3]);
});

Deno.test("contract digests: texts are trimmed in content and family, and written as they are in the artifact", () => {
  const padded = changedAll(FULL, {
    "/contract/expected_outcome_class": "  payout_scheduled\u0085",
    "/contract/acceptable_countersigners": [" treasury "],
    "/contract/target_constraints/0/key": " target_identity ",
  });
  assertEquals(identity(padded).slice(0, 3), identity(FULL).slice(0, 3));
  assert(identity(padded)[3] !== identity(FULL)[3]);
});

Deno.test("contract digests: a blank resolution key of an artifact counts as absent, its id and digest never count", () => {
  const digest = (raw: JsonObject) => proposalContentDigest(crypto, raw);
  const without = changed(FULL, "/resolution_key", undefined);
  assertEquals(digest(changed(FULL, "/resolution_key", " ")), digest(without));
  assert(digest(FULL) !== digest(without));
  assertEquals(digest(changedAll(FULL, { "/artifact_id": "x", "/canonical_content_digest": "y" })), digest(FULL));
});
