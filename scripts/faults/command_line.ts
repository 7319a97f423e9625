// Planted faults: the command line.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const COMMAND_LINE: readonly Fault[] = [
  {
    name: "command line: tell a client of a usage error on its standard output",
    file: "cli/run.ts",
    find: `if (silent && reply.exit !== "ok") reply`,
    replace: `if (silent && reply.exit === "internal") reply`,
    test: "tests/cli/silent_frame_test.ts",
    filter: "usage errors go to standard error",
  },
  {
    name: "run although a permission could not be given up",
    file: "cli/run.ts",
    find: "reply = power.ok ? await perform",
    replace: "reply = power.ok || plan ? await perform",
    test: "tests/cli/run_test.ts",
    filter: "run: power is given up",
  },
  {
    name: "let text drive the terminal",
    file: "cli/render.ts",
    find: "answer.lines().map(safeLine)",
    replace: "[...answer.lines()]",
    test: "tests/cli/render_test.ts",
    filter: "render:",
  },
  {
    name: "keep the network",
    file: "cli/power.ts",
    find: `"run", "net", "ffi"`,
    replace: `"run", "ffi"`,
    test: "tests/cli/power_test.ts",
    filter: "power:",
  },
  {
    name: "end a failed verification like a block",
    file: "cli/render.ts",
    find: "verification: 2,",
    replace: "verification: 3,",
    test: "tests/cli/render_test.ts",
    filter: "the nine exits",
  },
];
