// What `gait contract consume` prints in every case (spec 03, section 9.4): that gait has read a proposal, and what it made of it.
import { constant, filled, type Infer, integer, listOf, listOrNull, oneOf, strict, text } from "../base/shape.ts";
import { fixed, flag, notEmptyText } from "../base/shape_rules.ts";
import { prefixedDigest, word } from "./action_contract_parts.ts";

const set = (doc: string) => listOrNull(word("One of them"), doc);

export const SupportedConstraintsShape = strict(
  "Which constraints of a contract gait knows; null where it did not look",
  () => ({
    target_constraint_keys: set("Known keys of target constraints"),
    precondition_kinds: set("Kinds of preconditions"),
    authority_kinds: set("Kinds of authority requirements"),
    unsupported: filled(listOf(word("One of them"), "Constraints that it does not know")),
  }),
);

/** Which constraints of a contract gait knows. */
export type SupportedConstraints = Infer<typeof SupportedConstraintsShape>;

export const ConsumerReceiptShape = strict("That gait has read a proposed action contract, and what it made of it", () => ({
  consumer: constant("gait", "Who read it"),
  version: notEmptyText(text("Version of the program")),
  scenario_id: notEmptyText(text("Which scenario of the selection")),
  artifact_sha256: prefixedDigest("Digest of the bytes of the file"),
  status: oneOf(["pass", "reject", "dependency_missing"], "Whether it can be worked with"),
  self_attestation: fixed(false, "Gait does not vouch for itself"),
  proposal_artifact_id: filled(text("Id of the artifact")),
  contract_id: filled(text("Id of its contract")),
  contract_family_id: filled(text("Id of all revisions of the contract")),
  revision: filled(integer("Which revision")),
  resolution_key: filled(text("What tells it from others of the composition")),
  schema_versions: strict("Versions of the forms that gait reads", () => ({
    artifact: word("Of the artifact"),
    contract: word("Of the contract"),
  })),
  supported_constraints: SupportedConstraintsShape,
  semantic_result: strict("What gait made of it", () => ({
    proposal_valid: flag("Whether it is sound"),
    activation_ready: flag("Whether it could be activated now"),
    reason_codes: filled(listOf(word("One of them"), "Why not")),
    execution_claim: fixed(false, "Nothing was executed"),
    effect_claim: fixed(false, "Nothing was brought about"),
  })),
}));

/** A consumer receipt. */
export type ConsumerReceipt = Infer<typeof ConsumerReceiptShape>;
