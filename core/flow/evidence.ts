// The pieces of evidence about one run, side by side: the runpack, the trace of a decision, the evidence pack (spec 01, section 7.8).
import type { EvidenceReport } from "../pack/verify.ts";
import type { RunpackReport } from "../run/verify.ts";
import type { ShownTrace } from "../schema/trace.ts";
import type { TraceReport } from "../trace/verify.ts";

/** What was verified; a part that was not given is undefined. */
export type EvidenceParts = {
  readonly run: RunpackReport;
  readonly trace: { readonly report: TraceReport; readonly record: ShownTrace } | undefined;
  readonly pack: EvidenceReport | undefined;
};

/** Whether all parts hold. `id_mismatches` names parts that speak of different runs: that alone fails nothing. */
export type EvidenceVerdict = { readonly ok: boolean; readonly id_mismatches: readonly string[] };

/** Joins the parts. */
export function joinEvidence({ run, trace, pack }: EvidenceParts): EvidenceVerdict {
  const named = [
    { what: "trace", run_id: trace?.record.run_id ?? "" },
    { what: "evidence pack", run_id: pack?.run_id ?? "" },
  ];
  const others = named.filter(({ run_id }) => run_id !== "" && run_id !== run.run_id);
  return {
    ok: run.ok && trace?.report.ok !== false && pack?.ok !== false,
    id_mismatches: others.map(({ what, run_id }) => `the ${what} is about run "${run_id}", the runpack about "${run.run_id}"`),
  };
}
