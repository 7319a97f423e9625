// Approvals of single use: the token of a pending request names it in its scope, and a ledger that all gates of a machine share lets
// it through once. Pure: the ledger comes in as the bytes of its state and goes out as the next bytes.
import { utf8 } from "../base/bytes.ts";
import { readDocument } from "../base/document.ts";
import { durationNsOfSeconds } from "../base/duration.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { lowerSet } from "../base/text.ts";
import { byTime, later, ZERO_TIME } from "../base/time.ts";
import type { ApprovalEntry } from "../schema/approval_audit.ts";
import { APPROVAL_LEDGER_ID, type ApprovalLedger, ApprovalLedgerShape } from "../schema/approval_ledger.ts";
import { VERSION_1 } from "../schema/heading.ts";

const WORD = "request:";

/** The word of a scope that binds a token to a request. No call ever asks for it, so it opens nothing. */
export const requestWord = (id: string): string => `${WORD}${id}`;

/** The words of a scope by which a token is of single use; none for one that counts as often as it fits. */
export const requestWords = (scope: readonly string[]): readonly string[] =>
  lowerSet(scope).filter((word) => word.startsWith(WORD));

/** Whether some of the tokens that count are of single use, so that the ledger has to be asked. */
export const asksLedger = (entries: readonly ApprovalEntry[]): boolean =>
  entries.some(({ valid, scope }) => valid && requestWords(scope).length > 0);

const EMPTY: ApprovalLedger = {
  schema_id: APPROVAL_LEDGER_ID,
  schema_version: VERSION_1,
  closed_until: ZERO_TIME,
  uses: [],
};

/** Reads a ledger. Faults of `readDocument`: one that cannot be read whole is not taken for an empty one. */
export function readLedger(bytes: Uint8Array, what: string): Result<ApprovalLedger> {
  const read = readDocument(ApprovalLedgerShape, bytes, what, { file: what }, { kind: APPROVAL_LEDGER_ID });
  return read.ok ? ok(read.value.value) : read;
}

/** The tokens as they count now that the ledger was asked, and the ledger from now on; undefined when nothing was used. */
export type Spent = { readonly entries: readonly ApprovalEntry[]; readonly next: Uint8Array<ArrayBuffer> | undefined };

/**
 * Uses up the tokens of single use among those that count, all in one step. A token whose request was used before counts no more
 * (`approval_token_replayed`), nor does one that ends before what the ledger still remembers (`approval_token_expired`). Where those
 * that are left do not suffice, the call does not go through and nothing is used. `ledger` is undefined where there is none yet.
 */
export function spend(
  ledger: Uint8Array | undefined,
  entries: readonly ApprovalEntry[],
  suffices: (entries: readonly ApprovalEntry[]) => boolean,
  now: string,
  what: string,
): Result<Spent> {
  const read = ledger === undefined ? ok(EMPTY) : readLedger(ledger, what);
  if (!read.ok) return read;
  const { uses, closed_until } = read.value;
  const used = new Set(uses.map(({ request }) => request));
  const left = entries.map((entry): ApprovalEntry => {
    const words = requestWords(entry.scope);
    if (!entry.valid || words.length === 0) return entry;
    if (words.some((word) => used.has(word))) return { ...entry, valid: false, error_code: "approval_token_replayed" };
    return byTime(entry.expires_at, closed_until) <= 0
      ? { ...entry, valid: false, error_code: "approval_token_expired" }
      : entry;
  });
  if (!suffices(left)) return ok({ entries: left, next: undefined });
  const added = new Map(
    left.filter(({ valid }) => valid).flatMap(({ scope, token_id, expires_at }) =>
      requestWords(scope).map((request) => [`${token_id} ${request}`, { request, token_id, used_at: now, expires_at }])
    ),
  );
  const next = added.size === 0 ? undefined : ledgerBytes([...uses, ...added.values()], closed_until, now);
  return ok({ entries: left, next });
}

/** For how long a use is remembered beyond the end of its token, nanoseconds: others may have approved the same request for longer. */
const REMEMBERED = durationNsOfSeconds(7 * 24 * 60 * 60);

const isForgotten = (expires_at: string, now: string): boolean => byTime(later(expires_at, REMEMBERED) ?? now, now) < 0;

// INVARIANT: `closed_until` only moves on. Of what is forgotten the latest end is kept: a clock that is set back would else let a token
// through once more.
function ledgerBytes(uses: ApprovalLedger["uses"], before: string, now: string): Uint8Array<ArrayBuffer> {
  const forgotten = uses.filter(({ expires_at }) => isForgotten(expires_at, now));
  const closed_until = forgotten.reduce((latest, use) => byTime(latest, use.expires_at) < 0 ? use.expires_at : latest, before);
  const kept = uses.filter((use) => !forgotten.includes(use));
  return utf8(`${JSON.stringify(writeShape(ApprovalLedgerShape, { ...EMPTY, closed_until, uses: kept }))}\n`);
}
