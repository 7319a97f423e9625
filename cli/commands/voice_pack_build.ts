// `gait voice pack build`: `gait pack build` of a call.
import { JOB_ROOT } from "../config.ts";
import { preset } from "../preset.ts";
import packBuild from "./pack_build.ts";

export default preset(packBuild, {
  path: ["voice", "pack", "build"],
  summary: "Build the pack of a call",
  explain:
    "Puts a call, the promises made in it, what the gate said to them, and its run into one deterministic file that anybody can verify.",
  positionals: { name: "record", doc: "Call record", min: 0, max: Infinity, complete: "path" },
  examples: ["gait voice pack build --from call.json --out call.zip"],
}, { type: "call", "job-root": JOB_ROOT });
