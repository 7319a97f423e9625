// What lint can find in a policy, by stable code: how much it matters and what to do about it. Output, SARIF and the docs read this table.
import type { JsonObject } from "../base/json.ts";

/** error: part of the policy does nothing. warning: it probably does something else than was meant. info: worth knowing. */
export type Severity = "error" | "warning" | "info";

type Row = { readonly severity: Severity; readonly summary: string; readonly remedy: string };

const rows = {
  never_matches: {
    severity: "error",
    summary: "No call can match the rule",
    remedy: "Mend the condition that the message names, or take the rule out",
  },
  shadowed: {
    severity: "error",
    summary: "Rules of lower priority numbers take every call that the rule matches",
    remedy: "Give the rule a lower priority number than theirs, or take it out",
  },
  never_wins: {
    severity: "warning",
    summary: "Stronger rules of the same tier always match with the rule",
    remedy: "Give the rule a priority of its own before theirs if its calls are an exception, or take it out",
  },
  tier_disagrees: {
    severity: "warning",
    summary: "Two rules of one tier match a call and decide differently",
    remedy: "Give the one that should win the lower priority number, or narrow one of them",
  },
  tier_exception: {
    severity: "info",
    summary: "Within a tier a stronger rule is the exception to a weaker one",
    remedy: "Leave it if it is meant; a lower priority number for the exception would say so",
  },
  allow_before_block: {
    severity: "warning",
    summary: "An allow takes calls that a block of a later tier is about",
    remedy: "Give the block the lower priority number, or narrow the allow to what it is meant for",
  },
  pairs_left_out: {
    severity: "info",
    summary:
      "So many rules may meet that not all pairs of them were compared: some that get in each other's way may not be told",
    remedy: "Name tools in more rules, or hold the rules against calls by policy test",
  },
  matches_everything: {
    severity: "warning",
    summary: "The rule has no condition and matches every call",
    remedy: "Say in match what the rule is about; what holds for all other calls is default_verdict",
  },
  unknown_word: {
    severity: "warning",
    summary: "A condition lists a value that no call can have",
    remedy: "Mend the value, or take it out",
  },
  repeated_name: {
    severity: "warning",
    summary: "Several rules have one name, so that a verdict does not say which of them matched",
    remedy: "Give each rule a name of its own",
  },
  comma_in_name: {
    severity: "warning",
    summary: "Names of rules are joined by commas in matched_rule, and one holds a comma",
    remedy: "Take the comma out of the name",
  },
  default_not_written: {
    severity: "warning",
    summary: "The policy does not say what happens to calls that no rule matches; they wait for approval",
    remedy: "Write default_verdict: block",
  },
  default_allow_without_block: {
    severity: "warning",
    summary: "Calls that no rule matches are allowed, and nothing is ever blocked",
    remedy: "Write default_verdict: block, or rules that block what must not happen",
  },
  destructive_by_default: {
    severity: "warning",
    summary: "No rule is about destructive calls, and the default verdict lets them through",
    remedy: "Add a rule for the endpoint classes fs.delete and proc.exec, or write default_verdict: block",
  },
  destructive_tool_allowed: {
    severity: "info",
    summary:
      "A rule allows a tool whose name says that it destroys; a call of it that names no destructive target is let through",
    remedy: "Add an endpoint section with destructive_action, or make the effect require_approval",
  },
  fail_closed_off: {
    severity: "warning",
    summary: "fail_closed lists what it demands and is not enabled",
    remedy: "Write enabled: true in fail_closed, or take the section out",
  },
  freeze_window_invalid: {
    severity: "error",
    summary: "The freeze window cannot be evaluated, so that every call which meets it is blocked",
    remedy: "Give an IANA time zone, and starts before ends, such as 2026-12-24T18:00:00",
  },
  pattern_doubtful: {
    severity: "warning",
    summary: "A pattern of the endpoint section is not in the form in which targets are compared",
    remedy: "Write paths cleaned and domains as bare names; escape what is meant as it stands with a backslash",
  },
  allowlist_without_targets: {
    severity: "warning",
    summary: "A rule lets calls through whose targets are on a list, and calls that name no target too",
    remedy: "Say in match which target_kinds the rule is about",
  },
  setting_without_effect: {
    severity: "warning",
    summary: "A setting can never matter where it stands",
    remedy: "Take the setting out, or change what keeps it from mattering",
  },
  prefix_without_slash: {
    severity: "info",
    summary: "Workspace prefixes are compared letter by letter, not by folder",
    remedy: "End the prefix with a slash, and list the folder itself beside it if it is a workspace too",
  },
  star_as_text: {
    severity: "warning",
    summary: "A text of match holds a star, which is no pattern there: match compares whole texts",
    remedy: "List the texts themselves; paths and domains by pattern are what the endpoint section compares",
  },
  hint_inside_word: {
    severity: "info",
    summary: "A word inside the tool's name gives its targets an endpoint class",
    remedy: "Let callers name endpoint_class or operation in the targets of this tool",
  },
  risk_class_unusual: {
    severity: "info",
    summary: "A risk class is none of low, medium, high and critical",
    remedy: "Check the spelling: callers have to use the same word",
  },
  delegation_claimed: {
    severity: "warning",
    summary: "The rule lets calls through by a delegation that nobody has to prove",
    remedy: "Write require_delegation: true in match, so that every hop needs a signed token",
  },
  claims_trusted: {
    severity: "info",
    summary: "The rule lets calls through by inventory facts that a caller may claim when no inventory names the tool",
    remedy: "Evaluate with an inventory, or with profile oss-prod, which ignores claims",
  },
  oss_prod_refused: {
    severity: "info",
    summary: "Profile oss-prod refuses the policy",
    remedy: "Before profile oss-prod is used: no default allow, and a broker credential in rules for high or critical risk",
  },
  oss_prod_escapes: {
    severity: "info",
    summary: "Profile oss-prod demands a broker credential only of rules that name high or critical risk",
    remedy: "Name risk classes in the rule, or set require_broker_credential",
  },
} as const satisfies Readonly<Record<string, Row>>;

/** The stable code of a finding. */
export type LintCode = keyof typeof rows;

/** Every code, in the order in which they are listed. */
export const LINT: Readonly<Record<LintCode, Row>> = rows;

/** A finding and where it is, as a JSON pointer into the policy. `rule` is empty when it is about the policy. */
export type Found = {
  readonly code: LintCode;
  readonly severity: Severity;
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
  readonly pointer: string;
  /** Where `pointer` names a list: the text in it that is meant. */
  readonly word?: string;
  /** Other rules that it is about. */
  readonly related?: readonly string[];
  /** A call that shows it: an intent request. */
  readonly example?: JsonObject;
};

/** Makes a finding of its code and what is particular to it. */
export const finding = (
  code: LintCode,
  rule: string,
  pointer: string,
  message: string,
  more: Pick<Found, "word" | "related" | "example"> = {},
): Found => {
  const { severity, remedy } = LINT[code];
  return { code, severity, rule, message, remedy, pointer, ...more };
};
