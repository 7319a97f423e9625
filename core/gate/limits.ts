// Limits (spec 02, section 7.2): one more call against the counters that all processes share. Pure: the counters come in as the
// bytes of their state and go out as the next bytes.
import { utf8 } from "../base/bytes.ts";
import { readDocument } from "../base/document.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import { canonicalTime, millisecondsBetween, toUtc } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Counter, RATE_LIMIT_ID, RateLimitStateShape } from "../schema/rate_limit.ts";
import type { Limit } from "./types.ts";

/** Whose call is counted: the tool (`script` for scripts) and who calls; `budget` for the destructive budget, which has keys of its own. */
export type Caller = { readonly tool: string; readonly identity: string; readonly budget: boolean };

/** What counting came to. */
export type Counted = {
  /** The limit is used up: nothing was counted, and the call has to be blocked. */
  readonly exceeded: boolean;
  /** How many were let through in this window, this one included unless it exceeds. */
  readonly used: number;
  readonly remaining: number;
  readonly scope: Limit["scope"];
  /** What was counted: tool, identity or both. */
  readonly key: string;
  /** Start of the window in which was counted, UTC. */
  readonly bucket: string;
  /** The state knows of the window after that of the clock: the clock runs behind, and the later window was counted in. */
  readonly behind: boolean;
  /** The state from now on; absent when nothing was counted. */
  readonly next?: Uint8Array<ArrayBuffer>;
};

/**
 * Counts one call against a limit at the moment `now`. `bytes` is the state, undefined where there is none yet; `what` names it in
 * faults: those of reading a document, for a state that is not one.
 */
export function countOne(
  bytes: Uint8Array | undefined,
  limit: Limit,
  caller: Caller,
  now: string,
  what = "rate limit state",
): Result<Counted> {
  const { window, scope, requests } = limit;
  const read = bytes === undefined ? ok([]) : readCounters(bytes, what);
  if (!read.ok) return read;
  const own = startOf(window, now);
  if (own === undefined) return fail("internal", `Cannot count the call: the clock says "${now}"`);

  // INVARIANT: within one state the window only moves on, as long as the clock is set back by no more than a window. It would else
  // come to a window whose counters are gone, and let as many through once more. What lies further ahead says nothing of the clock,
  // and one such counter would hold the limit for ever: it stays, and counts when its time has come.
  const bucket = read.value.reduce((latest, { key }) => {
    const other = bucketOf(key, window);
    return other !== undefined && other > latest && millisecondsBetween(own, other) <= LENGTHS[window] ? other : latest;
  }, own);
  const key = scopeKey(scope, caller).toWellFormed(); // as it is read back
  const full = `${window}|${scope}|${bucket}|${key}`;
  const used = read.value.find((counter) => counter.key === full)?.count ?? 0;
  const about = { scope, key, bucket, behind: bucket !== own };
  if (used >= Math.min(requests, Number.MAX_SAFE_INTEGER)) return ok({ ...about, exceeded: true, used, remaining: 0 });
  const others = read.value.filter((counter) => counter.key !== full && (bucketOf(counter.key, window) ?? bucket) >= bucket);
  const next = stateText([...others, { key: full, count: used + 1 }]);
  return ok({ ...about, exceeded: false, used: used + 1, remaining: requests - used - 1, next });
}

function readCounters(bytes: Uint8Array, what: string): Result<readonly Counter[]> {
  const at = { file: what };
  const read = readDocument(RateLimitStateShape, bytes, what, at, { kind: RATE_LIMIT_ID });
  if (!read.ok) return read;
  const { schema_id, schema_version, counters } = read.value.value;
  if (schema_id !== RATE_LIMIT_ID || schema_version !== VERSION_1) {
    return fail("document_kind", `Cannot read "${what}": wanted is ${RATE_LIMIT_ID} ${VERSION_1}`, at);
  }
  return new Set(counters.map(({ key }) => key)).size === counters.length
    ? ok(counters)
    : fail("document_shape", `Cannot read "${what}": one of its counters is there twice`, at);
}

const stateText = (counters: readonly Counter[]): Uint8Array<ArrayBuffer> =>
  utf8(prettyText(writeShape(RateLimitStateShape, {
    schema_id: RATE_LIMIT_ID,
    schema_version: VERSION_1,
    counters: counters.toSorted((a, b) => byBytes(a.key, b.key)),
  })));

function scopeKey(scope: Limit["scope"], { tool, identity, budget }: Caller): string {
  const name = budget ? `destructive_budget|${tool}` : tool;
  switch (scope) {
    case "tool":
      return name;
    case "identity":
      return identity; // shared with a rate limit of the same window
    case "tool_identity":
      return `${name}|${identity}`;
    default:
      return never(scope);
  }
}

/** How long a window is, in milliseconds. */
const LENGTHS = { minute: 60_000, hour: 3_600_000 } as const;

/** The start of the minute or hour that a moment lies in. */
const startOf = (window: Limit["window"], now: string): string | undefined => {
  const utc = toUtc(now);
  return utc === undefined ? undefined : window === "minute" ? `${utc.slice(0, 16)}:00Z` : `${utc.slice(0, 13)}:00:00Z`;
};

const KEY = /^(minute|hour)\|[^|]*\|(\d{4}-\d\d-\d\dT\d\d:\d\d:00Z)\|/;

/** The window of a counter, if it is one of this kind; undefined also for keys of another make, which are left alone. */
const bucketOf = (key: string, window: Limit["window"]): string | undefined => {
  const [, kind, bucket = ""] = KEY.exec(key) ?? [];
  return kind === window && canonicalTime(bucket) === bucket ? bucket : undefined;
};

const never = (scope: never): never => {
  throw new Error(`unknown scope: ${JSON.stringify(scope)}`);
};
