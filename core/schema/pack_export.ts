// What others are told of a pack (spec 04, section 6): one record, whatever form it then takes.
import { decimal, filled, type Infer, integer, listOf, object, oneOf, text, time, truth } from "../base/shape.ts";

import { fixedHead } from "./heading.ts";

export const PACK_ATTESTATION_ID = "gait.pack.attestation";

/** The type of predicate that a statement about a pack has: a name of ours, with its version. */
export const PACK_PREDICATE = "https://gait.dev/attestations/pack/v1";

const about = {
  pack_id: text("Id of the pack; of a bare runpack its manifest digest"),
  pack_type: text("What it is about"),
  source_ref: text("Id of the run, job, call or trace that it is about"),
  manifest_digest: text("SHA-256 of the manifest's bytes, signatures included"),
};

const found = {
  files_checked: integer("Declared entries"),
  hash_mismatches: integer("Entries whose content is not what was declared"),
  missing_files: integer("Declared entries that are not there"),
  undeclared_files: integer("Entries that nothing declares"),
  signature_status: oneOf(["missing", "skipped", "verified", "failed"], "What came of the pack's own signatures"),
  signatures_total: integer("How many it has"),
  signatures_valid: integer("How many of them are good"),
};

const metrics = object("What the calls in it came to", () => ({
  tool_calls_total: integer("Results, or calls when there are none"),
  tool_calls_success: integer("Results with status ok"),
  tool_calls_success_rate: decimal("The one divided by the other, 0 without calls"),
  policy_blocked: integer("Results with verdict block"),
  approval_required: integer("Results that wait for an approval"),
  regress_failures: integer("Results that tell of a failed regression"),
}));

export const PackExportShape = object("What is exported of a pack", () => ({
  ...about,
  ...found,
  created_at: time("That of the manifest; of a bare runpack that of its run"),
  metrics,
}));

export const PackAttestationShape = object("What a signed statement says of a pack: the predicate of its in-toto form", () => ({
  ...fixedHead(PACK_ATTESTATION_ID),
  producer_version: text("Version of the program that made the statement"),
  ...about,
  created_at: time("That of the manifest; of a bare runpack that of its run"),
  integrity_ok: truth("Whether the pack held when the statement was made"),
  signer_key_ids: filled(listOf(text("Id of a key"), "Whose signatures the pack carries, sorted")),
  ...found,
  metrics,
  verdicts: listOf(
    object(
      "One verdict",
      () => ({ verdict: text("allow, block, dry_run or require_approval"), count: integer("How often it fell") }),
    ),
    "The verdicts that the pack tells of, sorted",
  ),
}));

export type PackExport = Infer<typeof PackExportShape>;
export type PackAttestation = Infer<typeof PackAttestationShape>;
