// What destroys is only planned, or needs approval (spec 02, section 6.9).
import type { Call } from "./call.ts";
import type { Finding } from "./finding.ts";
import type { SandboxDecision } from "./types.ts";

/** Only commands, in a sandbox that meets the rule: they need no approval of their own. */
const isContained = (call: Call, sandbox: SandboxDecision | undefined): boolean =>
  sandbox?.status === "valid" && call.targets.every((target) => target.endpoint_class === "proc.exec");

/** Finds a destructive target, which is only planned or needs approval. */
export function checkPhase(call: Call, sandbox: SandboxDecision | undefined): Finding | undefined {
  if (!call.destructive || isContained(call, sandbox)) return undefined;
  return call.context.phase === "plan"
    ? { at_least: "dry_run", reason_codes: ["plan_phase_non_destructive"], violations: [] }
    : { at_least: "require_approval", reason_codes: ["destructive_apply_requires_approval"], violations: [] };
}
