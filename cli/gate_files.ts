// What a decision leaves behind, in the order of the contract (spec 03, section 7): trace, note, kill-switch journal, audits. Nothing
// is told of a decision before all of it is on the disk.
import { utf8 } from "../core/base/bytes.ts";
import type { JsonObject } from "../core/base/json.ts";
import { outputPath } from "../core/base/paths.ts";
import { prettyText } from "../core/base/pretty.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { DigestSigner } from "../core/base/sign.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import type { ProofRefs } from "../core/flow/gate_explain.ts";
import { noteOf, type Observation, traceOf } from "../core/flow/gate_trace.ts";
import { buildTrace, type SignedTrace, signTrace, traceDocument } from "../core/trace/build.ts";
import { notePath, writeNote } from "../core/trace/note.ts";
import type { Ports, Whole } from "../core/ports.ts";
import type { GateSettings } from "./gate_settings.ts";
import type { BlockedAt, BlockedCall } from "./kill_switch_journal.ts";
import type { LogPorts } from "./line_log.ts";

/** The ports that writing takes. */
export type WritingPorts = Pick<Ports, "store" | "journal" | "lock" | "clock" | "random" | "host">;

/** The signed trace of a decision. */
export function signedTrace(
  decided: Decided,
  observation: Observation,
  sign: DigestSigner,
  { host: { crypto } }: Pick<Ports, "host">,
): Promise<SignedTrace> {
  const { facts, parties } = traceOf(crypto, decided, observation);
  return signTrace(crypto, buildTrace(crypto, facts, parties), sign);
}

/** The line of the kill switch's journal about a decision; undefined unless an active switch blocked the call. */
export function blockedCall(
  { intent, decision, final }: Decided,
  { trace_id, created_at }: { readonly trace_id: string; readonly created_at: string },
  producer_version: string,
): BlockedCall | undefined {
  const { kill_switch } = decision;
  if (kill_switch?.status !== "active") return undefined;
  return {
    created_at,
    producer_version,
    trace_id,
    job_id: intent.context.job_id,
    tool_name: intent.tool_name,
    agent_id: intent.context.agent_id,
    identity: intent.context.identity,
    reason_codes: kill_switch.reason_codes,
    matched_entry_ids: kill_switch.matched_entry_ids,
    simulated: final.simulated !== undefined,
  };
}

/** Adds a line about a call to the kill switch's journal, where the switch blocked it. Faults of `appendBlocked`. */
export async function noteBlocked(
  kill_switch: string,
  blocked: BlockedCall | undefined,
  ports: LogPorts,
  at?: BlockedAt,
): Promise<Result<void>> {
  if (blocked === undefined) return ok(undefined);
  const { appendBlocked } = await import("./kill_switch_journal.ts");
  const added = await appendBlocked(kill_switch, blocked, ports, at);
  return added.ok ? ok(undefined) : added;
}

/** Writes all that a decision leaves behind; gives where. Faults `write_failed`, `path_refused`, `store_busy`. */
export async function writeDecision(
  decided: Decided,
  trace: SignedTrace,
  { out, kill_switch }: GateSettings,
  producer_version: string,
  ports: WritingPorts,
): Promise<Result<ProofRefs>> {
  const { trace_id } = trace;
  const whole = (path: string, doc: string, json: JsonObject): Result<Whole> => {
    const cleaned = outputPath(path, doc);
    return cleaned.ok ? ok({ path: cleaned.value, bytes: utf8(prettyText(json)), mode: "replace" }) : cleaned;
  };
  const write = async (...file: Parameters<typeof whole>): Promise<Result<void>> => {
    const made = whole(...file);
    return made.ok ? await ports.store.write(made.value.path, made.value.bytes, made.value.mode) : made;
  };
  const trace_path = out.trace || `trace_${decided.final.simulated === undefined ? "" : "simulated_"}${trace_id}.json`;
  const traced = whole(trace_path, "the trace", traceDocument(trace));
  if (!traced.ok) return traced;
  const noted = whole(notePath(trace_path), "the decision note", writeNote(noteOf(decided, trace, producer_version)));
  if (!noted.ok) return noted;
  const both = await ports.store.writeAll([traced.value, noted.value]);
  if (!both.ok) return both;

  const blocked = await noteBlocked(kill_switch, blockedCall(decided, trace, producer_version), ports);
  if (!blocked.ok) return blocked;

  const { decision, facts } = decided;
  const proof: { -readonly [N in keyof ProofRefs]: ProofRefs[N] } = { trace_id, trace_path };
  if (decision.required_approvals > 0 || facts.approvals.length > 0) {
    proof.approval_audit_path = out.approval_audit || `approval_audit_${trace_id}.json`;
    const { approvalAuditOf } = await import("../core/flow/gate_audits.ts");
    const audit = approvalAuditOf(decided, trace, producer_version);
    const written = await write(proof.approval_audit_path, "the approval audit", audit);
    if (!written.ok) return written;
  }
  if (facts.broker.status === "issued") {
    proof.credential_evidence_path = out.credential || `credential_evidence_${trace_id}.json`;
    const { credentialRecord } = await import("../core/flow/gate_credential.ts");
    const record = credentialRecord(facts.broker.credential, {
      ...decided.intent,
      identity: decided.intent.context.identity,
      created_at: trace.created_at,
      trace_id,
      producer_version,
    });
    const written = await write(proof.credential_evidence_path, "the credential record", record);
    if (!written.ok) return written;
  }
  if (decision.delegation.required) {
    proof.delegation_audit_path = out.delegation_audit || `delegation_audit_${trace_id}.json`;
    const { delegationAuditOf } = await import("../core/flow/gate_audits.ts");
    const audit = delegationAuditOf(decided, trace, producer_version);
    const written = await write(proof.delegation_audit_path, "the delegation audit", audit);
    if (!written.ok) return written;
  }
  return ok(proof);
}
