// `gait keys rotate`: makes the next key pair and leaves the old ones alone.
import { command } from "../command.ts";
import { makePair, PAIR_FLAGS, pairLines, type PairMade } from "../key_pair.ts";

export default command({
  path: ["keys", "rotate"],
  summary: "Make the next key pair beside the old one",
  explain: "Makes a new key pair whose file names carry the time, so that older keys stay and what they signed still verifies.",
  flags: PAIR_FLAGS,
  needs: ["files", "store", "random", "host", "clock"],
  run(values, ports) {
    const stamp = ports.clock.now().slice(0, 19).replaceAll(/[-:]/g, "");
    return makePair(values["out-dir"], `${values.prefix}_${stamp}Z`, false, ports);
  },
  lines: (data: PairMade) => pairLines("keys rotate", data),
});
