// Scripts that somebody approved in advance (spec 03, section 5.2): an entry is signed, their registry is a file of entries.
import { filled, given, type Infer, label, listOf, object, present, term, termSet, text, time } from "../base/shape.ts";
import { SignatureShape } from "./signature.ts";

export const APPROVED_SCRIPT_ID = "gait.gate.approved_script_entry";

/** Why a script that was approved in advance goes ahead: its reason code, and what a registry says of it. */
export const PRE_APPROVED = "approved_script_match";

export const ApprovedScriptShape = object("The signed approval of one exact script", () => ({
  schema_id: label(`Always ${APPROVED_SCRIPT_ID}`),
  schema_version: label("Always 1.0.0"),
  created_at: time("When it was given"),
  producer_version: text("Version of the program that made it"),
  pattern_id: label("Its name; a registry has one entry of a name"),
  policy_digest: term("Digest of the policy under which it counts"),
  script_hash: term("Digest of the steps"),
  tool_sequence: listOf(
    given(term("A tool")),
    "The tools of the steps in their order; older entries have them as a sorted set",
  ),
  approver_identity: label("Who approves"),
  scope: filled(
    termSet("What has to hold of the call: risk:, tool:, workspace_prefix: or endpoint: and a word; none always holds"),
  ),
  expires_at: time("When it ends"),
  signature: present(SignatureShape),
}));

export const ApprovedScriptsShape = object("The scripts that are approved; a list of entries alone is one too", () => ({
  entries: listOf(ApprovedScriptShape, "The entries, sorted by name, then by the time at which they were given"),
}));

/** An entry. */
export type ApprovedScript = Infer<typeof ApprovedScriptShape>;
