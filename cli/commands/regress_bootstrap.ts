// `gait regress bootstrap`: a run becomes a fixture, and the whole suite is graded.
import { ok, type Result } from "../../core/base/result.ts";
import { command, type Outcome } from "../command.ts";
import { INIT_FLAGS, INIT_NEEDS, initFixture, type Made } from "../regress_init.ts";
import { runLines, type RunReport } from "../regress_report.ts";
import { RUN_FLAGS, RUN_NEEDS, runSuite } from "../regress_run.ts";

type Bootstrapped = Made & Omit<RunReport, "fixture_set" | "graders">;

export default command({
  path: ["regress", "bootstrap"],
  summary: "Make a fixture of a run and grade the suite",
  explain: "Makes a fixture of a run as regress init does, then grades every fixture of the suite as regress run does.",
  flags: { ...INIT_FLAGS, ...RUN_FLAGS },
  verdict: true,
  examples: ["gait regress bootstrap --from run_demo --junit gait-out/junit.xml"],
  needs: [...INIT_NEEDS, ...RUN_NEEDS],
  async run(values, ports, { version }): Promise<Result<Outcome<Bootstrapped>>> {
    const made = await initFixture(values, ports);
    if (!made.ok) return made;
    const ran = await runSuite(values, ports, version);
    if (!ran.ok) return ran;
    const { fixture_set: _, graders: __, ...report } = ran.value.data;
    return ok({
      exit: ran.value.exit,
      data: { ...made.value, ...report, warnings: [...made.value.warnings, ...report.warnings] },
    });
  },
  lines: (data: Bootstrapped) => [...runLines("regress bootstrap", data), `fixture=${data.fixture_dir}`],
});
