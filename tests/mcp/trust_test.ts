// Trust in servers (spec 05, section 4): snapshots, each row of the table of decisions, and what a decision does to a verdict.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { fail } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import {
  readTrustSnapshot,
  type TrustDecision,
  trustDecision,
  type TrustDemand,
  trustRuling,
  trustSnapshotState,
  trustWarnings,
} from "../../core/mcp/trust.ts";
import { McpTrustShape } from "../../core/schema/trace.ts";
import type { CallServer } from "../../core/schema/tool_call.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const NOW = "2026-03-14T09:30:00Z";
const DEMAND: TrustDemand = {
  snapshot: "trust.json",
  action: "block",
  required_risk_classes: ["critical", "high"],
  min_score: 0,
  max_age: "",
  publisher_allowlist: [],
  require_registry: false,
};

const snapshot = (entries: readonly Json[], head: JsonObject = {}): Uint8Array =>
  utf8(JSON.stringify({ schema_id: "gait.mcp.trust_snapshot", schema_version: "1.0.0", entries, ...head }));

const server = (change: Partial<CallServer>): CallServer => ({
  server_id: "",
  server_name: "",
  publisher: "",
  source: "",
  endpoint: "",
  ...change,
});

const SHELF = server({ server_id: "shelf" });

const decide = (entry: JsonObject, demand: Partial<TrustDemand> = {}, asked = SHELF, risk = "high", now = NOW) =>
  trustDecision(
    { ...DEMAND, ...demand },
    trustSnapshotState({ ok: true, value: snapshot([{ server_id: "shelf", ...entry }]) }, "trust.json"),
    asked,
    risk,
    now,
  );

const judged = ({ status, reason_codes }: TrustDecision) => [status, ...reason_codes].join(" ");

Deno.test("trust: what cannot be known is distrust", () => {
  const gone = trustSnapshotState(fail("file_missing", "gone"), "t");
  const broken = trustSnapshotState({ ok: true, value: utf8("{") }, "t");
  const on = (state: ReturnType<typeof trustSnapshotState>, asked?: CallServer) =>
    judged(trustDecision(DEMAND, state, asked, "high", NOW));
  assertEquals(on(gone), "missing mcp_trust_identifier_missing");
  assertEquals(
    on(gone, server({ server_id: " ", server_name: "\t", publisher: "acme" })),
    "missing mcp_trust_identifier_missing",
  );
  assertEquals(on(gone, SHELF), "missing mcp_trust_snapshot_unavailable");
  assertEquals(on(broken, SHELF), "invalid mcp_trust_snapshot_invalid");
  assertEquals(judged(decide({ server_id: "other" })), "unknown mcp_trust_server_unknown");
  assertEquals(judged(decide({})), "trusted mcp_trust_verified");
});

Deno.test("trust: a server is found by its id, or without one by its name, and an entry that has an id is not found by its name", () => {
  const found = (entry: JsonObject, asked: Partial<CallServer>) => decide(entry, {}, server(asked)).status === "trusted";
  assert(found({ server_id: " Shelf-MCP " }, { server_id: "shelf-mcp" }));
  assert(found({ server_id: "", server_name: "Shelf" }, { server_name: " SHELF" }));
  assert(found({ server_id: "shelf" }, { server_name: "Shelf" })); // what a server calls itself may be an id
  assert(!found({ server_id: "x", server_name: "Shelf" }, { server_name: "shelf" }));
  assert(!found({ server_id: "", server_name: "Shelf" }, { server_id: "x", server_name: "shelf" }));
});

Deno.test("trust: status", () => {
  for (const status of ["", " ", "Trusted", "ALLOW", " pass "]) assertEquals(decide({ status }).status, "trusted", status);
  for (const status of ["pending", "ok", "untrusted", "trusted!"]) {
    assertEquals(judged(decide({ status })), "untrusted mcp_trust_status_untrusted", status);
  }
});

Deno.test("trust: the publisher of the entry counts, not the one that the call claims", () => {
  const list = { publisher_allowlist: ["acme"] };
  const good = decide({ publisher: " ACME " }, list);
  assertEquals([judged(good), good.publisher_allowed], ["trusted mcp_trust_verified", true]);
  for (const publisher of ["", "acme corp", "evil"]) {
    const bad = decide({ publisher }, list, server({ server_id: "shelf", publisher: "acme" }));
    assertEquals([judged(bad), bad.publisher_allowed], ["untrusted mcp_trust_publisher_untrusted", false]);
  }
  assertEquals(decide({ publisher: "acme" }).publisher_allowed, false);
});

