// `gait regress run`: grades every fixture of a suite.
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";
import { runLines, type RunReport } from "../regress_report.ts";
import { RUN_FLAGS, RUN_NEEDS, runSuite } from "../regress_run.ts";

export default command({
  path: ["regress", "run"],
  summary: "Grade runs against what their fixtures expect",
  explain:
    "Grades every fixture of a suite: format, replay, order of tools and verdicts, differences and context; exit 5 where one fails.",
  flags: {
    ...RUN_FLAGS,
    watch: { kind: "switch", doc: "Grade again whenever a file of the suite changes, until it is told to end" },
  },
  verdict: true,
  examples: ["gait regress run --junit gait-out/junit.xml", "gait regress run --watch"],
  needs: [...RUN_NEEDS, "timer"],
  async run(values, ports, invocation) {
    if (values.watch) {
      const { watched } = await import("../regress_watch.ts");
      return ok({ records: watched(values, ports, invocation) });
    }
    return await runSuite(values, ports, invocation.version);
  },
  lines: (report: RunReport) => runLines("regress run", report),
});
