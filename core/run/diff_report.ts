// What a comparison says: the summary of the contract (spec 01, section 7.4), and beside it where two runs part and which
// members changed. Members are named by JSON pointers; no value is ever told.
import type { Differences } from "../base/json_diff.ts";

/** `metadata` leaves arguments, results and what receipts say out of the comparison. */
export type Privacy = "full" | "metadata";

/** How the context of two runs drifted. `runtime_only` cannot be between runs of other ids or times. */
export type Drift = "none" | "runtime_only" | "semantic";

/** The answer of the contract. Lists are sorted. */
export type DiffSummary = {
  readonly run_id_left: string;
  readonly run_id_right: string;
  readonly manifest_changed: boolean;
  readonly intents_changed: boolean;
  readonly results_changed: boolean;
  readonly refs_changed: boolean;
  readonly files_changed?: readonly string[];
  readonly left_only_intents?: readonly string[];
  readonly right_only_intents?: readonly string[];
  readonly left_only_results?: readonly string[];
  readonly right_only_results?: readonly string[];
  readonly context_drift_classification?: Drift;
  readonly context_runtime_only_changes?: true;
};

/** One document that differs. */
export type Change = {
  readonly record: "manifest" | "intent" | "result" | "refs" | "checkpoint";
  readonly change: "changed" | "left_only" | "right_only";
  readonly intent_id?: string;
  readonly checkpoint_index?: number;
  /** Position of the call in its run, from 1; the earlier one where the runs disagree. */
  readonly step?: number;
  /** JSON pointers of the members that differ; `more_pointers` is how many are not told. */
  readonly pointers?: readonly string[];
  readonly more_pointers?: number;
};

/** What can make two runs part, in the order in which one leads to another. */
export const CAUSES = [
  "policy",
  "context",
  "call",
  "tool",
  "tool_definition",
  "arguments",
  "missing_result",
  "status",
  "result_shape",
  "result",
] as const;
export type Cause = typeof CAUSES[number];

/** Where two runs part: the first step, or checkpoint, of which something differs, and all that differs there or before it. */
export type FirstDivergence = Change & {
  readonly tool_name_left?: string;
  readonly tool_name_right?: string;
  readonly why?: readonly Cause[];
};

/** All that was found. */
export type Diff = {
  readonly ok: boolean;
  readonly privacy: Privacy;
  readonly summary: DiffSummary;
  readonly first_divergence?: FirstDivergence;
  /** The first hundred changes: the manifest, then step by step, then what belongs to no step. */
  readonly changes: readonly Change[];
  /** All of them. */
  readonly changes_total: number;
};

/** How many changes are told, and how many members of each. */
export const MOST_CHANGES = 100;
export const MOST_POINTERS = 40;

/** Differences as members of a change; nothing where there are none. */
export const told = ({ pointers, more }: Differences): Pick<Change, "pointers" | "more_pointers"> => ({
  ...(pointers.length === 0 ? {} : { pointers }),
  ...(more === 0 ? {} : { more_pointers: more }),
});

/** The summary of two runs of which nothing is known: what a refused comparison shows. */
export const NO_SUMMARY: DiffSummary = {
  run_id_left: "",
  run_id_right: "",
  manifest_changed: false,
  intents_changed: false,
  results_changed: false,
  refs_changed: false,
};
