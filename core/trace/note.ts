// What stands beside a trace because its signed form has no room for it (spec 03, section 2.7).
import { readDocument } from "../base/document.ts";
import { type JsonObject } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { DECISION_NOTE_ID, type DecisionNote, DecisionNoteShape, type ShownTrace } from "../schema/trace.ts";
import { TRACE_LIMIT } from "./verify.ts";

/** What a note says; its heading follows. */
export type NoteFacts = Omit<DecisionNote, "schema_id" | "schema_version">;

/** Where the note of a trace stands: beside it, under a name that is no trace's. */
export const notePath = (tracePath: string): string => {
  const cut = tracePath.lastIndexOf("/") + 1;
  return `${tracePath.slice(0, cut)}decision_${tracePath.slice(cut)}`;
};

/** The note as it is written. */
export const writeNote = (facts: NoteFacts): JsonObject =>
  writeShape(DecisionNoteShape, { ...facts, schema_id: DECISION_NOTE_ID, schema_version: VERSION_1 });

/** Whether the note beside a trace is about that trace. Fault when it cannot be read. */
export function noteBelongs(bytes: Uint8Array, what: string, trace: Pick<ShownTrace, "signature">): Result<boolean> {
  const note = readDocument(DecisionNoteShape, bytes, what, { file: what }, { maxBytes: TRACE_LIMIT });
  return note.ok ? ok(note.value.value.trace_digest === trace.signature?.signed_digest) : note;
}
