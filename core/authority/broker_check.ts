// Whether what a broker issued is what was asked for and what the rules allow (spec 03, section 6.5).
import { lower, trimmedSet } from "../base/text.ts";
import type { BrokerAnswer } from "./broker_answer.ts";
import type { Asked } from "./broker_request.ts";

/** What a rule demands of credentials. */
export type CredentialTerms = {
  readonly block_standing_credentials: boolean;
  readonly require_jit_credential: boolean;
  readonly allowed_credential_sources: readonly string[];
  readonly allowed_credential_issuers: readonly string[];
  readonly allowed_credential_access_types: readonly string[];
  readonly max_credential_ttl_seconds: number;
};

const STANDING = ["", "cloud_admin", "inherited", "standing", "static", "unknown"];

const outside = (allowed: readonly string[], value: string): boolean => allowed.length > 0 && !allowed.includes(value);

function termCodes(terms: CredentialTerms, answer: BrokerAnswer): readonly string[] {
  const { access_type, source, ttl_seconds } = answer;
  const longest = terms.max_credential_ttl_seconds;
  return [
    ...(longest > 0 && (ttl_seconds <= 0 || ttl_seconds > longest) ? ["broker_ttl_exceeded"] : []),
    ...(terms.require_jit_credential && access_type !== "jit" ? ["credential_not_jit"] : []),
    ...(terms.block_standing_credentials && STANDING.includes(access_type) ? ["standing_credential_disallowed"] : []),
    ...(outside(terms.allowed_credential_sources, source) ? ["credential_source_disallowed"] : []),
    ...(outside(terms.allowed_credential_issuers, issuerOf(answer)) ? ["credential_issuer_disallowed"] : []),
    ...(outside(terms.allowed_credential_access_types, access_type) ? ["credential_access_type_disallowed"] : []),
  ];
}

/** Who stands for a credential. */
export const issuerOf = ({ issuer, issued_by }: BrokerAnswer): string => issuer === "" ? issued_by : issuer;

// A call that says for whom its credential is does not go on with one for a third: neither that subject nor the caller.
const isSubject = (found: string, wanted: string, caller: string): boolean =>
  wanted === "" || ["", wanted, caller].includes(found);

/** Everything that is wrong with an answer, as codes in byte order; none for a good one. */
export function brokerCodes(
  answer: BrokerAnswer,
  { request, digest, scopes }: Asked,
  rules: readonly CredentialTerms[],
  intent: { readonly credential_ref: string; readonly credential_subject: string },
): readonly string[] {
  const bound = (wanted: string, found: string) => wanted !== "" && wanted !== found;
  return trimmedSet([
    ...(answer.request_digest === "" ? ["broker_request_digest_missing"] : []),
    ...(answer.request_digest !== "" && answer.request_digest !== lower(digest) ? ["broker_request_digest_mismatch"] : []),
    ...(scopes.every((scope) => answer.scope.includes(scope)) ? [] : ["broker_scope_mismatch"]),
    ...(bound(intent.credential_ref, answer.credential_ref) ? ["broker_credential_ref_mismatch"] : []),
    ...(isSubject(answer.subject, intent.credential_subject, request.Identity) ? [] : ["broker_subject_mismatch"]),
    ...(request.TargetBinding === answer.target_binding ? [] : ["broker_target_binding_mismatch"]),
    ...(bound(request.RunID, answer.run_binding) ? ["broker_run_binding_mismatch"] : []),
    ...(bound(request.JobID, answer.job_binding) ? ["broker_job_binding_mismatch"] : []),
    ...rules.flatMap((terms) => termCodes(terms, answer)),
  ]);
}
