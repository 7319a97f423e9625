// What detected tools mean for a policy (spec 02, section 1.6): signals by what the names of tools suggest, and rules to begin with.
import { byBytes, lower, lowerSet } from "../base/text.ts";
import type { Detection } from "./detect.ts";

/** One thing that was noticed. `evidence` are names of tools, or of files for a framework. */
export type Signal = { readonly code: string; readonly confidence: "high" | "low"; readonly evidence: readonly string[] };

/** A rule to begin with, as policies spell it. */
export type StarterRule = {
  readonly name: string;
  readonly priority: number;
  readonly effect: "block" | "require_approval";
  readonly match: { readonly tool_names: readonly string[] };
  readonly reason_codes: readonly string[];
};

/** All that follows from a detection. */
export type Signals = {
  readonly detected: readonly Signal[];
  readonly unknown: readonly Signal[];
  readonly starters: readonly StarterRule[];
};

// What a name holds; the first class that fits counts.
const CLASSES = [
  ["destructive", ["delete", "remove", "drop", "destroy", "truncate"]],
  ["payment", ["stripe", "payment", "charge", "refund", "billing", "invoice"]],
  ["data_store", ["postgres", "database", "db", "sql"]],
  ["state_change", ["write", "update", "create", "set", "save", "submit", "approve", "cancel", "pause", "resume", "restart"]],
] as const;

type Class = typeof CLASSES[number][0];

const ORDER: readonly Class[] = ["destructive", "state_change", "payment", "data_store"];
const MOST_BLOCKED = 6;
const MOST_APPROVED = 8;

const classOf = (name: string): Class | undefined =>
  CLASSES.find(([, words]) => words.some((word) => lower(name).includes(word)))?.[0];

// Names with a dot were made to be names of tools; others have to look like one and mean something.
const isCandidate = (name: string): boolean =>
  name.includes(".") ||
  (!name.startsWith("_") && name !== name.toUpperCase() && name.length <= 48 && classOf(name) !== undefined);

/** The signals of a detection, and the starter rules. */
export function signalsOf({ frameworks, tools }: Detection): Signals {
  const names = tools.map(({ name }) => name).filter(isCandidate).sort(byBytes);
  const of = (wanted: Class | undefined): string[] => names.filter((name) => classOf(name) === wanted);
  const classes = ORDER.map((name) => ({ code: `tool.${name}`, confidence: "high", evidence: of(name) } as const));
  const unclassified = of(undefined);
  return {
    detected: [
      ...frameworks.map(({ name, paths }) => ({ code: `framework.${name}`, confidence: "high", evidence: paths } as const)),
      ...classes.filter(({ evidence }) => evidence.length > 0),
    ],
    unknown: unclassified.length === 0 ? [] : [{ code: "tool.unclassified", confidence: "low", evidence: unclassified }],
    starters: [
      ...starter("block", 10, of("destructive"), MOST_BLOCKED),
      ...starter(
        "require_approval",
        20,
        names.filter((name) => !["destructive", undefined].includes(classOf(name))),
        MOST_APPROVED,
      ),
    ],
  };
}

function starter(effect: StarterRule["effect"], priority: number, tools: readonly string[], most: number): StarterRule[] {
  const tool_names = lowerSet(tools).slice(0, most);
  if (tool_names.length === 0) return [];
  const [name, reason] = effect === "block"
    ? ["starter.block.destructive", "destructive_tool_blocked"]
    : ["starter.require_approval.state_change", "approval_required_for_state_change"];
  return [{ name, priority, effect, match: { tool_names }, reason_codes: [reason] }];
}
