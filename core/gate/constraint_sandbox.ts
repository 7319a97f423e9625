// What sandbox the call has to prove (spec 02, section 6.8).
import type { IntentSandbox } from "../schema/intent.ts";
import type { Call } from "./call.ts";
import { blockedBy, type Finding } from "./finding.ts";
import { isPlain, staysBelow, surelyBelow } from "./path_forms.ts";
import type { SandboxDecision, SandboxRule } from "./types.ts";

const NOTHING: Omit<SandboxDecision, "status" | "reason_codes"> = {
  network_mode: "",
  env_exposure_mode: "",
  timeout_seconds: 0,
  filesystem_isolation: "",
  user_mode: "",
  evidence_ref: "",
  evidence_digest: "",
};

const MODES = [
  ["network_mode", "allowed_network_modes"],
  ["env_exposure_mode", "allowed_env_exposure_modes"],
  ["filesystem_isolation", "allowed_filesystem_isolations"],
  ["user_mode", "allowed_user_modes"],
] as const;

function codesOf(rule: SandboxRule, given: IntentSandbox): string[] {
  const codes: string[] = [];
  if (given.evidence_ref === "" || given.evidence_digest === "") codes.push("sandbox_evidence_missing");
  for (const [mode, list] of MODES) {
    const allowed = rule[list];
    if (given[mode] === "") codes.push(`sandbox_${mode}_missing`);
    else if (allowed.length > 0 && !allowed.includes(given[mode])) codes.push(`sandbox_${mode}_disallowed`);
  }
  const most = rule.max_timeout_seconds;
  if (given.timeout_seconds <= 0) codes.push("sandbox_timeout_missing");
  else if (most > 0 && given.timeout_seconds > most) codes.push("sandbox_timeout_exceeded");
  const { allowed_writable_path_prefixes: prefixes, required_read_only_roots: roots } = rule;
  if (prefixes.length > 0 && !given.writable_paths.every((path) => surelyBelow(path, prefixes))) {
    codes.push("sandbox_writable_path_disallowed");
  }
  const declared = given.read_only_roots.filter(isPlain);
  if (!roots.every((root) => declared.some((path) => staysBelow(root, path)))) codes.push("sandbox_read_only_root_missing");
  return codes.sort();
}

/** Finds what the call's sandbox lacks, and says what it is. */
export function checkSandbox(
  rule: SandboxRule,
  { context: { sandbox: given } }: Call,
): { readonly decision: SandboxDecision; readonly finding: Finding | undefined } {
  const codes = given === undefined ? ["sandbox_metadata_missing"] : codesOf(rule, given);
  const status = codes.length === 0 ? "valid" : codes.some((code) => code.endsWith("_missing")) ? "missing" : "disallowed";
  const { network_mode, env_exposure_mode, timeout_seconds, filesystem_isolation, user_mode, evidence_ref, evidence_digest } =
    given ?? NOTHING;
  return {
    decision: {
      status,
      network_mode,
      env_exposure_mode,
      timeout_seconds,
      filesystem_isolation,
      user_mode,
      evidence_ref,
      evidence_digest,
      reason_codes: codes,
    },
    finding: blockedBy(codes),
  };
}
