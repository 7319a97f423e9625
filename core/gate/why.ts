// Why a call got its verdict, as data: what decided, which rules came close and on what each failed, and the smallest change of the
// call that would change the verdict. Nothing here decides: it asks the evaluator.
import type { Crypto } from "../base/host.ts";
import { type Call, callOf } from "./call.ts";
import type { CompiledPolicy, CompiledRule } from "./compile.ts";
import { type Condition, holds } from "./condition.ts";
import { effectOf } from "./effect.ts";
import { takenRules } from "./match.ts";
import type { Conditions, Decision, Intent, Verdict } from "./types.ts";
import { levers } from "./why_levers.ts";
import { type AskedCall, type SearchResult, smallestChange } from "./why_search.ts";

export type { AskedCall, CallChange, SearchResult } from "./why_search.ts";

/** A rule as it is named. */
export type NamedRule = { readonly name: string; readonly priority: number; readonly effect: Verdict };

/** A rule that was not taken, and what kept it out. */
export type NearRule = NamedRule & {
  /** How many of its conditions hold. */
  readonly holds: number;
  readonly of: number;
  /** The first of its conditions that fails; undefined: all hold, and a rule of a lower number was taken. */
  readonly failed: FailedCondition | undefined;
  /** All of its conditions that fail, `failed` the first of them. */
  readonly failing: readonly FailedCondition[];
};

/** A condition that fails: what the rule wants of a field, and what the call has there. */
export type FailedCondition = {
  readonly field: Condition["field"];
  readonly op: Condition["op"];
  readonly wanted: readonly string[];
  readonly found: readonly string[];
};

/** What a verdict came from. */
export type DecidedBy = "kill_switch" | "fail_closed" | "rules" | "default" | "script";

/** Why a call got its verdict: that of the policy, before limits, tokens and simulation. */
export type Why = {
  readonly verdict: Verdict;
  readonly decided_by: DecidedBy;
  /** The rules taken, and what each makes of the call: its effect, raised by what it demands. The strongest is the verdict. */
  readonly rules: readonly (NamedRule & { readonly became: Verdict })[];
  /** Of a script: the step whose rules are told, the first of those with the strongest verdict. */
  readonly step: number | undefined;
  /** The nearest rules that were not taken, the nearest first. */
  readonly near: readonly NearRule[];
  readonly reason_codes: readonly string[];
  readonly search: SearchResult;
};

const MOST_NEAR = 3;
const MOST_LATER = 2;
const MOST_TRIED_RULES = 32;
const MOST_STEPS = 3;

const foundFor = (condition: Condition, call: Call): readonly string[] => {
  switch (condition.op) {
    case "in": {
      const text = call.one[condition.field];
      return text === undefined ? [] : [text];
    }
    case "prefix":
      return [call.workspace];
    case "some_target":
    case "some_argument":
    case "some_link":
      return call.some[condition.field].filter((text) => text !== "");
    case "delegated":
      return [];
    case "chain_depth":
      return call.depth === undefined ? [] : [String(call.depth)];
    default:
      return condition satisfies never;
  }
};

const wantedBy = (condition: Condition): readonly string[] => {
  switch (condition.op) {
    case "delegated":
      return [];
    case "chain_depth":
      return [String(condition.most)];
    default:
      return condition.values;
  }
};

const failedOf = (condition: Condition, call: Call): FailedCondition => ({
  field: condition.field,
  op: condition.op,
  wanted: wantedBy(condition),
  found: foundFor(condition, call),
});

type Weighed = { readonly compiled: CompiledRule; readonly lacks: readonly Condition[]; readonly holds: number };

function weigh(compiled: CompiledRule, call: Call): Weighed {
  const lacks = compiled.conditions.filter((condition) => !holds(condition, call));
  return { compiled, lacks, holds: compiled.conditions.length - lacks.length };
}

function nearOf({ compiled, lacks, holds }: Weighed, call: Call): NearRule {
  const failing = lacks.map((condition) => failedOf(condition, call));
  return { ...compiled.summary, holds, of: compiled.conditions.length, failed: failing[0], failing };
}

