// `gait tour`: the whole way once, from a run to a regression that passes on it.
import { ok, type Result } from "../../core/base/result.ts";
import { millisecondsBetween } from "../../core/base/time.ts";
import { command, type Outcome } from "../command.ts";
import { METRICS, standardDemo } from "../demo_run.ts";
import { initFixture } from "../regress_init.ts";
import { runSuite } from "../regress_run.ts";
import { verifyAt } from "../verify_at.ts";

type Tour = {
  readonly ok: boolean;
  readonly mode: "activation";
  readonly run_id: string;
  readonly verify_path: string;
  readonly verify_status: "ok" | "failed";
  readonly fixture_name: string;
  readonly fixture_dir: string;
  readonly regress_status: "" | "pass" | "fail";
  readonly regress_failed: number;
  readonly next_commands: readonly string[];
  readonly branch_hints: readonly string[];
  readonly metrics_opt_in: string;
  readonly duration_ms: number;
};

const SUITE = {
  config: "gait.yaml",
  output: "gait-out/tour_regress_result.json",
  junit: "gait-out/tour_junit.xml",
  "allow-nondeterministic": false,
  "context-conformance": false,
  "allow-context-runtime-drift": false,
} as const;

const BRANCHES = [
  "see a dangerous call blocked: gait demo --policy",
  "take a run of your own: gait run record --input <file>, then gait regress bootstrap --from <run_id>",
  "put the gate before your tools: gait init",
];

export default command({
  path: ["tour"],
  summary: "Walk from a run to a regression offline",
  explain:
    "Records a small run, verifies it, makes a fixture of it and grades the suite: demo, verify, regress init, regress run.",
  flags: {},
  examples: ["gait tour"],
  needs: ["files", "store", "machine", "clock", "random", "host", "progress"],
  async run(_, ports, { version }): Promise<Result<Outcome<Tour>>> {
    const started = ports.clock.now();
    const done = await standardDemo(ports);
    if (!done.ok) return done;
    const { demo: { run_id, next_commands: [verify = ""] }, path, key } = done.value;
    const report = await verifyAt(path, { key, requireSignature: true, refuseUndeclared: true }, ports);
    if (!report.ok) return report;
    const toured = (rest: Partial<Tour>): Tour => ({
      ok: false,
      mode: "activation",
      run_id,
      verify_path: path,
      verify_status: report.value.ok ? "ok" : "failed",
      fixture_name: "",
      fixture_dir: "",
      regress_status: "",
      regress_failed: 0,
      next_commands: [verify, "gait regress run"],
      branch_hints: BRANCHES,
      metrics_opt_in: METRICS,
      duration_ms: millisecondsBetween(started, ports.clock.now()),
      ...rest,
    });
    if (!report.value.ok) return ok({ exit: "verification", data: toured({}) });
    const made = await initFixture({ from: run_id }, ports);
    if (!made.ok) return made;
    const ran = await runSuite(SUITE, ports, version);
    if (!ran.ok) return ran;
    const { fixture_name, fixture_dir } = made.value;
    const { ok: passed, status, failed } = ran.value.data;
    const data = toured({ ok: passed, fixture_name, fixture_dir, regress_status: status, regress_failed: failed });
    return ok({ exit: ran.value.exit, data });
  },
  lines: (tour: Tour) => [
    `1. recorded: run ${tour.run_id} (gait demo)`,
    `2. verify ${tour.verify_status}: ${tour.verify_path} (gait verify)`,
    ...(tour.fixture_dir === "" ? [] : [`3. fixture: ${tour.fixture_dir} (gait regress init)`]),
    ...(tour.regress_status === "" ? [] : [
      `4. regress ${tour.regress_status}${
        tour.regress_failed === 0 ? "" : `, ${tour.regress_failed} failed`
      }: ${SUITE.output} (gait regress run)`,
    ]),
    ...tour.next_commands.map((line) => `next: ${line}`),
    ...tour.branch_hints,
    `metrics_opt_in=${tour.metrics_opt_in}`,
  ],
});
