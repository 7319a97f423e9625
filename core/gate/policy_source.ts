// A policy from the tree of its text (spec 02, sections 2.1 to 2.3): known fields only, then normalized. Every fault has the line and
// column of what it is about.
import { quoted } from "../base/json_words.ts";
import { fail, type Fault, ok, type Place, type Result } from "../base/result.ts";
import { readYamlShape } from "../base/yaml_shape.ts";
import { placeOf, placeOfKey, type YamlMapping, type YamlSource } from "../base/yaml_tree.ts";
import { PolicyShape, type WrittenPolicy } from "../schema/policy.ts";
import { legacyFields, legacyWords, migrationOf } from "./policy_legacy.ts";
import { normalOf } from "./policy_normal.ts";
import type { Policy } from "./types.ts";

export { placeOf } from "../base/yaml_tree.ts";

/** A policy, and the text that it came from: for places and what else normalizing leaves behind. */
export type LoadedPolicy = { readonly policy: Policy; readonly source: YamlSource };

/**
 * The policy that a text says. `what` names its file in messages. Faults: `policy_legacy` for fields of an older proposal, before any
 * other field is looked at; `policy_shape` for unknown fields, wrong types and values, and what does not hold together.
 */
export function policyFrom(source: YamlSource, what: string): Result<LoadedPolicy> {
  const legacy = source.root === undefined ? undefined : legacyFault(source, source.root, what);
  if (legacy !== undefined) return { ok: false, fault: legacy };
  const written = readWritten(source, what);
  if (!written.ok) return written;
  const normal = normalOf(written.value);
  if (normal.ok) return ok({ policy: normal.policy, source });
  return fault(what, placeOf(source, normal.flaw.pointer), normal.flaw.words);
}

// The policy as its author wrote it, not yet normalized.
function readWritten(source: YamlSource, what: string): Result<WrittenPolicy> {
  const written = readYamlShape(PolicyShape, source.root ?? EMPTY);
  if (written.ok) return written;
  const { pointer, at, words } = written.misfit;
  return fault(what, at === "key" ? placeOfKey(source, pointer) : placeOf(source, pointer), words);
}

const EMPTY: YamlMapping = {
  kind: "mapping",
  flow: false,
  members: [],
  from: 0,
  to: 0,
  anchor: "",
  alias: "",
};

const message = (what: string, { line, column }: Place, words: string): string =>
  `Cannot read policy "${what}": line ${line}, column ${column}: ${words}`;

const fault = (what: string, at: Place, words: string): Result<never> => fail("policy_shape", message(what, at, words), at);

function legacyFault(source: YamlSource, root: YamlMapping, what: string): Fault | undefined {
  const found = legacyFields(root.members.map(({ key }) => key.text));
  const first = root.members.find(({ key }) => found.includes(key.text))?.key.text;
  if (first === undefined) return undefined;
  const at = placeOfKey(source, `/${first}`);
  const words = `field ${quoted(first)} belongs to an older form of policies, ${legacyWords(first)}`;
  return { code: "policy_legacy", message: message(what, at, words), at, details: { migration: migrationOf(found) } };
}
