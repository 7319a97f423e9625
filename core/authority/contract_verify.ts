// Whether an activated action contract is in force for a proposal (spec 03, section 9.4): the first check that fails is told.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { fitShape } from "../base/shape.ts";
import { checkSignature, type VerifyKey } from "../base/sign.ts";
import { byTime, canonicalTime } from "../base/time.ts";
import { type ActivatedContract, ActivatedContractShape } from "../schema/action_contract_activated.ts";
import { activationDigest, activationId, boundProposal, developmentKey } from "./contract_activate.ts";
import type { ContractReason } from "./contract_reasons.ts";
import type { JudgedProposal } from "./contract_validate.ts";

/** What an activation is verified against. */
export type Expected = {
  readonly judged: JudgedProposal;
  readonly key: VerifyKey;
  /** The moment, a canonical time. */
  readonly now: string;
  /** Whether an activation that the key of development signed may pass. */
  readonly allow_development_signing: boolean;
};

/** Why an activation does not hold: reasons, none when it was signed by another key, and what was found in words. */
export type ActivationFailure = { readonly reasons: readonly ContractReason[]; readonly words: string };

const failure = (reason: ContractReason, words: string): ActivationFailure => ({ reasons: [reason], words });

/** The first thing that is wrong with an activation as it was read, or undefined when it holds. */
export async function activationFailure(
  crypto: Crypto,
  raw: JsonObject,
  expected: Expected,
): Promise<ActivationFailure | undefined> {
  const { judged } = expected;
  if (judged.reasons.length > 0) return { reasons: judged.reasons, words: judged.misfit ?? "the proposal is not sound" };
  const read = fitShape(ActivatedContractShape, raw);
  if (!read.ok) return failure("schema_validation_failed", `member "${read.misfit.pointer}" ${read.misfit.wanted}`);
  const activated = read.value;
  // An activation that hides by which key it was signed is no better than one that says so.
  const development = activated.development_signing || expected.key.keyId === (await developmentKey(crypto)).keyId;
  if (development && !expected.allow_development_signing) {
    return failure("development_signing_unverified", "the key of development signed it, which everybody has");
  }
  if (!isBoundTo(activated, judged)) return failure("proposal_binding_mismatch", "it is bound to another proposal");
  return timeFailure(activated, expected.now) ?? await signatureFailure(crypto, raw, activated, expected.key);
}

function isBoundTo(activated: ActivatedContract, { proposal }: JudgedProposal): boolean {
  if (proposal === undefined) return false;
  const { contract_id, contract_family_id, revision } = proposal;
  const wanted = Object.entries(boundProposal(proposal));
  return activated.contract_id === contract_id && activated.contract_family_id === contract_family_id &&
    activated.revision === revision && wanted.every(([name, value]) => Reflect.get(activated.proposal, name) === value);
}

function timeFailure({ validity }: ActivatedContract, now: string): ActivationFailure | undefined {
  const from = canonicalTime(validity.not_before);
  const end = validity.not_after === undefined ? undefined : canonicalTime(validity.not_after);
  const endless = validity.not_after === undefined;
  if (from === undefined || !endless && (end === undefined || byTime(end, from) <= 0)) {
    return failure("validity_invalid", "it has no span of time that begins before it ends");
  }
  if (byTime(now, from) < 0) return failure("activation_not_yet_valid", `it holds from ${from} on`);
  return end !== undefined && byTime(now, end) >= 0 ? failure("activation_expired", `it held until ${end}`) : undefined;
}

async function signatureFailure(
  crypto: Crypto,
  raw: JsonObject,
  { signature, artifact_id }: ActivatedContract,
  key: VerifyKey,
): Promise<ActivationFailure | undefined> {
  const digest = activationDigest(crypto, raw);
  const defect = await checkSignature(crypto, key, signature, digest);
  if (defect?.name === "key_id_differs") return { reasons: [], words: defect.message };
  if (defect !== undefined) return failure("canonical_digest_mismatch", defect.message);
  const id = activationId(digest);
  return artifact_id === id ? undefined : failure("contract_identity_mismatch", `its id must be "${id}"`);
}
