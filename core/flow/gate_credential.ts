// What a broker is asked for a call, and what its answer comes to (spec 03, sections 6.2, 6.5 and 6.6).
import { type BrokerAnswer, normalAnswer } from "../authority/broker_answer.ts";
import { brokerCodes, issuerOf } from "../authority/broker_check.ts";
import { type Asked, askFor } from "../authority/broker_request.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { targetBinding } from "../gate/intent_digest.ts";
import type { Decision, Intent, Policy } from "../gate/types.ts";
import { BROKER_CREDENTIAL_ID, type BrokerCredential, BrokerCredentialShape } from "../schema/broker_credential.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { BrokerFacts, CredentialRecord } from "./gate_finish.ts";

/** What the user adds to what the rules ask for. */
export type Wish = { readonly reference: string; readonly scopes: readonly string[] };

/** The question for a call; undefined where it cannot be asked. */
export function askedFor(crypto: Crypto, intent: Intent, { broker }: Decision, wish: Wish): Asked | undefined {
  const { identity, workspace, session_id, request_id, run_id, job_id } = intent.context;
  const call = {
    ToolName: intent.tool_name,
    Identity: identity,
    Workspace: workspace,
    SessionID: session_id,
    RequestID: request_id,
    RunID: run_id,
    JobID: job_id,
    Reference: wish.reference === "" ? broker.reference : wish.reference,
    TargetBinding: targetBinding(crypto, intent.targets),
  };
  return askFor(crypto, call, [...broker.scopes, ...wish.scopes]);
}

/**
 * The facts of an answer, held against the question and against all rules that were taken; `name` is the broker's. A text in the place of
 * an answer says why there is none.
 */
export function brokerFacts(
  answer: BrokerAnswer | string,
  asked: Asked,
  name: string,
  { policy, decision, intent, now }: {
    readonly policy: Policy;
    readonly decision: Decision;
    readonly intent: Intent;
    readonly now: string;
  },
): BrokerFacts {
  if (typeof answer === "string") return { status: "failed", why: answer };
  const known = normalAnswer(answer, asked, name, now);
  if (known === undefined) return { status: "failed", why: "its answer names no credential" };
  const taken = new Set(decision.matched_rules.map((rule) => rule.name));
  const rules = policy.rules.filter((rule) => taken.has(rule.name));
  const { issued_by, source, access_type, subject, owner, credential_ref, request_digest } = known;
  return {
    status: "issued",
    codes: brokerCodes(known, asked, rules, intent.context),
    credential: {
      credential_ref,
      source,
      access_type,
      issuer: issuerOf(known),
      request_digest,
      target_binding: known.target_binding,
      run_binding: known.run_binding,
      job_binding: known.job_binding,
      ttl_seconds: known.ttl_seconds,
      issued_by,
      reference: asked.request.Reference,
      scopes: asked.scopes,
      subject,
      owner,
      issued_at: known.issued_at,
      expires_at: known.expires_at,
    },
  };
}

/** The decision that a credential was issued for. */
export type IssuedFor = Pick<BrokerCredential, "created_at" | "producer_version" | "trace_id" | "tool_name" | "identity">;

/** The record of a credential. */
export function credentialRecord(credential: CredentialRecord, issued: IssuedFor): JsonObject {
  const { created_at, producer_version, trace_id, tool_name, identity } = issued;
  return writeShape(BrokerCredentialShape, {
    schema_id: BROKER_CREDENTIAL_ID,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    trace_id,
    tool_name,
    identity,
    broker: credential.issued_by,
    reference: credential.reference,
    credential_ref: credential.credential_ref,
    credential_source: credential.source,
    credential_access_type: credential.access_type,
    credential_issuer: credential.issuer,
    credential_subject: credential.subject,
    credential_owner: credential.owner,
    scope: credential.scopes,
    target_binding: credential.target_binding,
    run_binding: credential.run_binding,
    job_binding: credential.job_binding,
    request_digest: credential.request_digest,
    ttl_seconds: credential.ttl_seconds,
    issued_at: credential.issued_at,
    expires_at: credential.expires_at,
  });
}
