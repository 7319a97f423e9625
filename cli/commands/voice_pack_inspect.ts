// `gait voice pack inspect`: `gait pack inspect` under the name that those who know only calls look for.
import { preset } from "../preset.ts";
import packInspect from "./pack_inspect.ts";

export default preset(packInspect, {
  path: ["voice", "pack", "inspect"],
  summary: "Show what the pack of a call says",
  examples: ["gait voice pack inspect call.zip"],
});
