// `gait voice pack diff`: `gait pack diff` under the name that those who know only calls look for.
import { preset } from "../preset.ts";
import packDiff from "./pack_diff.ts";

export default preset(packDiff, {
  path: ["voice", "pack", "diff"],
  summary: "Compare the packs of two calls",
  examples: ["gait voice pack diff yesterday.zip today.zip"],
});
