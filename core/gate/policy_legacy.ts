// The fields of an older proposal for policies (spec 02, section 2.1): refused by name, each with what took its place.
import type { JsonObject } from "../base/json.ts";
import { quoted } from "../base/json_words.ts";

type Field = { readonly field: string; readonly fields: readonly string[]; readonly note?: string };

// In the order in which they are told.
const FIELDS: readonly Field[] = [
  { field: "version", fields: ["schema_id", "schema_version"] },
  { field: "name", fields: [], note: "A policy has no name of its own; the file name tells it" },
  { field: "boundaries", fields: ["rules", "mcp_trust"] },
  { field: "defaults", fields: ["default_verdict", "fail_closed"] },
  { field: "trust_sources", fields: ["mcp_trust.snapshot"] },
  { field: "unknown_server", fields: ["mcp_trust.action"] },
];

/** Those of `names` that are such fields, in the order in which they are told. */
export const legacyFields = (names: readonly string[]): readonly string[] =>
  FIELDS.map(({ field }) => field).filter((field) => names.includes(field));

/** What to write instead. */
export const legacyWords = (name: string): string => {
  const fields = FIELDS.find(({ field }) => field === name)?.fields ?? [];
  return fields.length === 0 ? "leave it out" : `use ${fields.map((field) => quoted(field)).join(" and ")}`;
};

/** The `migration` member of the error, for these fields. */
export const migrationOf = (names: readonly string[]): JsonObject => ({
  kind: "policy_fields",
  deprecated_fields: names,
  field_replacements: FIELDS.filter(({ field }) => names.includes(field)).map(({ field, fields, note }) => ({
    field,
    ...(fields.length === 0 ? {} : { replacement_fields: fields }),
    ...(note === undefined ? {} : { note }),
  })),
});
