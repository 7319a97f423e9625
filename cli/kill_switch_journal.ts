// The journal of the kill switch (spec 03, section 8): one line for each call that it blocked, beside its state.
import { utf8 } from "../core/base/bytes.ts";
import { ok, type Result } from "../core/base/result.ts";
import { writeShape } from "../core/base/shape.ts";
import { VERSION_1 } from "../core/schema/heading.ts";
import { KILL_SWITCH_JOURNAL_ID, type KillSwitchJournal, KillSwitchJournalShape } from "../core/schema/kill_switch.ts";
import { lineLog, type LogPorts } from "./line_log.ts";

/** What a line says of a blocked call. */
export type BlockedCall = Omit<KillSwitchJournal, "schema_id" | "schema_version" | "source">;

const NAME = "kill_switch_journal.jsonl";

/** The journal that belongs to the state at a path. */
export const journalBeside = (state: string): string => `${state.slice(0, state.lastIndexOf("/") + 1)}${NAME}`;

/** Where a call was blocked: by `gate eval`, or at the boundary. */
export type BlockedAt = "gate_eval" | "mcp_proxy";

/** The line about a blocked call. */
export const blockedLine = (call: BlockedCall, source: BlockedAt = "gate_eval"): string => {
  const head = { schema_id: KILL_SWITCH_JOURNAL_ID, schema_version: VERSION_1, source };
  return `${JSON.stringify(writeShape(KillSwitchJournalShape, { ...call, ...head }))}\n`;
};

/**
 * Appends a line about a blocked call, and gives the path of the journal; the line is then on the disk. Faults `store_busy`,
 * `write_failed`.
 */
export async function appendBlocked(
  state: string,
  call: BlockedCall,
  ports: LogPorts,
  source: BlockedAt = "gate_eval",
): Promise<Result<string>> {
  const path = journalBeside(state);
  const log = lineLog(path, ports);
  try {
    const added = await log.append(utf8(blockedLine(call, source)));
    return added.ok ? ok(path) : added;
  } finally {
    log.close();
  }
}
