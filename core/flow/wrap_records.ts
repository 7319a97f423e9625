// The records of a wrapped session: read in order, each held against what came before, and brought into the form of a run.
import { readJsonLine } from "../base/json.ts";
import type { Crypto } from "../base/host.ts";
import { digestOf } from "../base/digest.ts";
import { readShape, writeShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Relationship, TOOL_DEFINITION } from "../schema/relationship.ts";
import { relationship } from "../schema/relationship_normal.ts";
import { INTENT_ID, REFS_ID, RESULT_ID, type Run, RUN_ID, type RunRecords, type TimelineEvent } from "../schema/runpack.ts";
import { normalRunId } from "./boundary_names.ts";
import { type WrapDecision, type WrapHeader, type WrapRecord, WrapRecordShape } from "../schema/wrap_session.ts";

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

/** The line of a record. */
export const wrapLine = (record: WrapRecord): string => `${JSON.stringify(writeShape(WrapRecordShape, record))}\n`;

/** Where a journal stands after some of its records. */
export type WrapStanding = {
  readonly sequence: number;
  readonly calls: number;
  /** The calls that left and have no result, by number. */
  readonly due: readonly number[];
  readonly ended: boolean;
};

/** Holds records against each other. */
export type WrapFollower = {
  /** Words say why a record does not follow from those before it. */
  follow(record: WrapRecord): string | undefined;
  /** What is missing now that no more records come, in words; undefined when nothing is. */
  missing(): string | undefined;
  standing(): WrapStanding;
};

/** Starts before the first record. */
export function wrapFollower(): WrapFollower {
  const due = new Map<number, string>(); // calls that left and have no result, by number
  const told = new Set<number>(); // calls are decided side by side, and one that asks somebody takes longer than the next
  let sequence = 0;
  let ended = false;
  const numbered = (call: number): string | undefined => {
    if (call < 1 || told.has(call)) return call < 1 ? `it has no call ${call}` : `call ${call} was told of before`;
    told.add(call);
    return undefined;
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
        return end.calls === told.size ? undefined : `it tells of ${end.calls} calls, the journal of ${told.size}`;
      }
      return undefined;
    },
    missing() {
      const lacking = [...due].map(([call, tool]) => `the result of call ${call} (${tool}) is missing`);
      const rest = ended ? [] : ["the end of the session is missing"];
      return lacking.length + rest.length === 0 ? undefined : [...lacking, ...rest].join("; ");
    },
    standing: () => ({ sequence, calls: told.size, due: [...due.keys()], ended }),
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
 * What calls are decided by: the policy, and the tool as its server declares it where it has done so. Told of the first call of a tool, and
 * again when either is another than for its call before: a session may have very many calls.
 */
function governing(session_id: string): (decision: WrapDecision) => Relationship | undefined {
  const told = new Map<string, string>();
  return ({ tool_name, policy_digest, definition_digest }) => {
    const now = `${policy_digest} ${definition_digest}`;
    if (told.get(tool_name) === now) return undefined;
    told.set(tool_name, now);
    const tool = { kind: "tool", id: tool_name };
    const policy = { kind: "policy", id: policy_digest };
    const definition = definition_digest === "" ? [] : [{ kind: "evidence", id: `${TOOL_DEFINITION}${definition_digest}` }];
    return relationship({
      parent_ref: { kind: "session", id: session_id },
      parent_record_id: session_id,
      entity_refs: [tool, policy, ...definition],
      policy_ref: { policy_id: "", policy_version: "", policy_digest, matched_rule_ids: [] },
      edges: [{ kind: "governed_by", from: tool, to: policy }],
    });
  };
}

/**
 * The run of a session: an intent for each call, and exactly one result for each intent. Digests only; what was said stays between client
 * and server.
 */
export function wrapRun(crypto: Crypto, header: WrapHeader, records: readonly WrapRecord[], env: Run["env"]): RunRecords {
  const { session_id, producer_version } = header;
  const run_id = normalRunId(session_id); // ids of runs all begin alike, whatever sessions are called
  const head = (schema_id: string, created_at: string) => ({
    schema_id,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    run_id,
  });
  const timeline: TimelineEvent[] = [];
  const intents: RunRecords["intents"][number][] = [];
  const results: RunRecords["results"][number][] = [];
  const govern = governing(session_id);
  const event = (name: string, { at, decision }: WrapRecord, ref = ""): void =>
    void timeline.push({ event: name, ts: at, ref, relationship: decision === undefined ? undefined : govern(decision) });
  const settle = (call: number, at: string, status: string, result_digest: string): void =>
    void results.push({ ...head(RESULT_ID, at), intent_id: callId(call), status, result_digest, result: undefined });
  for (const record of records) {
    const { at, decision, undecided, result, end } = record;
    if (record.header !== undefined) event("wrap_session_start", record);
    if (end !== undefined) event(`wrap_session_end:${end.why}`, record);
    if (record.stray !== undefined) event(`wrap_frame_held_back:${record.stray.from}`, record);
    if (decision !== undefined) {
      const { call, tool_name, args_digest, verdict, reason_codes } = decision;
      intents.push({ ...head(INTENT_ID, at), intent_id: callId(call), tool_name, args_digest, args: undefined });
      event(`wrap_call_decided:${verdict}`, record, callId(call));
      // Without the digest of the intent, which holds the session: the same call that was stopped for the same reasons has the same result.
      if (verdict !== "allow") settle(call, at, verdict, digestOf(crypto, { reason_codes, verdict }));
    }
    if (undecided !== undefined) {
      const { call, tool_name, fault } = undecided;
      const args_digest = undecided.args_digest || digestOf(crypto, {}); // gates of before did not note it
      intents.push({ ...head(INTENT_ID, at), intent_id: callId(call), tool_name, args_digest, args: undefined });
      event("wrap_call_undecided", record, callId(call));
      settle(call, at, "undecided", digestOf(crypto, { fault }));
    }
    if (result !== undefined) {
      const { call, status, frame_digest, result_digest } = result;
      event(`wrap_call_settled:${status}`, record, callId(call));
      // The frame has the id of the request in it, which a client may choose anew each time.
      settle(call, at, status, result_digest || frame_digest || digestOf(crypto, { status }));
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
