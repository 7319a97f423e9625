// All wire documents by name: what the generator writes JSON Schemas and pages for.
import type { AnyShape } from "../base/shape.ts";
import { ContextEnvelopeShape, ContextRecordShape } from "./context.ts";
import { RecordInputShape } from "./record_input.ts";
import { RelationshipShape } from "./relationship.ts";
import { IntentShape, ManifestShape, RefsShape, ResultShape, RunShape } from "./runpack.ts";
import { SessionChainShape, SessionCheckpointShape } from "./session.ts";
import { SignatureShape } from "./signature.ts";
import { DecisionNoteShape, TraceShape } from "./trace.ts";

/** Each document: its name is the path of its schema below `schemas/v1/`. */
export const DOCUMENTS: Readonly<Record<string, AnyShape>> = {
  "common/relationship_envelope": RelationshipShape,
  "common/signature": SignatureShape,
  "context/envelope": ContextEnvelopeShape,
  "context/reference_record": ContextRecordShape,
  "gate/decision_note": DecisionNoteShape,
  "gate/trace_record": TraceShape,
  "runpack/intent": IntentShape,
  "runpack/manifest": ManifestShape,
  "runpack/record_input": RecordInputShape,
  "runpack/refs": RefsShape,
  "runpack/result": ResultShape,
  "runpack/run": RunShape,
  "runpack/session_chain": SessionChainShape,
  "runpack/session_checkpoint": SessionCheckpointShape,
};
