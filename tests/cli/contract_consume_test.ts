// Contracts of `contract consume` (spec 03, section 9.4): a receipt in every case, and nothing else on stdout.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { VERSION } from "../../cli/version.ts";
import { assert, assertEquals } from "../assert.ts";
import { bytesOf, changed, changedAll, FULL, identified, manifestOf } from "../authority/contracts.ts";
import type { Setup } from "./commands_world.ts";
import { read, REPORT, type World, world } from "./contract_world.ts";

const NOTHING = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const RECEIPT = {
  consumer: "gait",
  version: VERSION,
  scenario_id: "unknown",
  artifact_sha256: NOTHING,
  status: "reject",
  self_attestation: false,
  schema_versions: { artifact: "1", contract: "3" },
  supported_constraints: { target_constraint_keys: null, precondition_kinds: null, authority_kinds: null },
  semantic_result: { proposal_valid: false, activation_ready: false, execution_claim: false, effect_claim: false },
};
const rejected = (reason: string, members: object = {}) => ({
  ...RECEIPT,
  ...members,
  semantic_result: { ...RECEIPT.semantic_result, reason_codes: [reason] },
});

/** Exit, receipt and stderr of `contract consume`; the same receipt with and without --json. */
async function consume(made: World, ...argv: readonly string[]): Promise<readonly [number, Json, string]> {
  const [exit, out, err] = await made.raw("contract", "consume", ...argv);
  const [again, json] = await made.raw("contract", "consume", ...argv, "--json");
  assertEquals([again, json], [exit, out]);
  assert(out.indexOf("\n") === out.length - 1, out);
  return [exit, JSON.parse(out), err];
}

const NAMES = {
  proposal_artifact_id: "paca-00112233445566aa",
  contract_id: "pac-fefb1e47f8386fb2",
  contract_family_id: "pacf-928935ba9f513f31",
  revision: 1,
  resolution_key: "rk-44",
};
const FIXTURE = (raw: JsonObject): Setup => ({
  files: { "fx/a/p.json": bytesOf(raw), "fx/fixture-manifest.json": bytesOf(manifestOf(read(raw), "a/p.json")) },
});

Deno.test("contract consume: a receipt and nothing else", async () => {
  const made = world(FULL, FIXTURE(FULL));
  const passed = {
    ...RECEIPT,
    ...NAMES,
    scenario_id: "a",
    artifact_sha256: read(FULL).artifact_sha256,
    status: "pass",
    supported_constraints: REPORT.supported_constraints,
    semantic_result: { ...RECEIPT.semantic_result, proposal_valid: true, activation_ready: true },
  };
  assertEquals(await consume(made, "fx/a/p.json"), [0, passed, ""]);
  assertEquals(await consume(made, "--artifact", "payout/p.json", "--selection", "sel.json", "--scenario-id", "s9"), [
    0,
    { ...passed, scenario_id: "s9" },
    "",
  ]);
  const [, out] = await made.raw("contract", "consumer", "fx/a/p.json");
  assertEquals(JSON.parse(out), passed);
  const here = world(FULL, { files: { "p.json": bytesOf(FULL), "s.json": bytesOf(manifestOf(read(FULL), "p.json")) } });
  const [, receipt] = await consume(here, "./p.json", "--selection", "s.json");
  assertEquals(receipt, { ...passed, scenario_id: "memory" }, "the folder that the program is in has a name too");
});

Deno.test("contract consume: stale, superseded and contradictory pass, but are not ready", async () => {
  const observed = { observation_id: "o", producer: "w", evidence_state: "contradictory", freshness_state: "fresh" };
  const cases = {
    proposal_stale: { "/contract/expires_at": "2021-01-01T00:00:00Z" },
    proposal_superseded: { "/contract/lifecycle_observations": [{ ...observed, kind: "supersession" }] },
    proposal_contradictory: { "/contract/readiness_state": "blocked_by_contradiction" },
  };
  for (const [reason, changes] of Object.entries(cases)) {
    const raw = identified(changedAll(FULL, changes));
    const [exit, receipt] = await consume(world(raw, FIXTURE(raw)), "fx/a/p.json");
    const { status, semantic_result } = Object(receipt);
    assertEquals([exit, status, semantic_result], [0, "pass", {
      ...RECEIPT.semantic_result,
      proposal_valid: true,
      reason_codes: [reason],
    }]);
  }
  const raw = identified(changed(FULL, "/contract/target_constraints", [{ key: "region", value: "eu" }]));
  const [exit, receipt, err] = await consume(world(raw, FIXTURE(raw)), "fx/a/p.json");
  assertEquals([exit, Object(receipt).status, Object(receipt).supported_constraints.unsupported], [2, "reject", [
    "target:region",
  ]]);
  assertEquals(err, "contract consume reject: fx/a/p.json\nreason: constraint_unsupported:target:region\n");
});

Deno.test("contract consume: errors are receipts too; the words go to stderr", async () => {
  const made = world(FULL, { ...FIXTURE(FULL), links: ["fx/a"] });
  const named = "contract consume error: Cannot run without a proposal: name its file\n" +
    "Run the command with --help to see what it needs\n";
  assertEquals(await consume(made), [6, rejected("explicit_selection_required"), named]);
  assertEquals((await consume(made, "a", "b"))[1], rejected("ambiguous_selection"));
  const [exit, receipt, err] = await consume(made, "--nope");
  assertEquals([exit, receipt], [6, RECEIPT]);
  assert(err.startsWith('contract consume error: Cannot take flag "--nope"'));
  assertEquals((await consume(made, "none.json")).slice(0, 2), [2, RECEIPT]);
  assertEquals((await consume(made, "op.pub")).slice(0, 2), [2, rejected("artifact_malformed")]);
  const artifact_sha256 = read(FULL).artifact_sha256;
  assertEquals((await consume(made, "payout/p.json")).slice(0, 2), [
    2,
    rejected("selection_evidence_required", { artifact_sha256 }),
  ]);
  assertEquals((await consume(made, "fx/a/p.json")).slice(0, 2), [2, rejected("selection_mismatch", { artifact_sha256 })]);
  const broken = changed(FULL, "/variant/redacted", undefined);
  assertEquals((await consume(world(broken, FIXTURE(broken)), "fx/a/p.json")).slice(0, 2), [
    2,
    rejected("schema_validation_failed", { artifact_sha256: read(broken).artifact_sha256, scenario_id: "a" }),
  ]);
});

Deno.test("contract: the group has the envelope of all commands", async () => {
  const [exit, said] = await world().json("contract");
  assertEquals([exit, said["error_code"], said["fault"]], [6, "invalid_input", "unknown_command"]);
  assertEquals((await world().json("contract", "revoke"))[0], 6);
});
