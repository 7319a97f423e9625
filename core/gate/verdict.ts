// The order of verdicts: allow, dry_run, require_approval, block. A constraint may raise a verdict and nothing lowers one (decision 1).
import type { Intent, Verdict } from "./types.ts";

const STRENGTH: Readonly<Record<Verdict, number>> = { allow: 0, dry_run: 1, require_approval: 2, block: 3 };

/** The stronger of two verdicts: `verdict`, raised to `least` where it is weaker. */
export const atLeast = (verdict: Verdict, least: Verdict): Verdict => STRENGTH[verdict] < STRENGTH[least] ? least : verdict;

/** The strongest of one or more verdicts. */
export const strongest = (first: Verdict, ...others: readonly Verdict[]): Verdict => others.reduce(atLeast, first);

/** Whether a call may destroy something: some target does, of a script some target of a step. */
export const isDestructive = (intent: Intent): boolean =>
  (intent.script === undefined ? intent.targets : intent.script.steps.flatMap((step) => step.targets))
    .some((target) => target.destructive);
