// What `fail_closed` demands of a call, put into an example that does not have it: it would be blocked before any rule is asked.
import type { JsonObject } from "../base/json.ts";
import { exampleFact } from "./demanded_facts.ts";
import type { Policy } from "./types.ts";

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
  return {
    ...call,
    ...Object.assign({}, ...missing.map((name) => IN_CALL[name] ?? {})),
    context: { ...Object.fromEntries(required_high_risk_fields.map((name) => [name, exampleFact(name)])), ...context },
  };
}
