// What the commands of the kill switch share: the flags that name the state and an entry, their answers and their lines.
import type { JsonObject } from "../core/base/json.ts";
import { ok, type Result } from "../core/base/result.ts";
import { isZeroTime } from "../core/base/time.ts";
import { killSwitchDocument, SELECTORS, stopDocument } from "../core/gate/kill_switch_state.ts";
import { isOver } from "../core/gate/kill_switch.ts";
import type { Ports } from "../core/ports.ts";
import type { Outcome, Program } from "./command.ts";
import { changeKillSwitch, type Changing, KILL_SWITCH_PATH } from "./kill_switch_file.ts";

/** The flag of every command of the kill switch. */
export const STATE_FLAG = {
  state: { kind: "text", doc: "State of the kill switch", value: "file", complete: "path", default: KILL_SWITCH_PATH },
} as const;

/** The flag of the commands that change an entry. */
export const ENTRY_FLAG = {
  "entry-id": { kind: "text", doc: "Id of the entry, as list shows it", required: true, value: "id" },
} as const;

/** What a command answers that changed an entry. */
export type Stopped = {
  readonly ok: true;
  readonly action: string;
  readonly entry: JsonObject;
  readonly state: JsonObject;
  readonly warnings: readonly string[];
};

/** The path of the state; a blank one is the usual one. */
export const statePath = (given: string): string => given === "" ? KILL_SWITCH_PATH : given;

/** Changes the state that the user named and answers with the entry that was changed. */
export async function answerChange(
  action: string,
  given: string,
  changing: Changing,
  { state, clock }: Pick<Ports, "state" | "clock">,
  { version }: Program,
): Promise<Result<Outcome<Stopped>>> {
  const stamp = { now: clock.now(), producer_version: version };
  const changed = await changeKillSwitch(statePath(given), changing, stamp, { state });
  if (!changed.ok) return changed;
  const { entry, state: after } = changed.value;
  const over = action === "add" && isOver(entry, stamp.now);
  const told = stopDocument(entry);
  const all = action === "add" && !over && selectorsIn(told).length === 0;
  const warnings = [
    ...(over ? [`the entry stops nothing: it ended at ${entry.expires_at}`] : []),
    ...(all ? ["the entry has no selector: it stops every call"] : []),
  ];
  const data = { ok: true, action, entry: told, state: killSwitchDocument(after), warnings } as const;
  return ok({ exit: "ok", data });
}

const selectorsIn = (entry: JsonObject) => SELECTORS.filter((name) => name in entry);

/** An entry in one line: whether it is in force at a time, its id, what it stops, until when, why and who says so. */
export function entryLine(entry: JsonObject, now: string): string {
  const selectors = selectorsIn(entry).map((name) => `${name}=${String(entry[name])}`);
  const { expires_at, reason, actor } = entry;
  const ended = typeof expires_at === "string" && isOver({ expires_at }, now);
  return [
    entry["enabled"] !== true ? "off " : ended ? "over" : "on  ",
    String(entry["entry_id"]),
    selectors.length === 0 ? "every call" : selectors.join(" "),
    ...(typeof expires_at === "string" && !isZeroTime(expires_at) ? [`until ${expires_at}`] : []),
    ...(reason === undefined ? [] : [`because: ${String(reason)}`]),
    ...(actor === undefined ? [] : [`by ${String(actor)}`]),
  ].join("  ");
}

/** The lines of an answer about one entry. */
export const stoppedLines = ({ action, entry, state, warnings }: Stopped): readonly string[] => [
  `kill-switch ${action}: ${String(entry["entry_id"])}`,
  entryLine(entry, String(state["updated_at"])),
  ...warnings.map((warning) => `warning: ${warning}`),
];
