// `gait kill-switch expire`: ends an entry now, or at a time.
import { expireEntry } from "../../core/gate/kill_switch_state.ts";
import { command } from "../command.ts";
import { answerChange, ENTRY_FLAG, STATE_FLAG, stoppedLines } from "../kill_switch_command.ts";

export default command({
  path: ["kill-switch", "expire"],
  summary: "End an entry of the kill switch now or at a time",
  explain: "Sets the time at which an entry of the kill switch ends by itself.",
  flags: {
    ...STATE_FLAG,
    ...ENTRY_FLAG,
    "expires-at": { kind: "text", doc: "When it ends; now unless given", value: "time" },
  },
  examples: ["gait kill-switch expire --entry-id everything --expires-at 2026-03-01T10:00:00Z"],
  needs: ["state", "clock"],
  run: ({ state, "entry-id": id, "expires-at": end }, ports, program) =>
    answerChange(
      "expire",
      state,
      { change: (before, stamp) => expireEntry(before, id, end || stamp.now, stamp) },
      ports,
      program,
    ),
  lines: stoppedLines,
});
