// A program that gait stands before, by Deno: in a group of its own, so that whoever ends it ends all that it started.
import { fail, ok } from "../../core/base/result.ts";
import type { Peer } from "../../core/ports.ts";
import { childInput } from "./child_input.ts";
import { errnoOf, inWords } from "./errno.ts";
import { signalGroup } from "./process_group.ts";
import { ENDING_BOTH, told } from "./told.ts";

/** Starts programs on the real machine. */
export const denoPeer: Peer = {
  start(argv, { hidden }) {
    const [program = "", ...args] = argv;
    let child: Deno.ChildProcess;
    try {
      const env = Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => !hidden.includes(name)));
      const streams = { stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
      child = new Deno.Command(program, { args, clearEnv: true, env, ...streams, detached: true }).spawn();
    } catch (thrown) {
      return Promise.resolve(fail("child_start_failed", `Cannot start "${program}": ${inWords(errnoOf(thrown))}`));
    }
    const { write, finish } = childInput(child.stdin);
    const output = child.stdout.getReader();
    const ended = child.status.then(({ code, signal }) => signal === null ? code : -1);
    // What a program does to its streams is no fault: they just end.
    const quietly = async <T>(action: () => Promise<T>, instead: T): Promise<T> => {
      try {
        return await action();
      } catch (thrown) {
        errnoOf(thrown);
        return instead;
      }
    };
    return Promise.resolve(ok({
      read: () => quietly(async () => (await output.read()).value, undefined),
      write,
      finish,
      ended,
      async end(grace) {
        signalGroup(child.pid, "SIGTERM");
        const killing = setTimeout(() => signalGroup(child.pid, "SIGKILL"), grace);
        await ended;
        clearTimeout(killing);
        signalGroup(child.pid, "SIGKILL"); // what is left of the group
        await finish();
        await quietly(() => output.cancel(), undefined); // what left the group may still hold the pipe
      },
    }));
  },

  told: () => told(ENDING_BOTH),
};
