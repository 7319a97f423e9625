// Other programs, by Deno: started in a group of their own, so that a time limit ends all that they started.
import { fail, ok } from "../../core/base/result.ts";
import type { Process } from "../../core/ports.ts";
import { errnoOf, inWords } from "./errno.ts";
import { signalGroup } from "./process_group.ts";

/** Starts programs on the real machine. */
export const denoProcess: Process = {
  async run(argv, { milliseconds, bytes }) {
    const [program = "", ...args] = argv;
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "null", detached: true }).spawn();
    } catch (thrown) {
      return fail("process_failed", `Cannot start "${program}": ${inWords(errnoOf(thrown))}`);
    }
    const output = child.stdout.getReader();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      signalGroup(child.pid, "SIGKILL");
      void output.cancel(); // what left the group may still hold the pipe
    }, milliseconds);
    const held = new Uint8Array(bytes);
    let size = 0;
    for (let piece = await output.read(); !piece.done; piece = await output.read()) {
      const kept = piece.value.subarray(0, bytes - size);
      held.set(kept, size);
      size += kept.length;
    }
    const { code } = await child.status;
    clearTimeout(timer);
    return ok({ output: held.slice(0, size), code, timedOut });
  },
};
