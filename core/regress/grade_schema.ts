// Grader `schema_validation` (spec 06, section 4.1): whether the recorded run holds and is of the formats that are known. Commands
// refuse one that does not hold before they grade; callers of the library may not.
import type { FaultCode } from "../base/errors.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { MANIFEST_ID } from "../schema/manifest.ts";
import { INTENT_ID, REFS_ID, RESULT_ID, RUN_ID } from "../schema/runpack.ts";
import type { GradedRun, GradeEvidence, Grader, Opinion, SourceRun } from "./evidence.ts";
import type { ReasonCode } from "./reasons.ts";

type Headed = { readonly schema_id: string; readonly schema_version: string };

const isOther = ({ schema_id, schema_version }: Headed, id: string): boolean =>
  schema_id !== id || schema_version !== VERSION_1;

function schemaCodes({ manifest, records: { run, intents, results, refs } }: GradedRun): readonly ReasonCode[] {
  const found: readonly (readonly [ReasonCode, boolean])[] = [
    ["intent_schema_invalid", intents.some((intent) => isOther(intent, INTENT_ID))],
    ["manifest_schema_invalid", isOther(manifest, MANIFEST_ID)],
    ["refs_schema_invalid", isOther(refs, REFS_ID)],
    ["result_schema_invalid", results.some((result) => isOther(result, RESULT_ID))],
    ["run_schema_invalid", isOther(run, RUN_ID)],
  ];
  return found.filter(([, other]) => other).map(([code]) => code);
}

const PARSING: readonly FaultCode[] = [
  "document_shape",
  "json_duplicate_key",
  "json_number_range",
  "json_syntax",
  "json_too_deep",
  "json_too_large",
  "run_invalid",
  "text_encoding",
];

function damageCodes({ fault, missing_files, hash_mismatches }: Extract<SourceRun, { ok: false }>): readonly ReasonCode[] {
  const codes: ReasonCode[] = [
    ...(hash_mismatches.length === 0 ? [] : ["hash_mismatch" as const]),
    ...(missing_files.length === 0 ? [] : ["missing_files" as const]),
  ];
  if (PARSING.includes(fault.code)) return [...codes, "runpack_parse_error"];
  return codes.length === 0 ? ["schema_validation_error"] : codes;
}

/** The grader. */
export const SCHEMA_VALIDATION: Grader = {
  name: "schema_validation",
  deterministic: true,
  grade({ source }: GradeEvidence): Opinion {
    if (!source.ok) {
      const { missing_files, hash_mismatches, fault } = source;
      const details = { missing_files, hash_mismatches: hash_mismatches.length, error: fault.message };
      return { pass: false, reason_codes: damageCodes(source), details };
    }
    const { intents, results, refs } = source.run.records;
    const reason_codes = schemaCodes(source.run);
    const details = {
      missing_files: [],
      hash_mismatches: 0,
      intent_records: intents.length,
      result_records: results.length,
      reference_receipts: refs.receipts.length,
    };
    return { pass: reason_codes.length === 0, reason_codes, details };
  },
};
