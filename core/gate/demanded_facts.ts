// Examples of the facts that `fail_closed` may demand of a context: for calls that lint shows and for changes that `--why` suggests.
import type { Json } from "../base/json.ts";

const FACTS: Readonly<Record<string, Json>> = {
  agent_identity: {},
  credential_source: "vault_dynamic",
  credential_access_type: "jit",
  credential_ttl_seconds: 60,
};

/** A value that a demanded field of the context may have. */
export const exampleFact = (field: string): Json => FACTS[field] ?? `example-${field}`;