Deno.test("trust: evidence of the registry", () => {
  const whole = { signature_verified: true, publisher_allowed: true };
  const rows: readonly (readonly [Json, boolean])[] = [
    [whole, true],
    [{ ...whole, pin_present: true, pin_verified: true }, true],
    [{ ...whole, pin_verified: false, more: { than: "needed" } }, true],
    [{ ...whole, pin_present: true }, false],
    [{ ...whole, signature_verified: false }, false],
    [{ ...whole, publisher_allowed: null }, false],
    [{}, false],
    [null, false],
  ];
  for (const [registry_verification, holds] of rows) {
    const strict = decide({ registry_verification }, { require_registry: true });
    assertEquals(judged(strict), holds ? "trusted mcp_trust_verified" : "invalid mcp_trust_registry_unverified");
    assertEquals([strict.registry_verified, decide({ registry_verification }).registry_verified], [holds, holds]);
  }
});

Deno.test("trust: age, to the nanosecond", () => {
  const aged = (updated_at: string | null, max_age = "1h30m0s") => judged(decide({ updated_at }, { max_age }));
  assertEquals(aged("2026-03-14T08:00:00Z"), "trusted mcp_trust_verified");
  assertEquals(aged("2026-03-14T09:00:00+01:00"), "trusted mcp_trust_verified");
  assertEquals(aged("2026-03-14T07:59:59.999999999Z"), "stale mcp_trust_stale");
  assertEquals(aged("2999-01-01T00:00:00Z"), "trusted mcp_trust_verified");
  assertEquals(aged("9999-12-31T23:59:59Z", "2540400h0m0s"), "trusted mcp_trust_verified");
  assertEquals(aged(null), "stale mcp_trust_stale");
  assertEquals(aged("0001-01-01T00:00:00Z"), "stale mcp_trust_stale");
  assertEquals(aged(null, ""), "trusted mcp_trust_verified");
  assertEquals(decide({}, { max_age: "1h30m0s" }).max_age_seconds, 5400);
});

Deno.test("trust: score, of which the threshold itself is enough", () => {
  const scored = (score: Json) => judged(decide({ score }, { min_score: 0.7 }));
  assertEquals(scored(0.7), "trusted mcp_trust_verified");
  assertEquals(scored(0.69999), "below_threshold mcp_trust_below_threshold");
  assertEquals(scored(null), "below_threshold mcp_trust_below_threshold");
  assertEquals(judged(decide({ score: -1 })), "trusted mcp_trust_verified");
});

Deno.test("trust: of several failures the first gives the status and all give their reasons", () => {
  const demand = { require_registry: true, max_age: "1h0m0s", min_score: 0.5, publisher_allowlist: ["acme"] };
  const all = decide({ status: "pending", score: 0.1 }, demand);
  assertEquals(all.status, "untrusted");
  assertEquals(all.reason_codes, [
    "mcp_trust_below_threshold",
    "mcp_trust_publisher_untrusted",
    "mcp_trust_registry_unverified",
    "mcp_trust_stale",
    "mcp_trust_status_untrusted",
  ]);
  assertEquals(decide({ publisher: "acme", score: 0.1 }, demand).status, "invalid");
});

Deno.test("trust: a call without a risk class demands none, whatever its intent says", () => {
  const bad = (risk: string) => {
    const { required, enforced, reason_codes } = decide({ status: "pending" }, {}, SHELF, risk);
    return [required, enforced, reason_codes.length];
  };
  for (const risk of ["high", " Critical ", "HIGH"]) assertEquals(bad(risk), [true, true, 1], risk);
  for (const risk of ["", " ", "low", "medium", "highest"]) assertEquals(bad(risk), [false, false, 1], risk);
  assertEquals([decide({}).required, decide({}).enforced], [true, false]);
  const state = trustSnapshotState(fail("file_missing", "Cannot read it"), "t");
  assertEquals(trustWarnings(state, "high"), ["Cannot read it"]);
  assertEquals(trustWarnings(state, " ").length, 2);
});

