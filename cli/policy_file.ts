// Policies as files: reading one, for every command that takes one.
import { located, ok, type Result } from "../core/base/result.ts";
import { MAX_YAML_BYTES } from "../core/base/yaml_text.ts";
import { type LoadedPolicy, policyFrom } from "../core/gate/policy_source.ts";
import type { Files } from "../core/ports.ts";
import { yamlSource } from "./yaml_source.ts";

/** A policy, and the bytes that it was read from. */
export type PolicyFile = LoadedPolicy & { readonly bytes: Uint8Array };

/** Reads the policy at a path. The faults are those of reading a file and of `readPolicy`, each with the file. */
export async function loadPolicy(path: string, files: Pick<Files, "read">): Promise<Result<PolicyFile>> {
  const bytes = await files.read(path, MAX_YAML_BYTES);
  if (!bytes.ok) return bytes;
  const read = await policyOf(bytes.value, path);
  return read.ok ? ok({ ...read.value, bytes: bytes.value }) : { ok: false, fault: located(read.fault, { file: path }) };
}

/** What `readPolicy` does, but that the package for unusual YAML is loaded only where it is needed. */
export async function policyOf(bytes: Uint8Array, path: string): Promise<Result<LoadedPolicy>> {
  const source = await yamlSource(bytes, `policy "${path}"`);
  return source.ok ? policyFrom(source.value, path) : source;
}
