// `gait keys init`: makes a key pair.
import { makePair, PAIR_FLAGS, pairLines, type PairMade } from "../key_pair.ts";
import { command } from "../command.ts";
import { fail } from "../../core/base/result.ts";

export default command({
  path: ["keys", "init"],
  summary: "Make an Ed25519 key pair",
  explain: "Makes an Ed25519 key pair for signing and writes both halves as files that only their owner may read.",
  flags: { ...PAIR_FLAGS, force: { kind: "switch", doc: "Replace files that are there" } },
  examples: ["gait keys init", "gait keys init --out-dir ~/.gait/keys --prefix ops"],
  needs: ["files", "store", "random", "host"],
  run(values, ports) {
    if (values.prefix === "") return Promise.resolve(fail("flag_value", "Cannot make keys: --prefix must not be blank"));
    return makePair(values["out-dir"], values.prefix, values.force, ports);
  },
  lines: (data: PairMade) => pairLines("keys init", data),
});
