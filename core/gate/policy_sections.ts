// The sections of a rule in normal form: each undefined when it is off, with its defaults when it is on. What turns a section on is told
// by spec 02, sections 6.1, 6.2, 6.7, 6.8 and 7.1; what does not hold is noted with its pointer.
import { quoted } from "../base/json_words.ts";
import { cleanPath } from "../base/paths.ts";
import type { Infer } from "../base/shape.ts";
import { trim, trimmedSet } from "../base/text.ts";
import { LIMIT_SCOPES, LIMIT_WINDOWS, TAINTED_SOURCES } from "../schema/gate_words.ts";
import type {
  DataflowShape,
  EndpointShape,
  FreezeWindowPolicyShape,
  SandboxPolicyShape,
  WrittenPolicy,
  WrittenRule,
} from "../schema/policy.ts";
import type { Dataflow, Endpoint, FreezeWindow, Limit, Policy, Raising, SandboxRule } from "./types.ts";
import { durationText } from "../base/duration.ts";
import { closest } from "../base/closest.ts";
import { MOST_PATTERN_UNITS } from "./glob.ts";

/** Notes what does not hold: a pointer into the policy as written, and why. Only the first counts. */
export type Note = (pointer: string, words: string) => void;

type Section<T> = T | undefined;

// What a section leads to; the shape has let nothing else through.
const raising = (text: string, preset: Raising): Raising => text === "block" || text === "require_approval" ? text : preset;

const some = (...lists: readonly (readonly string[])[]): boolean => lists.some((list) => list.length > 0);

const or = (text: string, preset: string): string => text === "" ? preset : text;

const PATTERN_LISTS = ["path_allowlist", "path_denylist", "domain_allowlist", "domain_denylist"] as const;

const MISFIT = "endpoint_constraint_violation";

/** On when enabled, with any list, or with a destructive action. */
export function endpointOf(written: Section<Infer<typeof EndpointShape>>, at: string, note: Note): Section<Endpoint> {
  if (written === undefined) return undefined;
  for (const field of PATTERN_LISTS) {
    const long = written[field].find((pattern) => pattern.length > MOST_PATTERN_UNITS);
    if (long === undefined) continue;
    const words = `field ${
      quoted(field)
    } may have patterns of at most ${MOST_PATTERN_UNITS} characters, and one has ${long.length}`;
    note(`${at}/${field}`, words);
  }
  const { enabled, action, destructive_action, reason_code, violation, ...lists } = written;
  if (!enabled && !some(...Object.values(lists)) && destructive_action === "") return undefined;
  return {
    enabled: true,
    ...lists,
    action: raising(action, "block"),
    destructive_action: destructive_action === "" ? "" : raising(destructive_action, "block"),
    reason_code: or(reason_code, MISFIT),
    violation: or(violation, MISFIT),
  };
}

/** On when enabled or with any list. */
export function dataflowOf(written: Section<Infer<typeof DataflowShape>>): Section<Dataflow> {
  if (written === undefined) return undefined;
  const { enabled, tainted_sources, action, reason_code, violation, ...lists } = written;
  if (!enabled && !some(tainted_sources, ...Object.values(lists))) return undefined;
  return {
    enabled: true,
    tainted_sources: tainted_sources.length === 0 ? TAINTED_SOURCES : tainted_sources,
    ...lists,
    action: raising(action, "require_approval"),
    reason_code: or(reason_code, "dataflow_tainted_destination"),
    violation: or(violation, "tainted_dataflow"),
  };
}

/** On with any field. */
export function freezeWindowOf(
  written: Section<Infer<typeof FreezeWindowPolicyShape>>,
  at: string,
  note: Note,
): Section<FreezeWindow> {
  if (written === undefined) return undefined;
  const { enabled, timezone, effect, reason, environments, risk_classes, windows } = written;
  if (
    !enabled && timezone === "" && effect === "" && reason === "" && !some(environments, risk_classes) && windows.length === 0
  ) {
    return undefined;
  }
  if (timezone === "") note(at, 'the freeze window needs a "timezone", such as Europe/Lisbon');
  if (windows.length === 0) note(at, 'the freeze window needs "windows", each with a start and an end');
  for (const [i, { start, end }] of windows.entries()) {
    if (start === "") note(`${at}/windows/${i}`, `window ${i + 1} needs a "start", such as 2026-12-24T18:00:00`);
    if (end === "") note(`${at}/windows/${i}`, `window ${i + 1} needs an "end", such as 2027-01-02T06:00:00`);
  }
  return {
    enabled: true,
    timezone,
    effect: raising(effect, "block"),
    reason,
    environments,
    risk_classes,
    windows: windows.map((window, i) => ({ ...window, name: or(window.name, `window-${i + 1}`) })),
  };
}

