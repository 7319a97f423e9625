// A call at the boundary as a run of its own (spec 05, section 2.5): its runpack holds digests only, and every time in it is that of the
// decision, so that the same call makes the same run.
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { INTENT_ID, REFS_ID, RESULT_ID, type Run, RUN_ID, type RunRecords } from "../schema/runpack.ts";
import type { BoundaryCall } from "./boundary_result.ts";

const CALL = "intent_1";

/** The records of the run; `env` is where it was decided. */
export function boundaryRun(crypto: Crypto, { decided, run_id, trace }: BoundaryCall, env: Run["env"]): RunRecords {
  const { intent, final: { verdict, reason_codes, violations } } = decided;
  const { created_at, trace_id, unsigned: { facts: { args_digest, producer_version } } } = trace;
  const head = (schema_id: string) => ({ schema_id, schema_version: VERSION_1, created_at, producer_version, run_id });
  const event = (name: string) => ({ event: name, ts: created_at, ref: "", relationship: undefined });
  return {
    run: { ...head(RUN_ID), env, timeline: [event("proxy_eval_start"), event("proxy_eval_finish")] },
    intents: [{
      ...head(INTENT_ID),
      intent_id: CALL,
      tool_name: intent.tool_name,
      args_digest,
      args: undefined,
    }],
    results: [{
      ...head(RESULT_ID),
      intent_id: CALL,
      status: verdict === "block" || verdict === "require_approval" ? "error" : "ok",
      result_digest: digestOf(crypto, { reason_codes, trace_id, verdict, violations }),
      result: undefined,
    }],
    refs: {
      ...head(REFS_ID),
      context_set_digest: "",
      context_evidence_mode: "",
      context_ref_count: 0,
      receipts: [],
    },
  };
}
