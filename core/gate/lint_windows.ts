// Lint: freeze windows that cannot be evaluated. Such a window blocks whatever meets it, so the mistake is safe, and easily taken for a freeze.
import { quoted } from "../base/json_words.ts";
import { finding, type Found } from "./lint_codes.ts";
import { isAhead } from "./moment.ts";
import type { FreezeWindow, Rule } from "./types.ts";
import { isZone, localToUtc } from "./zone.ts";

/** The zone that is not known, or each window that cannot be read or ends before it starts. */
export function windows(rule: Rule, { timezone, windows }: FreezeWindow): readonly Found[] {
  const say = (field: string, message: string): Found =>
    finding("freeze_window_invalid", rule.name, `/rules/${rule.index}/freeze_window/${field}`, message);
  if (!isZone(timezone)) return [say("timezone", `Time zone ${quoted(timezone)} is not known: calls are blocked at any time`)];
  return windows.flatMap(({ name, start, end }, i): Found[] => {
    const [from, to] = [localToUtc(timezone, start), localToUtc(timezone, end)];
    if (from === undefined) {
      return [say(`windows/${i}/start`, `Start ${quoted(start)} of window ${quoted(name)} is no local time`)];
    }
    if (to === undefined) return [say(`windows/${i}/end`, `End ${quoted(end)} of window ${quoted(name)} is no local time`)];
    return isAhead(to, from) ? [] : [say(`windows/${i}/end`, `Window ${quoted(name)} ends no later than it starts`)];
  });
}
