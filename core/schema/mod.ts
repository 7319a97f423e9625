// All wire documents by name: what the generator writes JSON Schemas and pages for.
import type { AnyShape } from "../base/shape.ts";
import { CaptureReceiptShape } from "./capture_receipt.ts";
import { ContextEnvelopeShape, ContextRecordShape } from "./context.ts";
import { RecordInputShape } from "./record_input.ts";
import { ReduceReportShape } from "./reduce_report.ts";
import { RelationshipShape } from "./relationship.ts";
import { EvidenceManifestShape } from "./guard.ts";
import { ManifestShape } from "./manifest.ts";
import { IntentShape, RefsShape, ResultShape, RunShape } from "./runpack.ts";
import {
  JournalRecordShape,
  SessionChainShape,
  SessionCheckpointShape,
  SessionEventShape,
  SessionHeaderShape,
  SessionLockShape,
  SessionStateShape,
} from "./session.ts";
import { SignatureShape } from "./signature.ts";
import { DecisionNoteShape, TraceShape } from "./trace.ts";

/** Each document: its name is the path of its schema below `schemas/v1/`. */
export const DOCUMENTS: Readonly<Record<string, AnyShape>> = {
  "capture/receipt": CaptureReceiptShape,
  "common/relationship_envelope": RelationshipShape,
  "common/signature": SignatureShape,
  "context/envelope": ContextEnvelopeShape,
  "context/reference_record": ContextRecordShape,
  "gate/decision_note": DecisionNoteShape,
  "gate/trace_record": TraceShape,
  "guard/pack_manifest": EvidenceManifestShape,
  "runpack/intent": IntentShape,
  "runpack/manifest": ManifestShape,
  "runpack/record_input": RecordInputShape,
  "runpack/reduce_report": ReduceReportShape,
  "runpack/refs": RefsShape,
  "runpack/result": ResultShape,
  "runpack/run": RunShape,
  "runpack/session_chain": SessionChainShape,
  "runpack/session_checkpoint": SessionCheckpointShape,
  "runpack/session_event": SessionEventShape,
  "runpack/session_journal": SessionHeaderShape,
  "runpack/session_journal_record": JournalRecordShape,
  "runpack/session_lock": SessionLockShape,
  "runpack/session_state": SessionStateShape,
};
