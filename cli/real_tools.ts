// The tools of a recorded run, run for real (spec 01, section 7.3). Only for a user who gave all three consents.
import { utf8 } from "../core/base/bytes.ts";
import { outputPath } from "../core/base/paths.ts";
import { ok, type Result } from "../core/base/result.ts";
import { type Action, toolFault } from "../core/run/replay_tools.ts";
import type { Ports } from "../core/ports.ts";

const LIMITS = { milliseconds: 5000, bytes: 2 ** 16 };

// Standard output and error in one, in the order in which they were printed.
const MERGED = ["sh", "-c", 'exec sh -lc "$1" 2>&1', "sh"];

/** Does what a tool is to do; gives what its digest is taken over: the content written, the output of the command. */
export async function perform(action: Action, ports: Pick<Ports, "store" | "process">): Promise<Result<Uint8Array>> {
  switch (action.kind) {
    case "write": {
      const path = outputPath(action.path, "the content");
      if (!path.ok) return path;
      const content = utf8(action.content);
      const written = await ports.store.write(path.value, content, "replace");
      return written.ok ? ok(content) : written;
    }
    case "shell": {
      const ended = await ports.process.run([...MERGED, action.command], LIMITS);
      if (!ended.ok) return ended;
      const { output, code, timedOut } = ended.value;
      if (timedOut) return toolFault(`the command took longer than ${LIMITS.milliseconds / 1000} s`);
      return code === 0 ? ok(output) : toolFault(`the command ended with exit code ${code}`);
    }
    default:
      return never(action);
  }
}

const never = (action: never): never => {
  throw new Error(`unknown action: ${JSON.stringify(action)}`);
};
