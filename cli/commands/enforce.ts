// `gait enforce`: runs a program that asks gait for its decisions, and fails where they say so.
import { wrapper } from "../wrapper.ts";

export default wrapper("enforce", {
  summary: "Run a program and fail for what was not allowed",
  explain:
    "Runs a program, reads the traces that it names, and fails when one of them is invalid, blocks or wants an approval.",
  rest: "anywhere",
  examples: ["gait enforce -- python agent.py", "gait enforce --public-key gate.pub -- ./agent.sh"],
});
