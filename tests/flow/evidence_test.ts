// Evidence side by side: all parts must hold; parts about different runs are named, and fail nothing.
import { joinEvidence } from "../../core/flow/evidence.ts";
import type { EvidenceReport } from "../../core/pack/verify.ts";
import type { RunpackReport } from "../../core/run/verify.ts";
import { readTrace, type TraceReport } from "../../core/trace/verify.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { assertEquals, assertOk } from "../assert.ts";

const signed = { signature_status: "missing", signature_errors: [], signatures_total: 0, signatures_valid: 0 } as const;
const entries = { files_checked: 0, missing_files: [], hash_mismatches: [], undeclared_files: [] };
const run = (ok: boolean): RunpackReport => ({ ok, run_id: "run_a", manifest_digest: "", ...entries, ...signed });
const pack = (ok: boolean, run_id: string): EvidenceReport => ({ ok, pack_id: "p", run_id, ...entries, ...signed });
const trace = (ok: boolean, run_id: string) => {
  const report: TraceReport = { ok, trace_id: "t", verdict: "allow", signature_status: ok ? "verified" : "failed" };
  return { report, record: assertOk(readTrace(utf8(JSON.stringify({ verdict: "allow", run_id })), "t.json")).trace };
};

Deno.test("evidence: holds when every part that was given holds", () => {
  for (const a of [true, false]) {
    assertEquals(joinEvidence({ run: run(a), trace: undefined, pack: undefined }).ok, a);
    for (const b of [true, false]) {
      assertEquals(joinEvidence({ run: run(a), trace: trace(b, ""), pack: undefined }).ok, a && b);
      assertEquals(joinEvidence({ run: run(a), trace: undefined, pack: pack(b, "run_a") }).ok, a && b);
      assertEquals(joinEvidence({ run: run(true), trace: trace(a, ""), pack: pack(b, "run_a") }).ok, a && b);
    }
  }
});

Deno.test("evidence: parts about other runs are named", () => {
  const joined = joinEvidence({ run: run(true), trace: trace(true, "run_b"), pack: pack(true, "run_c") });
  assertEquals(joined, {
    ok: true,
    id_mismatches: [
      'the trace is about run "run_b", the runpack about "run_a"',
      'the evidence pack is about run "run_c", the runpack about "run_a"',
    ],
  });
  assertEquals(joinEvidence({ run: run(true), trace: trace(true, "run_a"), pack: pack(true, "run_a") }).id_mismatches, []);
  assertEquals(joinEvidence({ run: run(true), trace: trace(true, ""), pack: undefined }).id_mismatches, []);
});
