// `gait demo`: a first runpack without any input.
import { ok, type Result } from "../../core/base/result.ts";
import { command, type Outcome } from "../command.ts";
import { type PolicyDemo, policyDemoLines } from "../demo_policy_view.ts";
import { type Demo, METRICS, standardDemo } from "../demo_run.ts";
import { VERSION } from "../version.ts";

export default command({
  path: ["demo"],
  summary: "Record, sign and verify a small run offline",
  explain:
    "Records three made-up tool calls as a signed runpack in ./gait-out and verifies it, without network or keys of yours.",
  flags: { policy: { kind: "switch", doc: "Write a policy and a call instead, and decide" } },
  examples: ["gait demo", "gait verify run_demo", "gait demo --policy"],
  needs: ["files", "store", "clock", "random", "host"],
  async run(values, ports): Promise<Result<Outcome<Demo | PolicyDemo>>> {
    if (values.policy) {
      const { policyDemo } = await import("../demo_policy.ts");
      const decided = await policyDemo(VERSION, METRICS, ports);
      return decided.ok ? ok({ exit: "ok", data: decided.value }) : decided;
    }
    const done = await standardDemo(ports);
    return done.ok ? ok({ exit: "ok", data: done.value.demo }) : done;
  },
  lines: (data: Demo | PolicyDemo) =>
    data.mode === "policy" ? policyDemoLines(data) : [
      `run_id=${data.run_id}`,
      `bundle=${data.bundle}`,
      `ticket_footer=${data.ticket_footer}`,
      `verify=${data.verify}`,
      `mode=${data.mode}`,
      `public_key_path=${data.public_key_path}`,
      `next=${data.next_commands.join("; ")}`,
      `metrics_opt_in=${data.metrics_opt_in}`,
    ],
});
