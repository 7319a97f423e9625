// `gait regress init`: a run becomes a fixture, and the suite lists it.
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";
import { INIT_FLAGS, INIT_NEEDS, initFixture } from "../regress_init.ts";
import { madeLines, type MadeReport, madeReport } from "../regress_made.ts";

export default command({
  path: ["regress", "init"],
  summary: "Make a fixture of a run",
  explain:
    "Copies a run that holds to fixtures/<name>, notes what it did as what is expected, and lists all fixtures in gait.yaml.",
  flags: INIT_FLAGS,
  examples: ["gait regress init --from run_demo", "gait regress init --from s_chain.json --checkpoint 2 --name night"],
  needs: INIT_NEEDS,
  async run(values, ports) {
    const made = await initFixture(values, ports);
    return made.ok ? ok({ exit: "ok", data: madeReport(made.value) }) : made;
  },
  lines: (report: MadeReport) => madeLines("regress init", report),
});
