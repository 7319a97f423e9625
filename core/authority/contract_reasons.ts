// Why a proposed or activated action contract is refused (spec 03, sections 9.3 and 9.4): the closed vocabulary, each with its words.
import { byBytes } from "../base/text.ts";

const WORDS = {
  // Selecting and reading
  ambiguous_selection: "more than one file is named",
  explicit_selection_required: "no file is named",
  evaluation_time_invalid: "the evaluation time is no RFC 3339 time",
  artifact_malformed:
    "it cannot be read: broken JSON, a member that is not known or of another type, or an expiry that is no time",
  schema_validation_failed: "a member is missing or has a value that its format does not allow",
  // The proposal
  source_refs_missing: "it names no scan that it comes from",
  composition_ref_missing: "it names no composition that it is about",
  evidence_refs_missing: "it names nothing that shows how it was made",
  contract_family_id_missing: "it has no id of a contract family",
  revision_identity_mismatch: "artifact and contract name different contracts, families or revisions",
  contract_identity_mismatch: "an id does not follow from what it names",
  revision_reactivation_required: "it is a later revision and does not say what it supersedes",
  canonical_digest_mismatch: "its content is not what its digest or signature stands over",
  contract_digest_mismatch: "its contract is not what the contract's digest stands over",
  proposal_stale: "an observation of it is not fresh, or it has expired",
  proposal_superseded: "another revision has taken its place",
  proposal_contradictory: "it is blocked by a contradiction",
  // The selection manifest
  selection_evidence_required: "no selection manifest lists it",
  selection_mismatch: "the selection manifest is of another form, leaves its folder, meets a link, or lists another artifact",
  selection_ambiguous: "the selection manifest lists it more than once",
  selection_not_current: "the selection manifest does not have it as the current revision",
  // The activation
  activation_mode_unsupported: "the mode is none of context_only, enforce_floor and required",
  policy_digest_missing: 'the policy digest is not "sha256:" and 64 lowercase hexadecimal digits',
  activating_principal_missing: "nobody is named who activates it",
  authority_refs_missing: "nothing is named that gives the right to",
  target_missing: "no target is named",
  environment_missing: "no environment is named",
  validity_invalid: "it has no span of time that begins before it ends",
  authorization_required: "an unsound proposal cannot be put into force",
  signing_key_required: "no key to sign with is named",
  development_signing_forbidden: "the key of development is for the environments development and test only",
  // Verifying
  development_signing_unverified: "anybody can sign with the key of development",
  proposal_binding_mismatch: "it is bound to another proposal",
  activation_not_yet_valid: "its time has not come",
  activation_expired: "its time is over",
} as const;

/** A reason by its stable name; a constraint that gait does not know is named in it. */
export type ContractReason = keyof typeof WORDS | `constraint_unsupported:${string}`;

const knows = (reason: string): reason is keyof typeof WORDS => Object.hasOwn(WORDS, reason);

/** All of them but those that name a constraint. */
export const CONTRACT_REASONS: readonly ContractReason[] = Object.keys(WORDS).filter(knows);

/** A reason and its words. */
export const reasonLine = (reason: ContractReason): string =>
  `${reason}: ${knows(reason) ? WORDS[reason] : "gait does not know such a constraint"}`;

/** Reasons as they are told: each once, in byte order. */
export const sortedReasons = (reasons: readonly ContractReason[]): readonly ContractReason[] =>
  [...new Set(reasons)].sort(byBytes);
