// An emergency stop (spec 02, section 6.10): an active entry blocks whatever was decided, and it sees every step of a script.
import { lower, trimmedSet } from "../base/text.ts";
import type { Target } from "../schema/intent.ts";
import { union } from "./demands.ts";
import { domainReadings } from "./domain.ts";
import { domainForms } from "./domain_forms.ts";
import { blockedWith } from "./fail_closed.ts";
import { isGiven, isReached } from "./moment.ts";
import { maybeBelow, pathForms } from "./path_forms.ts";
import type { Conditions, Decision, Intent, KillSwitchDecision, KillSwitchEntry } from "./types.ts";

const UNAVAILABLE = "kill_switch_state_unavailable";

/** The block for a kill switch that is needed and cannot be read. */
export const killSwitchUnavailable = (now: string): Decision => ({
  ...blockedWith([[UNAVAILABLE, UNAVAILABLE]]),
  kill_switch: {
    status: "unavailable",
    reason_code: UNAVAILABLE,
    reason_codes: [UNAVAILABLE],
    matched_entry_ids: [],
    evaluated_at: now,
  },
});

/** All tools and targets of a call, those of its steps among them. */
type Reach = { readonly tools: readonly string[]; readonly targets: readonly Target[] };

const reachOf = ({ tool_name, targets, script }: Intent): Reach =>
  script === undefined ? { tools: [tool_name], targets } : {
    tools: [tool_name, ...script.steps.map((step) => step.tool_name)],
    targets: [...targets, ...script.steps.flatMap((step) => step.targets)],
  };

// A stop holds for a path or a host in whatever spelling it comes (decision 2).
const spellings = (kind: string, value: string): readonly string[] => {
  if (kind === "path") return [pathForms(value).cleaned];
  return kind === "host" ? domainReadings(kind, value).map((domain) => domainForms(domain).cleaned) : [];
};

const isValue = (wanted: string, { kind, value }: Target): boolean => {
  if (wanted === "" || value === wanted) return true;
  const known = spellings(kind, wanted);
  return spellings(kind, value).some((text) => text === wanted || known.includes(text));
};

const isTarget = ({ target_kind, target_value }: KillSwitchEntry, target: Target): boolean =>
  (target_kind === "" || target.kind === target_kind) && isValue(target_value, target);

type Selector = readonly [name: string, given: boolean, met: () => boolean];

/** The reason codes of the selectors that an entry gives; undefined when the call does not meet all of them. */
function selected(entry: KillSwitchEntry, { context }: Intent, { tools, targets }: Reach): readonly string[] | undefined {
  const all: readonly Selector[] = [
    ["agent_id", entry.agent_id !== "", () => context.agent_id === entry.agent_id],
    ["identity", entry.identity !== "", () => context.identity === entry.identity],
    ["tool_name", entry.tool_name !== "", () => tools.includes(entry.tool_name)],
    ["environment", entry.environment !== "", () => lower(context.environment) === entry.environment],
    ["target", entry.target_kind !== "" || entry.target_value !== "", () => targets.some((target) => isTarget(entry, target))],
    [
      "path",
      entry.path_prefixes.length > 0,
      () => targets.some(({ kind, value }) => kind === "path" && maybeBelow(value, entry.path_prefixes)),
    ],
    ["workspace", entry.workspace_prefixes.length > 0, () => maybeBelow(context.workspace, entry.workspace_prefixes)],
  ];
  const given = all.filter(([, is]) => is);
  return given.every(([, , met]) => met()) ? given.map(([name]) => `kill_switch_${name}_active`) : undefined;
}

/** Whether an entry has ended by itself. */
export const isOver = ({ expires_at }: Pick<KillSwitchEntry, "expires_at">, now: string): boolean =>
  isGiven(expires_at) && isReached(expires_at, now);

/** What the entries say of a call. An entry without selectors is a stop for every call. */
function ask(entries: readonly KillSwitchEntry[], intent: Intent, now: string): KillSwitchDecision {
  const reach = reachOf(intent);
  const ids: string[] = [];
  const codes: string[] = [];
  for (const entry of entries) {
    if (!entry.enabled || isOver(entry, now)) continue;
    const own = selected(entry, intent, reach);
    if (own === undefined) continue;
    ids.push(entry.entry_id);
    codes.push("kill_switch_active", ...own);
  }
  const reason_codes = trimmedSet(codes);
  return {
    status: codes.length === 0 ? "inactive" : "active",
    reason_code: reason_codes.find((code) => code !== "kill_switch_active") ?? reason_codes[0] ?? "",
    reason_codes,
    matched_entry_ids: trimmedSet(ids),
    evaluated_at: now,
  };
}

/** The decision, stopped where an entry is active. What it demands stays known. */
export function withKillSwitch(decision: Decision, intent: Intent, { kill_switch, evaluation_time }: Conditions): Decision {
  if (kill_switch.status !== "read") return decision;
  const asked = ask(kill_switch.entries, intent, evaluation_time);
  if (asked.status !== "active") return { ...decision, kill_switch: asked };
  return {
    ...decision,
    verdict: "block",
    reason_codes: union([decision.reason_codes, asked.reason_codes]),
    violations: union([decision.violations, ["kill_switch_active"]]),
    kill_switch: asked,
  };
}