/** The rules that were not taken. In the first two lists those that lack least come first. */
type Others = {
  /** A change could bring them in: nothing of a lower number was taken before them. */
  readonly reachable: readonly Weighed[];
  /** A change could bring them in that also keeps out what was taken. */
  readonly behind: readonly Weighed[];
  /** They match and come too late. */
  readonly late: readonly Weighed[];
};

function othersOf({ rules }: CompiledPolicy, taken: readonly CompiledRule[], call: Call): Others {
  const last = taken[0]?.rule.priority ?? Infinity;
  const out = new Set(taken);
  const others = rules.filter((rule) => !out.has(rule)).map((rule) => weigh(rule, call));
  const lacking = others.filter((weighed) => weighed.lacks.length > 0);
  const byLack = (a: Weighed, b: Weighed) =>
    a.lacks.length - b.lacks.length || b.holds - a.holds || a.compiled.place - b.compiled.place;
  return {
    reachable: lacking.filter(({ compiled }) => compiled.rule.priority <= last).sort(byLack),
    behind: lacking.filter(({ compiled }) => compiled.rule.priority > last).sort(byLack),
    late: others.filter((weighed) => weighed.lacks.length === 0),
  };
}

// A rule of which nothing holds is not close: it is told only where no rule decided and none is closer.
function shown({ reachable, late }: Others, decided: boolean, call: Call): NearRule[] {
  const close = reachable.filter(({ holds }) => holds > 0);
  const told = close.length > 0 || decided ? close : reachable;
  return [...told.slice(0, MOST_NEAR), ...late.slice(0, MOST_LATER)].map((weighed) => nearOf(weighed, call));
}

/** The rules that give changes to try, those that matter most first; of each kind so many. */
const drawnFrom = (taken: readonly CompiledRule[], { reachable, behind, late }: Others): CompiledRule[] =>
  [taken, ...[reachable, behind, late].map((weighed) => weighed.map(({ compiled }) => compiled))]
    .flatMap((rules) => rules.slice(0, MOST_TRIED_RULES));

const decidedBy = (decision: Decision): DecidedBy => {
  const { kill_switch, script, matched_rules, reason_codes } = decision;
  if (kill_switch?.status === "unavailable" || kill_switch?.status === "active") return "kill_switch";
  if (script !== undefined) return "script";
  if (matched_rules.length > 0) return "rules";
  return reason_codes.length === 1 && reason_codes[0] === `default_${decision.verdict}` ? "default" : "fail_closed";
};

// The steps of a script that gave it its verdict, or came nearest to it.
const strongestSteps = (intent: Intent, decision: Decision): readonly number[] => {
  const steps = decision.script?.steps ?? [];
  const deciding = steps.filter(({ verdict }) => verdict === decision.verdict);
  const told = deciding.length > 0 ? deciding : steps;
  return told.length > 0
    ? told.map(({ index }) => index)
    : intent.script === undefined
    ? []
    : intent.script.steps.map((_, i) => i);
};

/** Explains a decision. `asked` is the request that was decided, and how a request is prepared for its decision. */
export function why(
  crypto: Crypto,
  compiled: CompiledPolicy,
  asked: AskedCall,
  intent: Intent,
  conditions: Conditions,
  decision: Decision,
): Why {
  const steps = strongestSteps(intent, decision);
  const [first] = steps;
  const step = first === undefined ? undefined : intent.script?.steps[first];
  const call = callOf(intent, step ?? intent, step && conditions.inventory?.get(step.tool_name));
  const taken = takenRules(compiled, call);
  const others = othersOf(compiled, taken, call);
  const tried = drawnFrom(taken, others);
  const drawn = levers(compiled, conditions.kill_switch, tried, asked.request, intent, steps.slice(0, MOST_STEPS));
  const cut = drawn.cut || tried.length < compiled.rules.length || steps.length > MOST_STEPS;
  const applied = decision.matched_rules.length > 0 ? taken : [];
  return {
    verdict: decision.verdict,
    decided_by: decidedBy(decision),
    rules: applied.map((rule) => ({
      ...rule.summary,
      became: effectOf(crypto, rule, call, conditions.evaluation_time).verdict,
    })),
    step: first,
    near: shown(others, applied.length > 0, call),
    reason_codes: decision.reason_codes,
    search: smallestChange(crypto, compiled, asked, intent, conditions, decision.verdict, { edits: drawn.edits, cut }),
  };
}
