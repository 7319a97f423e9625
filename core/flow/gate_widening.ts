// What is granted as the formats have it and may be more than its reader takes it for, so that it is named: a delegation that grows on
// its way (spec 03, Beyond 6), where a hop is wider or lasts longer than the one before it, and an approval of a script.
import type { HopEntry } from "../authority/granted.ts";
import { byTime } from "../base/time.ts";
import type { Intent } from "../gate/types.ts";

const grants = ({ granted, scope }: HopEntry): readonly string[] => granted ?? scope;

/** A sentence for each hop that grants more than the hop before it; `entries` are in the order of the hops. */
export function widenings(entries: readonly HopEntry[]): readonly string[] {
  const hops = entries.filter(({ valid }) => valid);
  return hops.flatMap((hop, index) => {
    const before = hops[index - 1];
    if (before === undefined) return [];
    const who = `${hop.delegator_identity} to ${hop.delegate_identity}`;
    const had = grants(before);
    const more = had.includes("*") ? [] : grants(hop).filter((word) => !had.includes(word));
    return [
      ...(more.length > 0 ? [`The delegation of ${who} is wider than the one before it: ${more.join(", ")}`] : []),
      ...(byTime(hop.expires_at, before.expires_at) > 0
        ? [`The delegation of ${who} lasts longer than the one before it`]
        : []),
    ];
  });
}

/** Whether a call is going to destroy, so that an approval needs scopes for that. */
export const destroys = ({ context, targets }: Pick<Intent, "context" | "targets">): boolean =>
  context.phase !== "plan" && targets.some(({ destructive }) => destructive);

/** What approvals of a script do not say: their scopes follow from its own targets, and not from those of its steps (spec 03, quirk 8). */
export const unscoped = (intent: Intent, approvals: number): readonly string[] =>
  approvals > 0 && !destroys(intent) && intent.script?.steps.some(({ targets }) => destroys({ ...intent, targets }))
    ? [
      "A step of the script destroys, and its own targets do not: an approval without the scope destructive:apply counts for it",
    ]
    : [];