Deno.test("trust: a decision as a document, with the entry's words where there is one", () => {
  const entry = {
    server_id: " Shelf ",
    server_name: " The Shelf",
    publisher: " Acme ",
    source: "Registry",
    status: "Trusted",
    updated_at: "2026-03-14T09:00:00.5+01:00",
    score: 0.91,
    evidence_path: " evidence/shelf.json ",
  };
  const demand = { min_score: 0.5, max_age: "24h0m0s", publisher_allowlist: ["acme"] };
  assertEquals(writeShape(McpTrustShape, decide(entry, demand, server({ server_id: "SHELF", publisher: "liar" }))), {
    server_id: "Shelf",
    server_name: "The Shelf",
    publisher: "acme",
    source: "registry",
    status: "trusted",
    decision_source: "evidence/shelf.json",
    score: 0.91,
    threshold: 0.5,
    max_age_seconds: 86400,
    required: true,
    publisher_allowed: true,
    reason_codes: ["mcp_trust_verified"],
    updated_at: "2026-03-14T08:00:00.5Z",
  });
  const asked = server({ server_id: " Nope ", server_name: "n", publisher: " ACME", source: "Hub" });
  assertEquals(writeShape(McpTrustShape, decide({}, {}, asked, "low")), {
    server_id: "Nope",
    server_name: "n",
    publisher: "acme",
    source: "hub",
    status: "unknown",
    decision_source: "trust.json",
    reason_codes: ["mcp_trust_server_unknown"],
    updated_at: "0001-01-01T00:00:00Z",
  });
});

Deno.test("trust: a verdict is raised only where trust is demanded and not there", () => {
  for (const action of ["block", "require_approval"] as const) {
    const demand = { ...DEMAND, action };
    assertEquals(trustRuling(demand, decide({ status: "pending" })), {
      least: action,
      reason_codes: ["mcp_trust_status_untrusted"],
      violations: ["mcp_trust_policy"],
    });
    assertEquals(trustRuling(demand, decide({ status: "pending" }, {}, SHELF, "low")), {
      least: "allow",
      reason_codes: ["mcp_trust_status_untrusted"],
      violations: [],
    });
    assertEquals(trustRuling(demand, decide({})), { least: "allow", reason_codes: ["mcp_trust_verified"], violations: [] });
  }
});

Deno.test("trust: a demand is the section of the policy as it was read", () => {
  const text = "mcp_trust: {snapshot: s.json, max_age: 90m, publisher_allowlist: [ACME, other], action: Require_Approval}";
  const demand = assertOk(readPolicy(utf8(text), "p")).policy.mcp_trust;
  assert(demand !== undefined);
  const decision = decide({ publisher: "acme", updated_at: "2026-03-14T07:00:00Z" }, demand);
  assertEquals([judged(decision), trustRuling(demand, decision).least], ["stale mcp_trust_stale", "require_approval"]);
});

Deno.test("trust: snapshots that are none", () => {
  const entry = { server_id: "shelf" };
  const read = (bytes: Uint8Array) => readTrustSnapshot(bytes, "trust.json");
  assertEquals(assertOk(read(snapshot([]))).size, 0);
  assertEquals(assertOk(read(utf8("{}"))).size, 0);
  assertOk(read(snapshot([entry], { schema_id: " ", schema_version: "", unknown: 1 })));
  assertFault(read(utf8("{")), "json_syntax");
  assertFault(read(utf8("[]")), "document_shape");
  assertFault(read(utf8('{"entries":[],"entries":[]}')), "json_duplicate_key");
  assertFault(read(snapshot([entry], { schema_id: "gait.other" })), "document_kind");
  const version = assertFault(read(snapshot([entry], { schema_version: "2.0.0" })), "document_shape");
  assertEquals([version.at?.pointer, version.at?.line], ["/schema_version", 1]);
  const cases: readonly (readonly [readonly Json[], string])[] = [
    [[{ publisher: "x" }], "/entries/0"],
    [[{ server_id: " ", server_name: "" }], "/entries/0"],
    [[entry, { server_id: "SHELF " }], "/entries/1"],
    [[entry, { server_name: "Shelf" }], "/entries/1"],
    [[{ ...entry, score: "high" }], "/entries/0/score"],
    [[{ ...entry, updated_at: "yesterday" }], "/entries/0/updated_at"],
    [[{ ...entry, registry_verification: [] }], "/entries/0/registry_verification"],
    [[{ ...entry, registry_verification: { pin_present: "no" } }], "/entries/0/registry_verification/pin_present"],
    [["shelf"], "/entries/0"],
  ];
  for (const [entries, pointer] of cases) {
    const fault = assertFault(read(snapshot(entries)), "document_shape", JSON.stringify(entries));
    assertEquals([fault.at?.pointer, fault.at?.file], [pointer, "trust.json"]);
  }
});
