// A delegation that grows on its way (spec 03, Beyond 6): a hop that is wider or lasts longer than the one before it is granted as the
// formats have it, and named, so that a reader notices.
import type { HopEntry } from "../authority/granted.ts";
import { byTime } from "../base/time.ts";

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
