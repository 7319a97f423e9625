// Delegation tokens (spec 03, section 4): minted for one hop, and judged against the hop that they are to prove.
import { type Document, readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { pointersBeside } from "../base/shape_beside.ts";
import type { VerifyKey } from "../base/sign.ts";
import { DELEGATION_TOKEN_ID, type DelegationToken, DelegationTokenShape } from "../schema/delegation_token.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { hasHeading, hasTimes, isDigestOrNone, isOver, signatureFailure, TOKEN_LIMIT, tokenId, utcSpelling } from "./token.ts";

/** What a delegator grants; normalized. */
export type DelegationTerms = Omit<DelegationToken, "schema_id" | "schema_version" | "token_id" | "signature">;

/** The token for these terms, not yet signed. */
export function delegationToken(crypto: Crypto, terms: DelegationTerms): DelegationToken {
  const token_id = tokenId(crypto, [
    terms.delegator_identity,
    terms.delegate_identity,
    terms.scope.join(","),
    terms.scope_class,
    terms.intent_digest,
    terms.policy_digest,
    utcSpelling(terms.expires_at),
  ]);
  return { ...terms, schema_id: DELEGATION_TOKEN_ID, schema_version: VERSION_1, token_id, signature: undefined };
}

/** A token as read, and the pointers of what stands in it beside the known members: no signature covers that. */
export type ReadDelegation = { readonly token: DelegationToken; readonly uncovered: readonly string[] };

const documentIn = (bytes: Uint8Array, what: string): Result<Document<DelegationToken>> =>
  readDocument(DelegationTokenShape, bytes, what, { file: what }, { maxBytes: TOKEN_LIMIT });

/** Reads a token file. Faults of the JSON reader and `document_shape`. */
export function readShownDelegation(bytes: Uint8Array, what: string): Result<ReadDelegation> {
  const read = documentIn(bytes, what);
  if (!read.ok) return read;
  const { value, raw } = read.value;
  return ok({ token: withHeading(value), uncovered: pointersBeside(DelegationTokenShape, raw) });
}

/** The same, of the token alone: a decision does not look for the rest. */
export function readDelegation(bytes: Uint8Array, what: string): Result<DelegationToken> {
  const read = documentIn(bytes, what);
  return read.ok ? ok(withHeading(read.value.value)) : read;
}

// A blank header reads as the default, and the signature stands over that.
const withHeading = (token: DelegationToken): DelegationToken => ({
  ...token,
  schema_id: token.schema_id || DELEGATION_TOKEN_ID,
  schema_version: token.schema_version || VERSION_1,
});

/** What a token has to prove; an undefined or empty part is not asked for. */
export type DelegatedHop = {
  readonly delegator?: string;
  readonly delegate?: string;
  /** One of them has to be in the scope of the token, or be its class. */
  readonly scopes: readonly string[];
  readonly intent_digest: string;
  readonly policy_digest: string;
};

/** Why a token does not prove a hop. */
export type DelegationFailure = `delegation_token_${
  | "invalid"
  | "signature_missing"
  | "signature_invalid"
  | "expired"
  | "delegator_mismatch"
  | "delegate_mismatch"
  | "intent_mismatch"
  | "policy_mismatch"
  | "scope_mismatch"}`;

const isWhole = (token: DelegationToken): boolean =>
  hasHeading(token, DELEGATION_TOKEN_ID) && hasTimes(token) && token.scope.length > 0 &&
  [token.token_id, token.delegator_identity, token.delegate_identity].every((text) => text !== "") &&
  isDigestOrNone(token.intent_digest) && isDigestOrNone(token.policy_digest);

const differs = (wanted: string | undefined, found: string): boolean => wanted !== undefined && wanted !== found;

// A token that is bound to nothing fits everything; a call that is not known binds nothing.
const bindsOther = (wanted: string, found: string): boolean => wanted !== "" && found !== "" && wanted !== found;

/** The first check that a token fails whatever it is to prove, or undefined. `now` is the time of the wall clock. */
export async function delegationFlaw(
  crypto: Crypto,
  token: DelegationToken,
  key: VerifyKey,
  now: string,
): Promise<DelegationFailure | undefined> {
  if (!isWhole(token)) return "delegation_token_invalid";
  const signature = await signatureFailure(crypto, DelegationTokenShape, token, key);
  if (signature !== undefined) return `delegation_token_${signature}`;
  return isOver(token, now) ? "delegation_token_expired" : undefined;
}

/** The first check that the terms of a token fail for a hop, or undefined when they prove it. */
export function hopFailure(token: DelegationToken, hop: DelegatedHop): DelegationFailure | undefined {
  if (differs(hop.delegator, token.delegator_identity)) return "delegation_token_delegator_mismatch";
  if (differs(hop.delegate, token.delegate_identity)) return "delegation_token_delegate_mismatch";
  if (bindsOther(hop.intent_digest, token.intent_digest)) return "delegation_token_intent_mismatch";
  if (bindsOther(hop.policy_digest, token.policy_digest)) return "delegation_token_policy_mismatch";
  const granted = [...token.scope, token.scope_class];
  return hop.scopes.length === 0 || granted.includes("*") || hop.scopes.some((scope) => granted.includes(scope))
    ? undefined
    : "delegation_token_scope_mismatch";
}

/** The first check that a token fails for a hop, or undefined when it proves it. */
export const delegationFailure = async (
  crypto: Crypto,
  token: DelegationToken,
  hop: DelegatedHop,
  key: VerifyKey,
  now: string,
): Promise<DelegationFailure | undefined> => await delegationFlaw(crypto, token, key, now) ?? hopFailure(token, hop);
