// `gait demo --policy`: writes a policy and a call, reads both back, and decides.
import { compilePolicy } from "../core/gate/compile.ts";
import { DEMO_POLICY, demoIntent } from "../core/gate/demo.ts";
import { evaluate } from "../core/gate/evaluate.ts";
import { INTENT_LIMIT, readIntent } from "../core/gate/intent_read.ts";
import { prepareIntent } from "../core/gate/prepare.ts";
import { utf8 } from "../core/base/bytes.ts";
import { joinPath } from "../core/base/paths.ts";
import { prettyText } from "../core/base/pretty.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { millisecondsBetween } from "../core/base/time.ts";
import type { Ports } from "../core/ports.ts";
import type { Decision } from "../core/gate/types.ts";
import type { PolicyDemo } from "./demo_policy_view.ts";
import { loadPolicy } from "./policy_file.ts";
import { replacedWith } from "./put_back.ts";
import { OUT_DIR, shownPath } from "./runpacks.ts";

type DemoPorts = Pick<Ports, "files" | "store" | "clock" | "host">;

/** Writes, reads back, decides. */
export async function policyDemo(version: string, metrics_opt_in: string, ports: DemoPorts): Promise<Result<PolicyDemo>> {
  const started = ports.clock.now();
  const policyPath = joinPath(OUT_DIR, "policy_demo_high_risk.yaml");
  const intentPath = joinPath(OUT_DIR, "intent_demo_delete.json");
  const policy = { path: policyPath, bytes: utf8(DEMO_POLICY) };
  const intent = { path: intentPath, bytes: utf8(prettyText(demoIntent(version))) };
  const decided = await replacedWith(policy, intent, ports, async () => {
    const written = await ports.store.write(intent.path, intent.bytes, "replace");
    return written.ok ? await decide(policyPath, intentPath, ports) : written;
  });
  if (!decided.ok) return decided;
  const { verdict, matched_rule, reason_codes } = decided.value;
  if (verdict !== "block") {
    return fail("verification_failed", `Cannot trust "${policyPath}": it was written to block, and decides ${verdict}`, {
      file: policyPath,
    });
  }
  const command = `gait gate eval --policy ${shownPath(policyPath)} --intent ${shownPath(intentPath)}`;
  return ok({
    ok: true,
    mode: "policy",
    bundle: shownPath(intentPath),
    pack_path: shownPath(policyPath),
    verify: "ok",
    policy_verdict: verdict,
    matched_rule,
    reason_codes,
    next_commands: [`gait policy validate ${shownPath(policyPath)}`, `${command} --json`],
    metrics_opt_in,
    duration_ms: millisecondsBetween(started, ports.clock.now()),
  });
}

async function decide(policyPath: string, intentPath: string, { files, host, clock }: DemoPorts): Promise<Result<Decision>> {
  const policy = await loadPolicy(policyPath, files);
  if (!policy.ok) return policy;
  const bytes = await files.read(intentPath, INTENT_LIMIT);
  if (!bytes.ok) return bytes;
  const intent = readIntent(bytes.value, intentPath);
  const prepared = intent.ok ? prepareIntent(intent.value, {}) : intent;
  if (!prepared.ok) return prepared;
  const conditions = { evaluation_time: clock.now(), kill_switch: { status: "none" }, inventory: undefined } as const;
  return ok(evaluate(host.crypto, compilePolicy(policy.value.policy), prepared.value.intent, conditions));
}
