// Putting a proposed action contract into force (spec 03, section 9.4): the terms of an operator, and the artifact that is signed
// over them. It holds no time of its making: the same key and terms give the same artifact.
import { utf8 } from "../base/bytes.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { newKey } from "../base/keys.ts";
import { writeShape } from "../base/shape.ts";
import { signDigest, type SigningKey } from "../base/sign.ts";
import { trim, trimmedSet } from "../base/text.ts";
import { byTime, toUtc } from "../base/time.ts";
import {
  ACTIVATED_ID,
  type ActivatedContract,
  ActivatedContractShape,
  ACTIVATION_MODES,
} from "../schema/action_contract_activated.ts";
import { CONTRACT_ARTIFACT_VERSION, CONTRACT_VERSION, isPrefixedDigest } from "../schema/action_contract_parts.ts";
import { type Proposal, PROPOSAL_ID } from "../schema/action_contract_proposal.ts";
import { type ContractReason, sortedReasons } from "./contract_reasons.ts";
import type { JudgedProposal } from "./contract_validate.ts";

/** What an operator says; texts as given, blank where nothing was. */
export type ActivationTerms = {
  readonly policy_digest: string;
  readonly activating_principal: string;
  readonly authority_refs: readonly string[];
  readonly target: string;
  readonly environment: string;
  readonly activation_mode: string;
  readonly valid_from: string;
  readonly valid_until: string;
  readonly explicit_exceptions: readonly string[];
  /** Whether the well-known key may sign where no other is named. */
  readonly allow_development_signing: boolean;
};

type Mode = typeof ACTIVATION_MODES[number];
type Bound = Omit<ActivatedContract, "artifact_id" | "signature">;

/** The artifact as JSON, or why there is none. */
export type Activation =
  | { readonly activated: JsonObject }
  | { readonly activated: undefined; readonly reasons: readonly ContractReason[] };

const refused = (reasons: readonly ContractReason[]): Activation => ({ activated: undefined, reasons: sortedReasons(reasons) });

/** Activates a proposal, or says everything that is against it. */
export async function activate(
  crypto: Crypto,
  judged: JudgedProposal,
  terms: ActivationTerms,
  key: SigningKey | undefined,
): Promise<Activation> {
  const { proposal } = judged;
  const mode = modeOf(terms);
  const validity = validityOf(terms);
  const reasons = [...judged.reasons, ...against(judged, terms)];
  // Without these there is a reason; the types ask for the rest.
  if (reasons.length > 0 || proposal === undefined || mode === undefined || validity === undefined) return refused(reasons);
  const signer = key ?? (terms.allow_development_signing ? await developmentKey(crypto) : undefined);
  if (signer === undefined) return refused(["signing_key_required"]);
  return { activated: await sealed(crypto, bound(proposal, terms, mode, validity, key === undefined), signer) };
}

const modeOf = ({ activation_mode }: ActivationTerms): Mode | undefined =>
  ACTIVATION_MODES.find((mode) => mode === trim(activation_mode));

function validityOf({ valid_from, valid_until }: ActivationTerms): ActivatedContract["validity"] | undefined {
  const not_before = toUtc(trim(valid_from));
  if (not_before === undefined) return undefined;
  if (trim(valid_until) === "") return { not_before, not_after: undefined };
  const not_after = toUtc(trim(valid_until));
  return not_after !== undefined && byTime(not_after, not_before) > 0 ? { not_before, not_after } : undefined;
}

const DEVELOPMENT = ["development", "test"];

function against({ reasons }: JudgedProposal, terms: ActivationTerms): readonly ContractReason[] {
  const mode = trim(terms.activation_mode);
  const isDevelopment = DEVELOPMENT.includes(trim(terms.environment));
  const all: readonly (readonly [boolean, ContractReason])[] = [
    [modeOf(terms) === undefined, "activation_mode_unsupported"],
    [!isPrefixedDigest(trim(terms.policy_digest)), "policy_digest_missing"],
    [trim(terms.activating_principal) === "", "activating_principal_missing"],
    [trimmedSet(terms.authority_refs).length === 0, "authority_refs_missing"],
    [trim(terms.target) === "", "target_missing"],
    [trim(terms.environment) === "", "environment_missing"],
    [validityOf(terms) === undefined, "validity_invalid"],
    [terms.allow_development_signing && !isDevelopment, "development_signing_forbidden"],
    [reasons.length > 0 && mode !== "context_only", "authorization_required"],
  ];
  return all.flatMap(([holds, reason]) => holds ? [reason] : []);
}

const bound = (
  proposal: Proposal,
  terms: ActivationTerms,
  activation_mode: Mode,
  validity: ActivatedContract["validity"],
  development_signing: boolean,
): Bound => ({
  schema_id: ACTIVATED_ID,
  schema_version: CONTRACT_ARTIFACT_VERSION,
  contract_id: proposal.contract_id,
  contract_family_id: proposal.contract_family_id,
  revision: proposal.revision,
  producer: {
    name: "gait",
    artifact_schema_version: CONTRACT_ARTIFACT_VERSION,
    contract_schema_version: CONTRACT_ARTIFACT_VERSION,
  },
  proposal: boundProposal(proposal),
  policy_digest: trim(terms.policy_digest),
  activating_principal: trim(terms.activating_principal),
  authority_refs: trimmedSet(terms.authority_refs),
  target: trim(terms.target),
  environment: trim(terms.environment),
  activation_mode,
  validity,
  explicit_exceptions: trimmedSet(terms.explicit_exceptions),
  report_only: false,
  development_signing,
});

/** How an activation names the proposal that it is bound to. */
export const boundProposal = (proposal: Proposal): ActivatedContract["proposal"] => ({
  artifact_id: proposal.artifact_id,
  canonical_content_digest: proposal.canonical_content_digest,
  contract_id: proposal.contract_id,
  contract_family_id: proposal.contract_family_id,
  revision: proposal.revision,
  schema_id: PROPOSAL_ID,
  schema_version: CONTRACT_ARTIFACT_VERSION,
  contract_schema_version: CONTRACT_VERSION,
});

/** What the signature of an activation stands over, hex: every member but its id and the signature, which are there and blank. */
export const activationDigest = (crypto: Crypto, activated: JsonObject): string =>
  digestOf(crypto, { ...activated, artifact_id: "", signature: { alg: "", key_id: "", sig: "" } });

/** The id of an activation, from that digest. */
export const activationId = (digest: string): string => `gact-${digest.slice(0, 16)}`;

const UNSIGNED = { alg: "ed25519", key_id: "", sig: "", signed_digest: "" } as const;

async function sealed(crypto: Crypto, content: Bound, key: SigningKey): Promise<JsonObject> {
  const blank = { ...content, artifact_id: "", signature: UNSIGNED };
  const digest = activationDigest(crypto, writeShape(ActivatedContractShape, blank));
  const signature = { ...await signDigest(crypto, key, digest), alg: "ed25519" } as const;
  return writeShape(ActivatedContractShape, { ...blank, artifact_id: activationId(digest), signature });
}

/** The key that everybody knows, for trying things out: what it signs says so. */
export const developmentKey = (crypto: Crypto): Promise<SigningKey> =>
  newKey(crypto, crypto.sha256(utf8("gait-action-contract-activation-development-key-v1")));
