// When nothing may happen (spec 02, section 6.7).
import { lower } from "../base/text.ts";
import { ZERO_TIME } from "../base/time.ts";
import type { Call } from "./call.ts";
import type { Finding } from "./finding.ts";
import { isAhead, isReached } from "./moment.ts";
import type { FreezeWindow, FreezeWindowDecision } from "./types.ts";
import { isZone, localToUtc } from "./zone.ts";

type Span = { readonly start: string; readonly end: string };

/** Windows in UTC; one without a span cannot be read. Undefined: the zone is not known. */
type Windows = readonly { readonly name: string; readonly span: Span | undefined }[] | undefined;

// Local times are looked up once a policy, not once a call.
const known = new WeakMap<FreezeWindow, { readonly windows: Windows }>();

const windowsOf = (section: FreezeWindow): Windows => {
  const found = known.get(section);
  if (found !== undefined) return found.windows;
  const spanOf = (from: string, to: string): Span | undefined => {
    const start = localToUtc(section.timezone, from);
    const end = localToUtc(section.timezone, to);
    return start !== undefined && end !== undefined && isAhead(end, start) ? { start, end } : undefined;
  };
  const windows = isZone(section.timezone)
    ? section.windows.map(({ name, start, end }) => ({ name, span: spanOf(start, end) }))
    : undefined;
  known.set(section, { windows });
  return windows;
};

const applies = (section: FreezeWindow, { context }: Call): boolean =>
  (section.environments.length === 0 || section.environments.includes(lower(context.environment))) &&
  (section.risk_classes.length === 0 || section.risk_classes.includes(context.risk_class));

type Checked = { readonly decision: FreezeWindowDecision; readonly finding: Finding | undefined };

const found = (decision: FreezeWindowDecision): Checked => {
  const codes = [decision.reason_code];
  return { decision, finding: { at_least: decision.effect, reason_codes: codes, violations: codes } };
};

/** Finds the freeze window that `now` lies in: the first that is open, or that cannot be read. */
export function checkFreezeWindow(section: FreezeWindow, call: Call, now: string): Checked {
  const inactive: FreezeWindowDecision = {
    status: "inactive",
    effect: section.effect,
    timezone: section.timezone,
    evaluated_at: now,
    window_name: "",
    window_start: ZERO_TIME,
    window_end: ZERO_TIME,
    reason: "",
    reason_code: "",
  };
  if (!applies(section, call)) return { decision: inactive, finding: undefined };
  const invalid = { ...inactive, status: "invalid", effect: "block" } as const;
  const windows = windowsOf(section);
  if (windows === undefined) return found({ ...invalid, reason_code: "freeze_window_invalid_timezone" });
  for (const { name: window_name, span } of windows) {
    if (span === undefined) return found({ ...invalid, window_name, reason_code: "freeze_window_invalid_window" });
    if (isAhead(span.start, now) || isReached(span.end, now)) continue;
    return found({
      ...inactive,
      status: "active",
      window_name,
      window_start: span.start,
      window_end: span.end,
      reason: section.reason === "" ? window_name : section.reason,
      reason_code: `freeze_window_active_${section.effect}`,
    });
  }
  return { decision: inactive, finding: undefined };
}
