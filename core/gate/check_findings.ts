// What `check` finds (spec 02, section 1.6): how a policy fits the folder that it is for. Findings never refuse a policy.
import { lower } from "../base/text.ts";
import type { Detection } from "./detect.ts";
import type { Signals } from "./signals.ts";
import type { Policy } from "./types.ts";

/** One finding, as it is printed. */
export type Finding = {
  readonly code: string;
  readonly severity: "warning" | "info";
  readonly summary: string;
  readonly detected_surface: string;
  readonly remediation: string;
  readonly evidence: readonly string[];
};

/** What findings are drawn from. */
export type Checked = { readonly policy: Policy; readonly detection: Detection; readonly signals: Signals };

/** A kind of finding: when there is one, and what it goes by. `undefined` is none. */
type Check = Omit<Finding, "evidence"> & { evidence(checked: Checked): readonly string[] | undefined };

const when = (holds: boolean, evidence: readonly string[] = []): readonly string[] | undefined => holds ? evidence : undefined;

const named = ({ rules }: Policy): readonly string[] => [...new Set(rules.flatMap(({ match }) => match.tool_names))];
const found = ({ tools }: Detection): readonly string[] => tools.map(({ name }) => name);

const CHECKS: readonly Check[] = [
  {
    code: "policy.no_rules",
    severity: "warning",
    summary: "The policy has no rules",
    detected_surface: "policy.rules",
    remediation: "Add rules for the tools that your agents call; gait policy init writes some to begin with",
    evidence: ({ policy }) => when(policy.rules.length === 0),
  },
  {
    code: "policy.default_allow",
    severity: "warning",
    summary: "Calls that no rule matches are allowed",
    detected_surface: "policy.default_verdict",
    remediation: "Write default_verdict: block, and rules for what may happen",
    evidence: ({ policy }) => when(policy.default_verdict === "allow"),
  },
  {
    code: "policy.no_non_allow_rules",
    severity: "warning",
    summary: "No rule does anything but allow",
    detected_surface: "policy.rules",
    remediation: "Add rules that block, or ask for approval, where a call can do harm",
    evidence: ({ policy }) =>
      when(policy.rules.every(({ effect }) => effect === "allow"), policy.rules.map(({ name }) => name)),
  },
  {
    code: "repo.no_supported_framework_detected",
    severity: "info",
    summary: "No agent framework that gait knows was found in this folder",
    detected_surface: "repo.frameworks",
    remediation: "Nothing is wrong with that: call gait gate eval where your program calls its tools",
    evidence: ({ detection }) => when(detection.frameworks.length === 0),
  },
  {
    code: "repo.tool_inventory_uncovered",
    severity: "warning",
    summary: "Tools were found in this folder, and no rule names a tool",
    detected_surface: "repo.tools",
    remediation: "Name the tools in match.tool_names of your rules",
    evidence: ({ policy, detection }) => when(detection.tools.length > 0 && named(policy).length === 0, found(detection)),
  },
  {
    code: "repo.tool_inventory_name_mismatch",
    severity: "warning",
    summary: "The rules name tools, and none of those that were found in this folder",
    detected_surface: "repo.tools",
    remediation: "Use the names under which your program calls its tools",
    evidence({ policy, detection }) {
      const names = new Set(named(policy));
      const tools = found(detection);
      return when(tools.length > 0 && names.size > 0 && !tools.some((name) => names.has(lower(name))), tools);
    },
  },
  {
    code: "repo.generated_rules_available",
    severity: "info",
    summary: "Rules to begin with can be drawn from the tools that were found",
    detected_surface: "repo.signals",
    remediation: "Run gait init --out <file> in a new file and take them over from there",
    evidence: ({ signals: { starters } }) => when(starters.length > 0, starters.map(({ name }) => name)),
  },
  {
    code: "repo.manual_review_required",
    severity: "info",
    summary: "The names of some tools do not tell what they do",
    detected_surface: "repo.signals",
    remediation: "Decide for each of them which rule it belongs to",
    evidence: ({ signals: { unknown } }) => when(unknown.length > 0, unknown.flatMap(({ evidence }) => evidence)),
  },
  {
    code: "repo.no_high_confidence_signals",
    severity: "info",
    summary: "Nothing in this folder tells what its agents do",
    detected_surface: "repo.signals",
    remediation: "Write rules for the tools that your agents call; none could be drawn from here",
    evidence: ({ signals: { detected } }) => when(detected.length === 0),
  },
];

/** All findings, in the order of their table. */
export const findingsOf = (checked: Checked): readonly Finding[] =>
  CHECKS.flatMap(({ evidence, ...finding }) => {
    const seen = evidence(checked);
    return seen === undefined ? [] : [{ ...finding, evidence: seen }];
  });
