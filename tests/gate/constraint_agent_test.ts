// Which agent may call: each condition alone, then the ones that a rule without conditions must not have.
import type { JsonObject } from "../../core/base/json.ts";
import { type Row, rows, ruled, type Said } from "./decide.ts";
import { inContext } from "./intents.ts";

const OK: Said = ["allow", "ok", ""];
const failed = (code: string, violation = code): Said => ["block", `${code} ok`, violation];

const AGENT = {
  lifecycle_states: ["active", "approved"],
  owner: "ann",
  manifest_digest: "ab".repeat(32),
  publisher: "Acme",
  source: "git",
  expires_at: "2026-03-14T09:30:01Z",
};

const by = (agent: JsonObject | undefined, agent_id = "a1") =>
  inContext(agent === undefined ? { agent_id } : { agent_id, agent_identity: { ...AGENT, ...agent } });

const one = (field: string, value: JsonObject[string], table: readonly Row[]): void =>
  rows(`agent: ${field}`, ruled({ [field]: value }), table);

const REVOKED: Row = ["revoked", by({ revoked: true }), failed("agent_revoked")];

one("require_declared_agent", true, [
  ["declared", by({}), OK],
  ["without identity", by(undefined), failed("agent_unknown", "agent_identity_missing")],
  ["without id", by({}, ""), failed("agent_unknown", "agent_identity_missing")],
  REVOKED,
]);
one("allowed_agent_ids", ["a1"], [
  ["listed", by(undefined), OK],
  ["not listed", by(undefined, "a2"), failed("agent_unknown", "agent_not_declared")],
  ["another letter case", by(undefined, "A1"), failed("agent_unknown", "agent_not_declared")],
  ["absent", inContext({}), failed("agent_unknown", "agent_not_declared")],
  REVOKED,
]);
one("denied_agent_ids", ["a1"], [
  ["listed", by(undefined), failed("agent_revoked")],
  ["not listed", by(undefined, "a2"), OK],
  ["absent", inContext({}), OK],
  ["revoked", by({ revoked: true }, "a2"), failed("agent_revoked")],
]);
one("require_agent_owner", true, [
  ["owned", by({}), OK],
  ["not owned", by({ owner: "" }), failed("agent_owner_missing")],
  ["no identity", by(undefined), failed("agent_owner_missing")],
  REVOKED,
]);
one("required_agent_lifecycle_states", ["Active", "approved"], [
  ["all there", by({}), OK],
  ["one is not", by({ lifecycle_states: ["active"] }), failed("agent_lifecycle_state_invalid")],
  ["another letter case", by({ lifecycle_states: ["Active", "approved"] }), failed("agent_lifecycle_state_invalid")],
  REVOKED,
]);
one("require_unexpired_agent", true, [
  ["ahead", by({}), OK],
  ["reached", by({ expires_at: "2026-03-14T09:30:00Z" }), failed("agent_expired")],
  ["ahead by a nanosecond", by({ expires_at: "2026-03-14T09:30:00.000000001Z" }), OK],
  ["in another zone", by({ expires_at: "2026-03-14T10:30:00.5+01:00" }), OK],
  ["never said", by({ expires_at: "0001-01-01T00:00:00Z" }), failed("agent_expired")],
  ["no identity", by(undefined), failed("agent_expired")],
  REVOKED,
]);
one("required_agent_manifest_digest", "AB".repeat(32), [
  ["the same", by({}), OK],
  ["another", by({ manifest_digest: "cd".repeat(32) }), failed("agent_manifest_mismatch")],
  ["none", by({ manifest_digest: "" }), failed("agent_manifest_mismatch")],
  ["no identity", by(undefined), failed("agent_manifest_mismatch")],
  REVOKED,
]);
one("allowed_agent_manifest_publishers", ["ACME"], [
  ["listed", by({}), OK],
  ["not listed", by({ publisher: "other" }), failed("agent_manifest_mismatch")],
  ["no identity", by(undefined), failed("agent_manifest_mismatch")],
  REVOKED,
]);
one("allowed_agent_manifest_sources", ["Git"], [
  ["listed", by({ source: "GIT" }), OK],
  ["not listed", by({ source: "zip" }), failed("agent_manifest_mismatch")],
  ["no identity", by(undefined), failed("agent_manifest_mismatch")],
  REVOKED,
]);
one("violations", [], [[
  "a rule without conditions does not look at the agent",
  by({ revoked: true, expires_at: "2011-01-01T00:00:00Z" }),
  OK,
]]);