const cleanedSet = (paths: readonly string[]): readonly string[] =>
  trimmedSet(paths.filter((path) => trim(path) !== "").map((path) => cleanPath(trim(path))).filter((path) => path !== "."));

const PATH_LISTS = ["allowed_writable_path_prefixes", "required_read_only_roots"] as const;

/**
 * On with any field. Paths are cleaned; those that come to nothing are dropped, after they have turned the section on. A list of
 * which nothing is left is refused: it would ask for nothing.
 */
export function sandboxOf(
  written: Section<Infer<typeof SandboxPolicyShape>>,
  at: string,
  note: Note,
): Section<SandboxRule> {
  if (written === undefined) return undefined;
  const { enabled, max_timeout_seconds, ...lists } = written;
  if (!enabled && max_timeout_seconds === 0 && !some(...Object.values(lists))) return undefined;
  for (const field of PATH_LISTS) {
    if (written[field].length === 0 || cleanedSet(written[field]).length > 0) continue;
    const given = written[field].map((path) => quoted(path)).join(", ");
    note(`${at}/${field}`, `field ${quoted(field)} needs a folder by its name, such as /srv/work, not ${given}`);
  }
  return {
    ...written,
    enabled: true,
    allowed_writable_path_prefixes: cleanedSet(written.allowed_writable_path_prefixes),
    required_read_only_roots: cleanedSet(written.required_read_only_roots),
  };
}

function oneOf<W extends string>(words: readonly [W, ...W[]], text: string, pointer: string, note: Note): W {
  const found = words.find((word) => word === text);
  if (found === undefined && text !== "") {
    const field = pointer.slice(pointer.lastIndexOf("/") + 1);
    note(pointer, `field ${quoted(field)} must be one of ${words.join(", ")}, not ${quoted(text)}${closest(text, words)}`);
  }
  return found ?? words[0];
}

const limit = ({ requests, window, scope }: NonNullable<WrittenRule["rate_limit"]>, at: string, note: Note): Limit => ({
  requests,
  window: oneOf(LIMIT_WINDOWS, window, `${at}/window`, note),
  scope: oneOf(LIMIT_SCOPES, scope, `${at}/scope`, note),
});

/** On with at least one request; what else it says does not count otherwise. */
export const rateLimitOf = (written: WrittenRule["rate_limit"], at: string, note: Note): Section<Limit> =>
  written === undefined || written.requests <= 0 ? undefined : limit(written, at, note);

/** On with any field, and then it needs at least one request. */
export function destructiveBudgetOf(written: WrittenRule["destructive_budget"], at: string, note: Note): Section<Limit> {
  if (written === undefined) return undefined;
  const { requests, window, scope } = written;
  if (requests === 0 && window === "" && scope === "") return undefined;
  if (requests < 1) note(`${at}/requests`, 'the destructive budget needs "requests" of at least 1');
  return limit(written, at, note);
}

/** On with any field, and then it needs a snapshot. */
export function mcpTrustOf(written: WrittenPolicy["mcp_trust"], note: Note): Policy["mcp_trust"] {
  if (written === undefined) return undefined;
  const { enabled, snapshot, action, required_risk_classes, min_score, publisher_allowlist, require_registry } = written;
  const max_age = trim(written.max_age);
  const texts = [snapshot, action, max_age].some((text) => text !== "");
  if (!enabled && !texts && !some(required_risk_classes, publisher_allowlist) && min_score === 0 && !require_registry) {
    return undefined;
  }
  if (snapshot === "") note("/mcp_trust", 'mcp_trust needs a "snapshot"');
  if (min_score < 0 || min_score > 1) {
    note("/mcp_trust/min_score", `field "min_score" must be between 0 and 1, not ${min_score}`);
  }
  const age = max_age === "" ? "" : durationText(max_age);
  if (age === undefined || age === "0s" || age.startsWith("-")) {
    note("/mcp_trust/max_age", `field "max_age" must be a duration above 0, such as 90m or 36h, not ${quoted(max_age)}`);
  }
  return {
    snapshot,
    action: raising(action, "block"),
    required_risk_classes: required_risk_classes.length === 0 ? HIGH_RISKS : required_risk_classes,
    min_score,
    max_age: age ?? "",
    publisher_allowlist,
    require_registry,
  };
}

/** The risk classes that count where none are given, in byte order. */
export const HIGH_RISKS = ["critical", "high"] as const;
