// `gait kill-switch disable`: lets calls through again that an entry stopped.
import { disableEntry } from "../../core/gate/kill_switch_state.ts";
import { command } from "../command.ts";
import { answerChange, ENTRY_FLAG, STATE_FLAG, stoppedLines } from "../kill_switch_command.ts";

export default command({
  path: ["kill-switch", "disable"],
  summary: "Take an entry of the kill switch out of force",
  explain: "Takes an entry of the kill switch out of force; it stays in the list.",
  flags: { ...STATE_FLAG, ...ENTRY_FLAG },
  examples: ["gait kill-switch disable --entry-id everything"],
  needs: ["state", "clock"],
  run: ({ state, "entry-id": id }, ports, program) =>
    answerChange("disable", state, { change: (before, stamp) => disableEntry(before, id, stamp) }, ports, program),
  lines: stoppedLines,
});
