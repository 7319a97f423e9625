// A policy from the bytes of its file: strict YAML or JSON.
import type { Result } from "../base/result.ts";
import { readYaml } from "../base/yaml.ts";
import { type LoadedPolicy, policyFrom } from "./policy_source.ts";

export { type LoadedPolicy, placeOf } from "./policy_source.ts";

/**
 * Reads a policy. `what` names its file in messages. An empty text is the empty policy. Faults: `text_encoding`, `yaml_syntax`,
 * `yaml_duplicate_key`, `yaml_too_large`, and those of `policyFrom`.
 */
export function readPolicy(bytes: Uint8Array, what: string): Result<LoadedPolicy> {
  const source = readYaml(bytes, `policy "${what}"`);
  return source.ok ? policyFrom(source.value, what) : source;
}
