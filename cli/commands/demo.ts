// `gait demo`: a first runpack without any input.
import { utf8 } from "../../core/base/bytes.ts";
import { publicKeyText } from "../../core/base/keys.ts";
import { joinPath, runpackName } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { millisecondsBetween } from "../../core/base/time.ts";
import { DEMO_RUN, demoRun } from "../../core/run/demo.ts";
import { ticketFooter } from "../../core/run/footer.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { command, type Outcome } from "../command.ts";
import { type PolicyDemo, policyDemoLines } from "../demo_policy_view.ts";
import { freshSigner } from "../key_sources.ts";
import { replacedWith } from "../put_back.ts";
import { OUT_DIR, shownPath } from "../runpacks.ts";
import { VERSION } from "../version.ts";
import { writeChecked } from "../write_checked.ts";

type Demo = {
  readonly ok: true;
  readonly mode: "standard";
  readonly run_id: string;
  readonly bundle: string;
  readonly ticket_footer: string;
  readonly verify: "ok";
  readonly signature_status: "signed";
  readonly signature_key_id: string;
  readonly public_key_path: string;
  readonly next_commands: readonly string[];
  readonly metrics_opt_in: string;
  readonly duration_ms: number;
};

const METRICS = "export GAIT_ADOPTION_LOG=./gait-out/adoption.jsonl";

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
    const started = ports.clock.now();
    const records = demoRun(ports.host.crypto, VERSION);
    if (!records.ok) return records;
    const { key } = await freshSigner(ports);
    const sealed = await sealRunpack(ports.host.crypto, records.value, "reference", key);
    if (!sealed.ok) return sealed;
    // The key goes first: a demo that is cut short then leaves no runpack whose key is missing.
    const keyPath = joinPath(OUT_DIR, "demo_public.key");
    const path = joinPath(OUT_DIR, runpackName(DEMO_RUN));
    const pack = () => writeChecked(path, sealed.value.bytes, key, ports);
    const bundle = { path, bytes: sealed.value.bytes };
    const written = await replacedWith({ path: keyPath, bytes: utf8(publicKeyText(key)) }, bundle, ports, pack);
    if (!written.ok) return written;
    const data: Demo = {
      ok: true,
      mode: "standard",
      run_id: DEMO_RUN,
      bundle: shownPath(path),
      ticket_footer: ticketFooter(DEMO_RUN, sealed.value.manifest.manifest_digest),
      verify: "ok",
      signature_status: "signed",
      signature_key_id: key.keyId,
      public_key_path: shownPath(keyPath),
      next_commands: [`gait verify ${DEMO_RUN} --public-key ${shownPath(keyPath)}`, `gait run inspect ${DEMO_RUN}`],
      metrics_opt_in: METRICS,
      duration_ms: millisecondsBetween(started, ports.clock.now()),
    };
    return ok({ exit: "ok", data });
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
