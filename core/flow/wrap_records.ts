// The records of a wrapped session: read in order, each held against what came before, and brought into the form of a run.
import { readJsonLine } from "../base/json.ts";
import type { Crypto } from "../base/host.ts";
import { digestOf } from "../base/digest.ts";
import { readShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { INTENT_ID, REFS_ID, RESULT_ID, type Run, RUN_ID, type RunRecords } from "../schema/runpack.ts";
import { type WrapHeader, type WrapRecord, WrapRecordShape } from "../schema/wrap_session.ts";

/** A record without what its journal gives it. */
export type WrapDraft = { readonly [K in keyof WrapRecord]?: WrapRecord[K] } & Pick<WrapRecord, "record_type">;

const NONE = {
  header: undefined,
  decision: undefined,
  undecided: undefined,
  result: undefined,
  stray: undefined,
  end: undefined,
} as const;

/** A record of a draft. */
export const wrapRecord = (draft: WrapDraft, sequence: number, at: string): WrapRecord => ({ ...NONE, ...draft, sequence, at });

/** Holds records against each other. */
export type WrapFollower = {
  /** Words say why a record does not follow from those before it. */
  follow(record: WrapRecord): string | undefined;
  /** What is missing now that no more records come, in words; undefined when nothing is. */
  missing(): string | undefined;
};

/** Starts before the first record. */
export function wrapFollower(): WrapFollower {
  const due = new Map<number, string>(); // calls that left and have no result, by number
  let sequence = 0;
  let calls = 0;
  let ended = false;
  const numbered = (call: number): string | undefined => {
    const wanted = ++calls;
    return call === wanted ? undefined : `it must be about call ${wanted}, not ${call}`;
  };
  return {
    follow(record) {
      const wanted = ++sequence;
      if (record.sequence !== wanted) return `its sequence must be ${wanted}, not ${record.sequence}`;
      if ((record.record_type === "header") !== (wanted === 1)) return "the header must be the first record, and no other";
      if (ended) return "it stands behind the end of the session";
      if (record[record.record_type] === undefined) return `it lacks member "${record.record_type}"`;
      const { decision, undecided, result, end } = record;
      if (decision !== undefined && decision.verdict === "allow") due.set(decision.call, decision.tool_name);
      if (decision !== undefined) return numbered(decision.call);
      if (undecided !== undefined) return numbered(undecided.call);
      if (result !== undefined) return due.delete(result.call) ? undefined : `call ${result.call} waits for no result`;
      if (end !== undefined) {
        ended = true;
        return end.calls === calls ? undefined : `it tells of ${end.calls} calls, the journal of ${calls}`;
      }
      return undefined;
    },
    missing() {
      const lacking = [...due].map(([call, tool]) => `the result of call ${call} (${tool}) is missing`);
      const rest = ended ? [] : ["the end of the session is missing"];
      return lacking.length + rest.length === 0 ? undefined : [...lacking, ...rest].join("; ");
    },
  };
}

/** Reads a line of such a journal; words where it is none. */
export function readWrapLine(line: Uint8Array, what: string, number: number): WrapRecord | string {
  const json = readJsonLine(line, what, { text: "replace", firstLine: number });
  const read = json.ok ? readShape(WrapRecordShape, json.value ?? null, what) : json;
  return read.ok ? read.value : read.fault.message;
}

const callId = (call: number): string => `call_${String(call).padStart(6, "0")}`;

/**
 * The run of a session: an intent for each call, and exactly one result for each intent. Digests only; what was said stays between client
 * and server.
 */
export function wrapRun(crypto: Crypto, header: WrapHeader, records: readonly WrapRecord[], env: Run["env"]): RunRecords {
  const { session_id: run_id, producer_version } = header;
  const head = (schema_id: string, created_at: string) => ({
    schema_id,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    run_id,
  });
  const timeline: { event: string; ts: string; ref: string; relationship: undefined }[] = [];
  const intents: RunRecords["intents"][number][] = [];
  const results: RunRecords["results"][number][] = [];
  const event = (name: string, { at }: WrapRecord, ref = ""): void =>
    void timeline.push({ event: name, ts: at, ref, relationship: undefined });
  const settle = (call: number, at: string, status: string, result_digest: string): void =>
    void results.push({ ...head(RESULT_ID, at), intent_id: callId(call), status, result_digest, result: undefined });
  for (const record of records) {
    const { at, decision, undecided, result, end } = record;
    if (record.header !== undefined) event("wrap_session_start", record);
    if (end !== undefined) event(`wrap_session_end:${end.why}`, record);
    if (record.stray !== undefined) event(`wrap_frame_held_back:${record.stray.from}`, record);
    if (decision !== undefined) {
      const { call, tool_name, args_digest, verdict, reason_codes, intent_digest } = decision;
      intents.push({ ...head(INTENT_ID, at), intent_id: callId(call), tool_name, args_digest, args: undefined });
      event(`wrap_call_decided:${verdict}`, record, callId(call));
      if (verdict !== "allow") settle(call, at, verdict, digestOf(crypto, { intent_digest, reason_codes, verdict }));
    }
    if (undecided !== undefined) {
      const { call, tool_name, fault } = undecided;
      intents.push({ ...head(INTENT_ID, at), intent_id: callId(call), tool_name, args_digest: "", args: undefined });
      event("wrap_call_undecided", record, callId(call));
      settle(call, at, "undecided", digestOf(crypto, { fault }));
    }
    if (result !== undefined) {
      const { call, status, frame_digest } = result;
      event(`wrap_call_settled:${status}`, record, callId(call));
      settle(call, at, status, frame_digest || digestOf(crypto, { status }));
    }
  }
  return {
    run: { ...head(RUN_ID, header.created_at), env, timeline },
    intents,
    results,
    refs: {
      ...head(REFS_ID, header.created_at),
      context_set_digest: "",
      context_evidence_mode: "",
      context_ref_count: 0,
      receipts: [],
    },
  };
}
