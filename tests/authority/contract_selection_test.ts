// Selection manifests: which proposals they select, in the order of the checks.
import { isRightManifest, selectionFailure } from "../../core/authority/contract_selection.ts";
import { readProposal, readSelectionManifest } from "../../core/authority/contract_read.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { SelectionManifest } from "../../core/schema/action_contract_proposal.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { bytesOf, changed, FULL, manifestOf } from "./contracts.ts";

const PROPOSAL = assertOk(readProposal(nodeHost.crypto, bytesOf(FULL), "p.json"));
const MANIFEST = manifestOf(PROPOSAL, "payout/p.json");

const read = (json: JsonObject): SelectionManifest => assertOk(readSelectionManifest(bytesOf(json), "s.json"));

// Every row for the path of the proposal counts as a row for its file.
const failure = (json: JsonObject, proposal = PROPOSAL) => {
  const manifest = read(json);
  const mine = manifest.scenarios.filter(({ artifact_path }) => artifact_path === "payout/p.json");
  return selectionFailure({ manifest, mine }, proposal);
};

Deno.test("contract selection: the header is exact", () => {
  assert(isRightManifest(read(MANIFEST)));
  const cases: Readonly<Record<string, Json | undefined>> = {
    "/fixture_version": "2",
    "/producer": undefined,
    "/producer/name": "Wrkr",
    "/producer/version": "v1.15.0",
    "/schemas": null,
    "/schemas/artifact": "2",
    "/schemas/contract": "2",
  };
  for (const [pointer, value] of Object.entries(cases)) {
    assert(!isRightManifest(read(changed(MANIFEST, pointer, value))), pointer);
  }
});

Deno.test("contract selection: no row may leave the folder, also where it is not the one that is wanted", () => {
  const row = MANIFEST["scenarios"];
  assert(Array.isArray(row));
  for (const path of ["../p.json", "a/../../p.json", "/p.json", "C:\\p.json", "..\\p.json", "a\0b", "x".repeat(1025)]) {
    const stray = { ...row[0], artifact_path: path };
    assert(!isRightManifest(read({ ...MANIFEST, scenarios: [row[0], stray] })), path);
  }
  for (const path of ["payout/./p.json", "a/../payout/p.json", "..p.json", ""]) {
    assert(isRightManifest(read(changed(MANIFEST, "/scenarios/0/artifact_path", path))), path);
  }
});

Deno.test("contract selection: in this order", () => {
  assertEquals(failure(MANIFEST), undefined);
  assertEquals(failure(changed(MANIFEST, "/scenarios", [])), "selection_evidence_required");
  assertEquals(failure(changed(MANIFEST, "/scenarios", null)), "selection_evidence_required");
  assertEquals(failure(changed(MANIFEST, "/scenarios/0/artifact_path", "payout/other.json")), "selection_evidence_required");
  const row = MANIFEST["scenarios"];
  assert(Array.isArray(row));
  assertEquals(failure({ ...MANIFEST, scenarios: [row[0], row[0]] }), "selection_ambiguous");
  const later = { ...row[0], artifact_path: "payout/p2.json", revision: 2 };
  assertEquals(failure({ ...MANIFEST, scenarios: [later, row[0]] }), "selection_not_current");
  assertEquals(failure({ ...MANIFEST, scenarios: [{ ...later, contract_family_id: "pacf-00000000" }, row[0]] }), undefined);
  assertEquals(failure({ ...MANIFEST, scenarios: [{ ...later, revision: 1 }, row[0]] }), undefined);
  assertEquals(failure(changed(MANIFEST, "/scenarios/0/current", false)), "selection_not_current");
  assertEquals(failure(changed(MANIFEST, "/scenarios/0/current", undefined)), "selection_not_current");
});

Deno.test("contract selection: the bytes and every id are bound", () => {
  const cases: Readonly<Record<string, Json | undefined>> = {
    artifact_sha256: `sha256:${"0".repeat(64)}`,
    artifact_id: "paca-ffffffffffffffff",
    canonical_content_digest: `sha256:${"1".repeat(64)}`,
    contract_id: "pac-00000000",
    contract_family_id: "pacf-00000000",
    revision: 3,
  };
  for (const [name, value] of Object.entries(cases)) {
    assertEquals(failure(changed(MANIFEST, `/scenarios/0/${name}`, value)), "selection_mismatch", name);
    assertEquals(failure(changed(MANIFEST, `/scenarios/0/${name}`, undefined)), "selection_mismatch", name);
  }
  const respaced = assertOk(readProposal(nodeHost.crypto, new TextEncoder().encode(`${JSON.stringify(FULL)}\n`), "p.json"));
  assertEquals(failure(MANIFEST, respaced), "selection_mismatch", "one more byte is another file");
});
