// `gait test`: runs a program that asks gait for its decisions, and tells what was decided.
import { wrapper } from "../wrapper.ts";

export default wrapper("test", {
  summary: "Run a program and tell what was decided for it",
  explain: "Runs a program, reads the traces that it names, and tells their verdicts; it ends as the program does.",
  rest: "anywhere",
  examples: ["gait test -- python agent.py", "gait test --timeout 2m --json -- ./agent.sh --fast"],
});
