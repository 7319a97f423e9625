// `gait kill-switch list`: what is stopped, and what was.
import type { JsonObject } from "../../core/base/json.ts";
import { ok } from "../../core/base/result.ts";
import { emptyKillSwitch, killSwitchDocument, readKillSwitch, stopDocument } from "../../core/gate/kill_switch_state.ts";
import { command } from "../command.ts";
import { entryLine, STATE_FLAG, statePath } from "../kill_switch_command.ts";

type Listed = {
  readonly ok: true;
  readonly action: "list";
  /** When it was asked which entries are over. */
  readonly evaluated_at: string;
  readonly state: JsonObject;
  readonly entries: readonly JsonObject[];
};

export default command({
  path: ["kill-switch", "list"],
  summary: "Show what is stopped",
  explain:
    "Shows the entries of the kill switch, those that are not in force any more too; a state that is not there has none.",
  flags: STATE_FLAG,
  examples: ["gait kill-switch list"],
  needs: ["state", "clock"],
  async run(values, ports, { version }) {
    const path = statePath(values.state);
    const now = ports.clock.now();
    const bytes = await ports.state.read(path);
    if (!bytes.ok) return bytes;
    const state = bytes.value === undefined
      ? ok(emptyKillSwitch({ now, producer_version: version }))
      : readKillSwitch(bytes.value, path);
    if (!state.ok) return state;
    const entries = state.value.entries.map(stopDocument);
    const document = killSwitchDocument(state.value);
    return ok({ exit: "ok", data: { ok: true, action: "list", evaluated_at: now, state: document, entries } });
  },
  lines: ({ entries, evaluated_at }: Listed) => [
    `kill-switch list: ${entries.length === 1 ? "1 entry" : `${entries.length} entries`}`,
    ...entries.map((entry) => entryLine(entry, evaluated_at)),
  ],
});
