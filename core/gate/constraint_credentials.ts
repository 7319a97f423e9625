// What credential the call may use (spec 02, section 6.6).
import type { Crypto } from "../base/host.ts";
import type { Call } from "./call.ts";
import { blockedBy, type Finding } from "./finding.ts";
import { targetBinding } from "./intent_digest.ts";
import type { Rule } from "./types.ts";

const hasCondition = (rule: Rule): boolean =>
  rule.block_standing_credentials || rule.require_jit_credential || rule.allowed_credential_sources.length > 0 ||
  rule.allowed_credential_issuers.length > 0 || rule.allowed_credential_access_types.length > 0 ||
  rule.max_credential_ttl_seconds > 0;

/** Access types that stand for long, or may. */
const STANDING: readonly string[] = ["", "cloud_admin", "inherited", "standing", "static", "unknown"];

const differ = (a: string, b: string): boolean => a !== "" && b !== "" && a !== b;

const isOneOf = (list: readonly string[], text: string): boolean => list.length === 0 || list.includes(text);

/** Finds what a rule holds against the call's credential. */
export function checkCredentials(crypto: Crypto, rule: Rule, call: Call): Finding | undefined {
  if (!hasCondition(rule)) return undefined;
  const { context } = call;
  const codes = new Set<string>();
  const wrong = (is: boolean, code: string): void => {
    if (is) codes.add(code);
  };
  const binding = context.credential_target_binding;
  const access = context.credential_access_type;
  const ttl = context.credential_ttl_seconds;
  const most = rule.max_credential_ttl_seconds;
  const unproved = context.credential_ref === "" || (rule.require_jit_credential && access === "") || (most > 0 && ttl <= 0);
  wrong(unproved, "credential_evidence_missing");
  wrong(context.credential_source === "", "credential_source_unknown");
  wrong(access === "", "credential_access_type_unknown");
  wrong(binding !== "" && binding !== targetBinding(crypto, call.targets), "credential_target_binding_mismatch");
  wrong(differ(context.credential_run_binding, context.run_id), "credential_run_binding_mismatch");
  wrong(differ(context.credential_job_binding, context.job_id), "credential_job_binding_mismatch");
  wrong(rule.require_jit_credential && access !== "" && access !== "jit", "credential_not_jit");
  wrong(rule.block_standing_credentials && STANDING.includes(access), "standing_credential_disallowed");
  wrong(!isOneOf(rule.allowed_credential_sources, context.credential_source), "credential_source_disallowed");
  wrong(!isOneOf(rule.allowed_credential_issuers, context.credential_issuer), "credential_issuer_disallowed");
  wrong(!isOneOf(rule.allowed_credential_access_types, access), "credential_access_type_disallowed");
  wrong(most > 0 && ttl > most, "credential_ttl_exceeded");
  return blockedBy([...codes]);
}
