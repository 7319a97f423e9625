// Words for verdicts (spec 06, section 4.3): what fixtures expect, and what results say.
import type { Json } from "../base/json_value.ts";
import { lower, trim } from "../base/text.ts";
import type { ResultRecord } from "../schema/runpack.ts";

/** A verdict as sequences hold it; `error` is a result that is none. */
export type SequenceVerdict = "allow" | "block" | "require_approval" | "dry_run" | "error";

const STATUSES: Readonly<Record<string, SequenceVerdict>> = {
  "ok": "allow",
  "pass": "allow",
  "passed": "allow",
  "success": "allow",
  "block": "block",
  "blocked": "block",
  "deny": "block",
  "denied": "block",
  "require_approval": "require_approval",
  "approval_required": "require_approval",
  "needs_approval": "require_approval",
  "dry_run": "dry_run",
  "dryrun": "dry_run",
  "simulate": "dry_run",
  "simulated": "dry_run",
};

const WORDS: Readonly<Record<string, SequenceVerdict>> = {
  ...STATUSES,
  "allow": "allow",
  "needsapproval": "require_approval",
  "error": "error",
  "failed": "error",
  "failure": "error",
};

const find = (table: Readonly<Record<string, SequenceVerdict>>, word: string): SequenceVerdict | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** The verdict that a word stands for, whatever its case and whatever joins its parts; undefined for a word that is none. */
export const verdictOfWord = (word: string): SequenceVerdict | undefined =>
  find(WORDS, lower(trim(word)).replaceAll(/[- ]/g, "_"));

// A status is a word of the recorder's own: `allow` is none, and blanks are not read over.
const verdictOfStatus = (status: string): SequenceVerdict => {
  const word = lower(trim(status));
  return find(STATUSES, word === "dry-run" ? "dry_run" : word) ?? "error";
};

const asText = (value: Json | undefined): string =>
  typeof value === "string" ? value : typeof value === "object" || value === undefined ? "" : String(value);

/** What a result says: the verdict in its payload where that is a known word, else its status. */
export const verdictOfResult = ({ status, result }: Pick<ResultRecord, "status" | "result">): SequenceVerdict =>
  verdictOfWord(asText(result?.["verdict"])) ?? verdictOfStatus(status);
