// `gait verify session-chain`: says whether the checkpoints of a session still link, and whether their runpacks hold.
import { fail, ok } from "../../core/base/result.ts";
import { CHAIN_LIMIT, readChain } from "../../core/run/chain.ts";
import { type ChainReport, verifySessionChain } from "../../core/run/session_chain.ts";
import { command } from "../command.ts";
import { loadTrust, TRUST_FLAGS } from "../profile.ts";
import { oneArgument } from "../runpacks.ts";

type Verified = ChainReport & { readonly chain_path: string };

export default command({
  path: ["verify", "session-chain"],
  summary: "Verify the chain of a session",
  explain:
    "Checks that each checkpoint of a session follows from the one before, and verifies the runpack of every checkpoint.",
  positionals: { name: "chain", doc: "Chain of a session", min: 0, max: 1, complete: "path" },
  flags: {
    chain: { kind: "text", doc: "Chain of a session; the same as the argument", value: "file", complete: "path" },
    ...TRUST_FLAGS,
  },
  verdict: true,
  examples: ["gait verify session-chain s_chain.json"],
  needs: ["files", "env", "host", "progress"],
  async run(values, ports) {
    const given = oneArgument(values.chain, values.positionals, "chain");
    if (!given.ok) return given;
    const path = given.value;
    if (path === "") return fail("missing_argument", "Cannot verify: expected the chain of a session");
    const trust = await loadTrust(values, ports);
    if (!trust.ok) return trust;
    const bytes = await ports.files.read(path, CHAIN_LIMIT);
    if (!bytes.ok) return bytes;
    const chain = readChain(bytes.value, path);
    if (!chain.ok) return chain;
    let opened = 0;
    const total = chain.value.checkpoints.length;
    const report = await verifySessionChain(ports.host, chain.value, (runpack) => {
      ports.progress.report(`verify ${path}`, opened++, total);
      return ports.files.open(runpack);
    }, trust.value);
    const data: Verified = { ...report, chain_path: path };
    return ok({ exit: data.ok ? "ok" : "verification", data });
  },
  lines: (data) => [
    `verify session-chain ${data.ok ? "ok" : "failed"}: ${data.chain_path}`,
    `session ${data.session_id}, run ${data.run_id}, ${data.checkpoints_checked} checkpoints checked`,
    ...data.linkage_errors.map((text) => `link: ${text}`),
    ...data.checkpoint_errors.map((text) => `runpack: ${text}`),
  ],
});
