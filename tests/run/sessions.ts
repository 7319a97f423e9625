// Journals for the tests of the core: written and read without any host.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import type { Result } from "../../core/base/result.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { type EventDraft, nextEvent } from "../../core/run/session_event.ts";
import {
  begun,
  type JournalContent,
  journalLine,
  nextStanding,
  scanJournal,
  type Standing,
} from "../../core/run/session_journal.ts";
import { checkpointRecord, planCheckpoint } from "../../core/run/session_checkpoint.ts";
import { JOURNAL_ID, type JournalRecord, type SessionHeader } from "../../core/schema/session.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

export const MADE = { created_at: "2026-03-01T10:00:00.25Z", producer_version: "test" };
const HEADER: SessionHeader = {
  schema_id: JOURNAL_ID,
  schema_version: "1.0.0",
  ...MADE,
  session_id: "s1",
  run_id: "run_s1",
  started_at: ZERO_TIME,
  events: [],
};

/** What happens in a session: an event of a tool, or a checkpoint. */
export type Deed = string | { readonly checkpoint: true } | { readonly event: EventDraft };

/** The lines of a journal, each with its LF. */
export function lines(deeds: readonly Deed[]): Uint8Array[] {
  const out = [utf8(assertOk(journalLine({ record_type: "header", header: HEADER })))];
  let standing: Standing = begun(HEADER);
  const put = (record: JournalRecord) => {
    const next = nextStanding(nodeHost.crypto, standing, record);
    if (typeof next === "string") throw new Error(next);
    standing = next;
    out.push(utf8(assertOk(journalLine(record))));
  };
  for (const deed of deeds) {
    if (typeof deed === "string" || "event" in deed) {
      const draft = typeof deed === "string" ? { tool_name: deed, verdict: "allow" } : deed.event;
      put({ record_type: "event", header: undefined, event: nextEvent(standing, draft, MADE), checkpoint: undefined });
      continue;
    }
    const content = assertOk(scan(concatBytes(out), true));
    const made = { ...MADE, env: { os: "o", arch: "a", runtime: "r" } };
    const plan = planCheckpoint(nodeHost.crypto, content, "s.jsonl", made);
    if (!plan.ok) continue; // nothing new
    const pack = { runpack_path: `cp_${plan.value.index}.zip`, manifest_digest: "ab".repeat(32) };
    const checkpoint = checkpointRecord(nodeHost.crypto, standing, plan.value, pack);
    put({ record_type: "checkpoint", header: undefined, event: undefined, checkpoint });
  }
  return out;
}

/** Reads a journal in pieces of some bytes. */
export function scan(bytes: Uint8Array, keep = false, piece = 1000): Result<JournalContent> {
  const taken = scanJournal(nodeHost.crypto, "s.jsonl", { keep });
  for (let at = 0; at < bytes.length; at += piece) taken.push(bytes.subarray(at, at + piece));
  return taken.end();
}
