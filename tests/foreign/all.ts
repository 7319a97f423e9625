// Gets what others made, as far as it can be had, and runs the tests against it with the flags given.
import { show } from "../../scripts/tools/run.ts";

const deno = Deno.execPath();
for (const set of ["setup.ts", "mcp_setup.ts"]) await show([deno, "run", "-q", "-A", `tests/foreign/${set}`]);
Deno.exit(await show([deno, "test", "--no-check", "--no-prompt", "-A", "--parallel", ...Deno.args, "tests/foreign/"]));
