// A decision for people to read (spec 02, section 1.1): verdict and trace first, then why.
import type { WhyDocument } from "../core/gate/why_words.ts";
import type { GateResult } from "../core/flow/gate_result.ts";
import { notePath } from "../core/trace/note.ts";

const listed = (name: string, items: readonly string[]): readonly string[] => items.map((item) => `${name}: ${item}`);

const file = (name: string, path: string | undefined): readonly string[] =>
  path === undefined || path === "" ? [] : [`${name}: ${path}`];

/** The explanation that --why adds. */
export type Explaining = { readonly why?: WhyDocument; readonly pending_request_id?: string };

/** The lines. */
export const gateLines = (data: GateResult & Explaining): readonly string[] => [
  `gate eval: verdict=${data.verdict}`,
  `trace: ${data.trace_path ?? "none"}`,
  ...file("note", data.trace_path && notePath(data.trace_path)),
  ...file("approval audit", data.approval_audit_path),
  ...file("delegation audit", data.delegation_audit_path),
  ...file("credential record", data.credential_evidence_path),
  ...listed("reason", data.reason_codes),
  ...listed("violation", data.violations),
  ...(data.required_approvals === 0 ? [] : [`approvals: ${data.valid_approvals} of ${data.required_approvals}`]),
  ...(data.pending_request_id === undefined ? [] : [`request_id: ${data.pending_request_id}`]),
  ...(data.would_have_blocked ? [`simulated: it would have been ${data.simulated_verdict}`] : []),
  ...listed("warning", data.warnings),
  ...(data.why?.lines ?? []),
];
