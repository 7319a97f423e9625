// The record of a credential that a broker issued for one decision (spec 03, section 6.6). It names the credential and is not signed.
import { filled, type Infer, integer, listOf, object, text, time } from "../base/shape.ts";
import { heading } from "./heading.ts";

export const BROKER_CREDENTIAL_ID = "gait.gate.broker_credential_record";

const word = (doc: string) => filled(text(doc));

export const BrokerCredentialShape = object("Which credential a broker issued for a decision", () => ({
  ...heading(BROKER_CREDENTIAL_ID),
  trace_id: text("Id of the decision"),
  tool_name: text("The tool"),
  identity: text("Who calls"),
  broker: text("Who issued it"),
  reference: word("What the broker was asked for"),
  credential_ref: text("Name of the credential"),
  credential_source: word("Where it comes from"),
  credential_access_type: word("How it gives access"),
  credential_issuer: word("Who stands for it"),
  credential_subject: word("Whom it names"),
  credential_owner: word("Who owns it"),
  scope: filled(listOf(text("One scope"), "What was asked for")),
  target_binding: word("Targets that it is bound to"),
  run_binding: word("Run that it is bound to"),
  job_binding: word("Job that it is bound to"),
  request_digest: word("Digest of the request"),
  ttl_seconds: filled(integer("How long it lives")),
  issued_at: time("When it was issued"),
  expires_at: time("When it ends"),
}));

export type BrokerCredential = Infer<typeof BrokerCredentialShape>;
