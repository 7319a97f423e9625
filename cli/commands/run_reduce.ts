// `gait run reduce`: the smallest runpack that still shows a failure.
import { utf8 } from "../../core/base/bytes.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { ending, fail, ok } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { findFailure, reduceReport, reduceRun } from "../../core/run/reduce.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { PREDICATES, type ReduceReport, ReduceReportShape } from "../../core/schema/reduce_report.ts";
import { command } from "../command.ts";
import { openAt, openGiven } from "../opened.ts";
import { oneArgument, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { besideFile, targetPath } from "../targets.ts";

type Reduction = {
  readonly ok: true;
  readonly input: string;
  readonly output: string;
  readonly report_path: string;
  readonly run_id: string;
  readonly reduced_run_id: string;
  readonly predicate: string;
  readonly report: ReduceReport;
};

export default command({
  path: ["run", "reduce"],
  summary: "Cut a failing run down to the call that fails",
  explain:
    "Writes the smallest runpack in which a call still lacks its result or went wrong, and a report on what was left out.",
  positionals: { ...RUNPACK_ARGUMENT, min: 0, max: 1 },
  flags: {
    from: { kind: "text", doc: "The same as the argument", value: "run_id|path", complete: "path" },
    predicate: {
      kind: "choice",
      doc: "What the run must still show",
      values: PREDICATES,
      default: "missing_result",
      fold: true,
      blank: "missing_result",
    },
    out: { kind: "text", doc: "The reduced runpack; beside the input unless given", value: "file", complete: "path" },
    "report-out": { kind: "text", doc: "The report; beside the reduced runpack unless given", value: "file", complete: "path" },
  },
  examples: ["gait run reduce run_nightly", "gait run reduce ./pack.zip --predicate non_ok_status --out small.zip"],
  needs: ["files", "store", "machine", "host", "progress"],
  async run({ predicate, from, positionals, ...targets }, ports, { version }) {
    const given = oneArgument(from, positionals, "from");
    if (!given.ok) return given;
    const opened = await openGiven(given.value, "reduce", ports);
    if (!opened.ok) return opened;
    const { path: input, pack } = opened.value;
    const reduced = reduceRun(pack.records, predicate);
    if (!reduced.ok) return reduced;
    const { run_id } = pack.records.run;
    const output = targetPath({
      given: targets.out,
      name: besideFile(input, `runpack_${run_id}_reduced_${predicate}.zip`),
      run_id,
      what: "the reduced runpack",
      others: [input],
    });
    if (!output.ok) return output;
    const report_path = targetPath({
      given: targets["report-out"],
      name: `${output.value}.reduce_report.json`,
      what: "the report",
      others: [input, output.value],
    });
    if (!report_path.ok) return report_path;
    const sealed = await sealRunpack(ports.host.crypto, reduced.value.records, pack.manifest.capture_mode);
    if (!sealed.ok) return sealed;
    const written = await ports.store.write(output.value, sealed.value.bytes, "replace");
    if (!written.ok) return written;
    const back = await openAt(output.value, "reduce", ports);
    if (!back.ok) return { ok: false, fault: ending(back.fault, "verification") };
    if (findFailure(back.value.pack.records, predicate) === undefined) {
      return fail("internal", `Cannot reduce "${input}": the reduced run does not show ${predicate} any more`);
    }
    const report = reduceReport(pack.records, reduced.value, predicate, version, true);
    const text = prettyText(writeShape(ReduceReportShape, report));
    const reported = await ports.store.write(report_path.value, utf8(text), "replace");
    if (!reported.ok) return reported;
    const data: Reduction = {
      ok: true,
      input,
      output: output.value,
      report_path: report_path.value,
      run_id,
      reduced_run_id: report.reduced_run_id,
      predicate,
      report,
    };
    return ok({ exit: "ok", data });
  },
  lines: ({ report, output, report_path }: Reduction) => [
    `reduce ok: ${report.reduced_run_id}`,
    `${report.predicate}: intent ${report.selected_intent_id}`,
    `intents ${report.original_intent_count} to ${report.reduced_intent_count}, results ${report.original_result_count} to ${report.reduced_result_count}, receipts ${report.original_ref_count} to ${report.reduced_ref_count}`,
    `output=${output}`,
    `report=${report_path}`,
  ],
});
