// `gait check`: whether the policy of a project fits what is in its folder. It changes nothing.
import { type Fault, ok } from "../../core/base/result.ts";
import { type Finding, findingsOf } from "../../core/gate/check_findings.ts";
import { CONTRACT } from "../../core/gate/contract_paths.ts";
import { LINT } from "../../core/gate/lint_codes.ts";
import { wholePolicy } from "../../core/gate/lint_policy.ts";
import type { LoadedPolicy } from "../../core/gate/policy_source.ts";
import type { Signal } from "../../core/gate/signals.ts";
import { command } from "../command.ts";
import { detectionJson, type Folder, HOW, lookAround, REFUSAL, REFUSAL_ALWAYS } from "../onboarding.ts";
import { loadPolicy } from "../policy_file.ts";
import { shellWord } from "../runpacks.ts";

type Checked = {
  readonly ok: boolean;
  readonly policy_path: string;
  readonly default_verdict?: string;
  readonly rule_count?: number;
  readonly detection: Readonly<Record<string, readonly string[]>>;
  readonly detected_signals?: readonly Signal[];
  readonly unknown_signals?: readonly Signal[];
  readonly contract: typeof CONTRACT;
  readonly findings?: readonly Finding[];
  readonly gap_warnings?: readonly string[];
  readonly next_commands?: readonly string[];
  readonly summary?: string;
  readonly warnings?: readonly string[];
};

// A policy that leaves the default out means more than it says.
const advice = ({ policy, source }: LoadedPolicy): readonly string[] =>
  wholePolicy(policy, source).filter(({ code }) => code === "default_not_written").map(({ code, message }) =>
    `${message}; ${LINT[code].remedy.charAt(0).toLowerCase()}${LINT[code].remedy.slice(1)}`
  );

function checked(path: string, loaded: LoadedPolicy, { detection, signals, warnings }: Folder): Checked {
  const { policy } = loaded;
  const findings = findingsOf({ policy, detection, signals });
  const gaps = findings.filter(({ severity }) => severity === "warning").map(({ summary }) => summary);
  const file = shellWord(path);
  return {
    ok: true,
    policy_path: path,
    default_verdict: policy.default_verdict,
    rule_count: policy.rules.length,
    detection: detectionJson(detection),
    detected_signals: signals.detected,
    unknown_signals: signals.unknown,
    contract: CONTRACT,
    findings,
    gap_warnings: gaps,
    next_commands: [`gait policy validate ${file}`, `gait gate eval --policy ${file} --intent intent.json`],
    summary: `check ok: ${path} default_verdict=${policy.default_verdict} rules=${policy.rules.length} ` +
      `warnings=${gaps.length} notes=${findings.length - gaps.length}`,
    warnings: [...advice(loaded), ...warnings],
  };
}

const refused = (policy_path: string, fault: Fault) =>
  ok({ exit: "usage", data: { ok: false, policy_path, ...REFUSAL }, fault, always: REFUSAL_ALWAYS } as const);

export default command({
  path: ["check"],
  summary: "Check the policy of this project",
  explain:
    `Reads a policy and says, without changing anything, how it fits what the working folder tells of its agents by ${HOW}.`,
  flags: {
    policy: {
      kind: "text",
      doc: "Policy file",
      default: CONTRACT.repo_policy_path,
      required: true,
      value: "file",
      complete: "path",
    },
  },
  examples: ["gait check", "gait check --policy gait.policy.yaml --json"],
  verdict: true,
  refusal: REFUSAL,
  refusalAlways: REFUSAL_ALWAYS,
  needs: ["files"],
  async run({ policy: path }, { files }) {
    const loaded = await loadPolicy(path, files);
    if (!loaded.ok) return refused(path, loaded.fault);
    const folder = await lookAround(files);
    return ok({ exit: "ok", data: checked(path, loaded.value, folder) satisfies Checked, always: REFUSAL_ALWAYS });
  },
  lines: ({ ok: holds, summary = "", findings = [], warnings = [], next_commands = [] }: Checked) =>
    holds
      ? [
        summary,
        ...findings.map(({ code, severity, summary, remediation }) => `${severity} ${code}: ${summary}. ${remediation}`),
        ...warnings.map((warning) => `warning: ${warning}`),
        ...next_commands.map((next) => `next: ${next}`),
      ]
      : [],
});
