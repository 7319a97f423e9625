// What led to one decision, gathered for an auditor (spec 04, section 3.5): links to the evidence, each bound by its digest.
import { count, filled, type Infer, label, present, strict, term, text } from "../base/shape.ts";
import { heading } from "./heading.ts";
import { payloadHeading } from "./pack_heading.ts";
import { freezeWindowMembers, killSwitchMembers, sandboxMembers } from "./trace.ts";

export const AUTHORIZATION_BUNDLE_ID = "gait.gate.authorization_bundle";
export const PACK_AUTHORIZATION_ID = "gait.pack.authorization";

/** The entry that holds the bundle, and what stands before the name of a piece of evidence. */
export const AUTHORIZATION_BUNDLE = "authorization_bundle.json";
export const EVIDENCE_FOLDER = "evidence/";

/** What a bundle can link to. */
export const EVIDENCE_LINKS = [
  "trace",
  "approval_audit",
  "credential_evidence",
  "delegation_audit",
  "context_evidence",
  "outcome",
] as const;
export type EvidenceLink = typeof EVIDENCE_LINKS[number];

const path = (what: string) => filled(label(`Where ${what} is, below the folder of the bundle`));
const digest = (what: string) => filled(term(`Digest of ${what}: of its canonical form where the name ends in .json`));

export const AuthorizationBundleShape = strict("What led to one decision, each piece of evidence bound by its digest", () => ({
  ...heading(AUTHORIZATION_BUNDLE_ID),
  trace_id: label("Id of the trace of the decision"),
  policy_digest: term("Digest of the policy"),
  intent_digest: term("Digest of the call"),
  trace_path: path("the trace"),
  trace_digest: digest("the trace"),
  approval_audit_path: path("the audit of the approvals"),
  approval_audit_digest: digest("the audit of the approvals"),
  credential_evidence_path: path("the evidence of the credential"),
  credential_evidence_digest: digest("the evidence of the credential"),
  delegation_audit_path: path("the audit of the delegations"),
  delegation_audit_digest: digest("the audit of the delegations"),
  context_evidence_path: path("the evidence of the context"),
  context_evidence_digest: digest("the evidence of the context"),
  outcome_path: path("the outcome"),
  outcome_digest: digest("the outcome"),
  outcome_status: filled(text("allow, block, dry_run or require_approval")),
  freeze_window: present(strict("The freeze window that was looked at", freezeWindowMembers)),
  kill_switch: present(strict("What the kill switch said", killSwitchMembers)),
  sandbox: present(strict("The sandbox that the call claimed", sandboxMembers)),
}));

export type AuthorizationBundle = Infer<typeof AuthorizationBundleShape>;

export const PackAuthorizationShape = strict("What an authorization pack comes to", () => ({
  ...payloadHeading(PACK_AUTHORIZATION_ID, "When the bundle was made"),
  trace_id: text("Id of the trace of the decision"),
  policy_digest: text("Digest of the policy"),
  intent_digest: text("Digest of the call"),
  outcome_status: filled(text("How it ended")),
  linked_evidence_count: count("How many links it has"),
  required_evidence_count: count("How many of trace and outcome are there with path and digest"),
}));

export type PackAuthorization = Infer<typeof PackAuthorizationShape>;
