// What blocks when it is missing, before any rule is asked (spec 02, section 6.3). Of a script every step has to name it (decision 3).
import { trimmedSet } from "../base/text.ts";
import { HIGH_RISK_FIELDS } from "../schema/gate_words.ts";
import type { IntentContext } from "../schema/intent.ts";
import { NO_DEMANDS } from "./demands.ts";
import type { Flaw } from "./finding.ts";
import type { Decision, Intent, Policy, Step } from "./types.ts";

/** A block that no rule decided. */
export const blockedWith = (flaws: readonly Flaw[]): Decision => ({
  ...NO_DEMANDS,
  verdict: "block",
  reason_codes: trimmedSet(flaws.map(([code]) => code)),
  violations: trimmedSet(flaws.map(([, violation]) => violation)),
  matched_rule: "",
  matched_rules: [],
  delegation_matters: false,
  freeze_window: undefined,
  sandbox: undefined,
  kill_switch: undefined,
  script: undefined,
});

/** The decision about a call that is no valid intent, for programs that want one instead of a fault (section 5.1). */
export const invalidIntent = (): Decision => blockedWith([["fail_closed_intent_invalid", "intent_not_evaluable"]]);

const missing = (field: string): Flaw => [`fail_closed_missing_${field}`, `missing_${field}`];

const isUnknown = (step: Step): boolean => step.targets.some((target) => target.endpoint_class === "other");

/** Whether what every call has to name is there. A field that is not known here is not. */
function hasField(field: string, intent: Intent, calls: readonly Step[]): boolean {
  switch (field) {
    case "targets":
      return calls.every((call) => call.targets.length > 0);
    case "arg_provenance":
      return calls.every((call) => call.arg_provenance.length > 0);
    case "endpoint_class":
      return !calls.some(isUnknown);
    case "delegation":
      return intent.delegation !== undefined;
    case "context_evidence":
      return intent.context.context_set_digest !== "";
    default:
      return false;
  }
}

const flawOf = (field: string): Flaw =>
  field === "context_evidence" ? ["context_evidence_missing", "missing_context_evidence"] : missing(field);

const isHighRiskField = (field: string): field is typeof HIGH_RISK_FIELDS[number] =>
  HIGH_RISK_FIELDS.some((known) => known === field);

const hasHighRiskField = (field: string, context: IntentContext): boolean => {
  const value = isHighRiskField(field) ? context[field] : undefined;
  return value !== undefined && value !== "" && value !== 0;
};

/** The block for what a call does not name; undefined when the policy misses nothing, or does not ask. */
export function failClosed({ fail_closed: section }: Policy, intent: Intent): Decision | undefined {
  if (!section.enabled || !section.risk_classes.includes(intent.context.risk_class)) return undefined;
  const calls: readonly Step[] = [intent, ...(intent.script?.steps ?? [])];
  const flaws = [
    ...section.required_fields.filter((field) => !hasField(field, intent, calls)).map(flawOf),
    ...section.required_high_risk_fields.filter((field) => !hasHighRiskField(field, intent.context)).map(missing),
  ];
  if (calls.some(isUnknown)) flaws.push(["fail_closed_endpoint_class_unknown", "endpoint_class_unknown"]);
  return flaws.length === 0 ? undefined : blockedWith(flaws);
}
