// `gait regress add`: what was captured becomes a fixture, beside all that `regress init` takes.
import { ok, type Result } from "../../core/base/result.ts";
import { command, type Outcome } from "../command.ts";
import { INIT_FLAGS, INIT_NEEDS, makeFixture } from "../regress_init.ts";
import { madeLines, type MadeReport, madeReport } from "../regress_made.ts";
import { addedSource } from "../regress_receipt.ts";

type Added = (MadeReport | { readonly ok: false }) & { readonly source: string };

export default command({
  path: ["regress", "add"],
  summary: "Make a fixture of what was captured",
  explain: "Makes a fixture of the artifact of a capture receipt, or of a run as regress init does, and lists it in gait.yaml.",
  flags: {
    ...INIT_FLAGS,
    from: { ...INIT_FLAGS.from, doc: "Receipt of gait capture, run id, runpack, run pack or session chain" },
  },
  examples: ["gait regress add --from gait-out/capture.json", "gait regress add --from run_demo --name first"],
  needs: INIT_NEEDS,
  async run({ from, name = "", checkpoint = "" }, ports): Promise<Result<Outcome<Added>>> {
    const source = await addedSource(from, checkpoint, ports);
    const made = source.ok ? await makeFixture(source.value, name, ports) : source;
    return made.ok
      ? ok({ exit: "ok", data: { ...madeReport(made.value), source: from } })
      : ok({ exit: "usage", data: { ok: false, source: from }, fault: made.fault });
  },
  lines: (added: Added) => added.ok ? [...madeLines("regress add", added), `source=${added.source}`] : [],
});
