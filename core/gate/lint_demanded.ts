// What `fail_closed` demands of a call, put into an example that does not have it: it would be blocked before any rule is asked.
import type { JsonObject } from "../base/json.ts";
import { HIGH_RISK_FIELDS } from "../schema/gate_words.ts";
import type { Policy } from "./types.ts";

type HighRiskField = typeof HIGH_RISK_FIELDS[number];

const IN_CONTEXT: Readonly<Record<HighRiskField, string | number | JsonObject>> = {
  agent_id: "example.agent",
  agent_identity: { owner: "example.owner" },
  run_id: "example_run",
  workflow_id: "example_workflow",
  repo: "example/repo",
  environment: "example",
  credential_ref: "ref:example",
  credential_source: "vault_dynamic",
  credential_access_type: "jit",
  credential_issuer: "example",
  credential_ttl_seconds: 60,
  approval_ref: "ref:example",
  wrkr_inventory_ref: "ref:example",
  agent_action_bom_ref: "ref:example",
};

// Of what a call has to name. Evidence of a context is no part of a call, so that nothing can be shown of policies that demand it.
const IN_CALL: Readonly<Record<string, JsonObject>> = {
  targets: { targets: [{ kind: "path", value: "/example", endpoint_class: "fs.read" }] },
  arg_provenance: { arg_provenance: [{ arg_path: "example", source: "user" }] },
  delegation: { delegation: { requester_identity: "example.requester" } },
};

const isEmpty = (call: JsonObject, name: string): boolean => {
  const value = call[name];
  return value === undefined || (Array.isArray(value) && value.length === 0);
};

/** A request with what is demanded of it beside what it says. */
export function withDemanded(
  call: JsonObject & { readonly context: JsonObject },
  { enabled, risk_classes, required_fields, required_high_risk_fields }: Policy["fail_closed"],
): JsonObject {
  const { context } = call;
  if (!enabled || !risk_classes.some((word) => word === context["risk_class"])) return call;
  const missing = required_fields.filter((name) => isEmpty(call, name));
  const facts = HIGH_RISK_FIELDS.filter((name) => required_high_risk_fields.includes(name));
  return {
    ...call,
    ...Object.assign({}, ...missing.map((name) => IN_CALL[name] ?? {})),
    context: { ...Object.fromEntries(facts.map((name) => [name, IN_CONTEXT[name]])), ...context },
  };
}
