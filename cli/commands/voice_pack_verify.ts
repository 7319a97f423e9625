// `gait voice pack verify`: `gait pack verify` under the name that those who know only calls look for.
import { preset } from "../preset.ts";
import packVerify from "./pack_verify.ts";

export default preset(packVerify, {
  path: ["voice", "pack", "verify"],
  summary: "Verify the pack of a call offline",
  examples: ["gait voice pack verify call.zip"],
});
