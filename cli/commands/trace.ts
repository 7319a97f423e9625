// `gait trace`: runs a program that asks gait for its decisions, and collects their traces. `gait trace verify` is another command.
import { wrapper } from "../wrapper.ts";

export default wrapper("trace", {
  summary: "Run a program and collect its traces",
  explain: "Runs a program and reads the traces that it names, without judging it; it ends as the program does.",
  rest: "behind_dashes",
  examples: ["gait trace -- python agent.py", "gait trace --json --cwd app -- ./agent.sh"],
});
