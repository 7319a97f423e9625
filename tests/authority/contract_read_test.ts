// Reading the documents of action contracts: what cannot be read at all, and hostile inputs.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { CONTRACT_LIMIT, readActivation, readProposal, readSelectionManifest } from "../../core/authority/contract_read.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { bytesOf, changed, FULL, judged } from "./contracts.ts";

const { crypto } = nodeHost;
const read = (bytes: Uint8Array) => readProposal(crypto, bytes, "p.json");

const refused = (bytes: Uint8Array, words: string) => {
  const result = read(bytes);
  assert(!result.ok, words);
  assertEquals(result.fault.reason, "artifact_malformed");
  assert(
    result.fault.message.startsWith('Cannot read "p.json": ') && result.fault.message.includes(words),
    result.fault.message,
  );
  return result.fault;
};

Deno.test("contract reading: names and types that the format does not know", () => {
  const cases: readonly (readonly [string, Json | undefined, string])[] = [
    ["/extra", 1, 'member "/extra" is not known here'],
    ["/Contract", {}, 'member "/Contract" is not known here'],
    ["/contract/extra", 1, 'member "/contract/extra" is not known here'],
    ["/contract/__proto__", 1, 'member "/contract/__proto__" is not known here'],
    ["/producer/x", "", 'member "/producer/x" is not known here'],
    ["/variant/x", null, 'member "/variant/x" is not known here'],
    ["/revision", "1", 'member "/revision" must be a whole number'],
    ["/revision", 1.5, 'member "/revision" must be a whole number'],
    ["/revision", true, 'member "/revision" must be a whole number'],
    ["/report_only", 1, 'member "/report_only" must be true or false'],
    ["/source_scan_refs", "scan", 'member "/source_scan_refs" must be a list'],
    ["/source_scan_refs/0", 7, 'member "/source_scan_refs/0" must be text'],
    ["/variant", [], 'member "/variant" must be an object'],
    ["/contract/maximum_delegation_depth", "1", 'member "/contract/maximum_delegation_depth" must be a whole number'],
    ["/contract/preconditions/0/kind", 1, 'member "/contract/preconditions/0/kind" must be text'],
    ["/contract/preconditions/0", "x", 'member "/contract/preconditions/0" must be an object'],
    ["/contract", null, 'member "/contract" must be an object'],
    ["/contract", undefined, 'member "/contract" must be an object'],
    ["/contract", [], 'member "/contract" must be an object'],
  ];
  for (const [pointer, value, words] of cases) refused(bytesOf(changed(FULL, pointer, value)), words);
});

Deno.test("contract reading: nulls and unknown members further down are read, and break the format", () => {
  for (
    const pointer of ["/resolution_key", "/source_scan_refs", "/variant", "/contract/preconditions", "/contract/expires_at"]
  ) {
    assertEquals(judged(changed(FULL, pointer, null)).reasons, ["schema_validation_failed"], pointer);
  }
  for (const pointer of ["/contract/preconditions/0/x", "/contract/confirmation_requirement/x"]) {
    assertEquals(judged(changed(FULL, pointer, 1)).reasons, ["schema_validation_failed"], pointer);
  }
});

Deno.test("contract reading: every fault has a place", () => {
  const fault = refused(utf8('{\n  "schema_id": "x",\n  "extra": 1\n}'), "extra");
  assertEquals(fault.at, { file: "p.json", pointer: "/extra", line: 3, column: 12 });
});

Deno.test("contract reading: hostile texts are refused, quickly", () => {
  const text = JSON.stringify(FULL);
  const start = performance.now();
  refused(utf8(text.replace('"wrkr"', '"wrkr","name":"wrkr"')), "name");
  refused(utf8(text.replace('"draft"', '"draft","from_st\\u0061ge_id":"draft"')), "from_stage_id");
  refused(utf8(`${text} {}`), "line 1");
  refused(utf8(`\ufeff${text}`), "byte order mark");
  refused(utf8("[]"), "object");
  refused(utf8("null"), "object");
  refused(new Uint8Array(), "line 1");
  refused(utf8("[".repeat(1_000_000)), "line 1");
  refused(utf8(`{"contract":${'{"contract":'.repeat(300_000)}1${"}".repeat(300_001)}`), "line 1");
  refused(utf8(`{"schema_id":"${"x".repeat(CONTRACT_LIMIT)}"}`), "bytes");
  refused(utf8(`{"composition_refs":[${"1,".repeat(1_000_000)}1]}`), "/composition_refs/0");
  const many = changed(FULL, "/contract/evidence_requirements", Array.from({ length: 200_000 }, (_, i) => `e${i % 9}`));
  assertEquals(judged(many).reasons, ["canonical_digest_mismatch", "contract_digest_mismatch", "contract_identity_mismatch"]);
  assert(performance.now() - start < 5000, `${performance.now() - start} ms`);
});

Deno.test("contract reading: what is no Unicode is read as U+FFFD", () => {
  const bytes = utf8(JSON.stringify(FULL).replace("scan:91", "scan:\\ud800"));
  const value = assertOk(read(bytes)).raw["source_scan_refs"];
  assertEquals(value, ["scan:\ufffd"]);
});

Deno.test("contract reading: activations and manifests know no other members either", () => {
  for (
    const [json, words] of [[{ note: 1 }, "/note"], [{ proposal: { x: 1 } }, "/proposal/x"], [
      { revision: "1" },
      "/revision",
    ]] as const
  ) {
    const result = readActivation(bytesOf(json), "a.json");
    assert(!result.ok && result.fault.reason === "artifact_malformed" && result.fault.message.includes(words), words);
  }
  for (
    const [json, words] of [
      [{ note: 1 }, "/note"],
      [{ producer: { x: 1 } }, "/producer/x"],
      [{ scenarios: [{ x: 1 }] }, "/scenarios/0/x"],
      [{ scenarios: [null] }, "/scenarios/0"],
      [{ scenarios: [{ revision: 1.5 }] }, "/scenarios/0/revision"],
      [{ scenarios: {} }, "/scenarios"],
    ] as const
  ) {
    const result = readSelectionManifest(bytesOf(json), "s.json");
    assert(!result.ok && result.fault.reason === "artifact_malformed" && result.fault.message.includes(words), words);
  }
});
