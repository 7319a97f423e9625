// What one rule makes of a call that it was taken for: its own effect, raised by each constraint that is not met (spec 02, section 5.4).
import type { Crypto } from "../base/host.ts";
import type { Call } from "./call.ts";
import type { CompiledRule } from "./compile.ts";
import { checkAgent } from "./constraint_agent.ts";
import { checkContext } from "./constraint_context.ts";
import { checkCredentials } from "./constraint_credentials.ts";
import { checkDataflow } from "./constraint_dataflow.ts";
import { checkEndpoint } from "./constraint_endpoint.ts";
import { checkFreezeWindow } from "./constraint_freeze_window.ts";
import { checkPhase } from "./constraint_phase.ts";
import { checkSandbox } from "./constraint_sandbox.ts";
import type { Finding } from "./finding.ts";
import type { FreezeWindowDecision, Rule, SandboxDecision, Verdict } from "./types.ts";
import { union } from "./demands.ts";
import { atLeast } from "./verdict.ts";

/** What one rule makes of a call. */
export type Effect = {
  readonly rule: Rule;
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  readonly freeze_window: FreezeWindowDecision | undefined;
  readonly sandbox: SandboxDecision | undefined;
};

/** The effect of a rule on a call at a moment. Constraints are asked in the order of the specification; none lowers the verdict. */
export function effectOf(crypto: Crypto, compiled: CompiledRule, call: Call, now: string): Effect {
  const { rule, endpoint } = compiled;
  const frozen = rule.freeze_window === undefined ? undefined : checkFreezeWindow(rule.freeze_window, call, now);
  const boxed = rule.sandbox === undefined ? undefined : checkSandbox(rule.sandbox, call);
  const findings: readonly (Finding | undefined)[] = [
    rule.dataflow === undefined ? undefined : checkDataflow(rule.dataflow, call),
    rule.endpoint === undefined || endpoint === undefined ? undefined : checkEndpoint(rule.endpoint, endpoint, call),
    checkContext(rule, call),
    checkAgent(rule, call, now),
    checkCredentials(crypto, rule, call),
    frozen?.finding,
    boxed?.finding,
    checkPhase(call, boxed?.decision),
  ];
  let verdict = rule.effect;
  const reasons = [compiled.reason_codes];
  const violations = [rule.violations];
  for (const finding of findings) {
    if (finding === undefined) continue;
    verdict = atLeast(verdict, finding.at_least);
    reasons.push(finding.reason_codes);
    violations.push(finding.violations);
  }
  return {
    rule,
    verdict,
    reason_codes: union(reasons),
    violations: union(violations),
    freeze_window: frozen?.decision,
    sandbox: boxed?.decision,
  };
}
