// A program that is waited for, by Deno: in a group of its own, so that whoever ends it ends all that it started.
import { concatBytes } from "../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Child, ChildEnd, ChildRules } from "../../core/ports.ts";
import { type ChildInput, childInput } from "./child_input.ts";
import { errnoOf, inWords } from "./errno.ts";
import { signalGroup } from "./process_group.ts";
import { ENDING_BOTH } from "./told.ts";

/** Runs programs on the real machine. */
export const denoChild: Child = {
  async run(argv, rules) {
    let end = (): void => {};
    const told = (): void => end();
    for (const signal of ENDING_BOTH) Deno.addSignalListener(signal, told); // first: nobody else would end the program
    try {
      return await runHearing(argv, rules, (action) => end = action);
    } finally {
      for (const signal of ENDING_BOTH) Deno.removeSignalListener(signal, told);
    }
  },
};

/** Runs a program; hands out how it is told to end as soon as there is one. */
async function runHearing(
  argv: readonly string[],
  { folder, variables, hidden = [], input, milliseconds, grace, bytes }: ChildRules,
  ending: (action: () => void) => void,
): Promise<Result<ChildEnd>> {
  const [program = "", ...args] = argv;
  let child: Deno.ChildProcess;
  try {
    const streams = { stdin: input === undefined ? "null" : "piped", stdout: "piped", stderr: "piped" } as const;
    const own = hidden.length === 0 ? {} : { clearEnv: true, env: { ...without(hidden), ...variables } };
    child = new Deno.Command(program, { args, cwd: folder, env: variables, ...own, ...streams, detached: true }).spawn();
  } catch (thrown) {
    return fail("child_start_failed", `Cannot start "${program}" in "${folder}": ${inWords(errnoOf(thrown))}`);
  }
  if (input !== undefined) void feed(childInput(child.stdin), input);
  const drains = [drain(child.stdout, bytes), drain(child.stderr, bytes)] as const;
  let timedOut = false;
  let killing: ReturnType<typeof setTimeout> | undefined;
  const tellToEnd = (): void => {
    if (killing !== undefined) return;
    signalGroup(child.pid, "SIGTERM");
    killing = setTimeout(() => {
      signalGroup(child.pid, "SIGKILL");
      for (const { stop } of drains) stop(); // what left the group may still hold the pipes
    }, grace);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    tellToEnd();
  }, milliseconds);
  ending(tellToEnd);
  try {
    const [output, errors, status] = await Promise.all([drains[0].done, drains[1].done, child.status]);
    if (killing !== undefined) signalGroup(child.pid, "SIGKILL"); // what is left of the group
    return ok({
      output: output.held,
      errors: errors.held,
      code: status.signal === null ? status.code : -1,
      timedOut,
      whole: output.whole && errors.whole,
    });
  } finally {
    clearTimeout(timer);
    clearTimeout(killing);
  }
}

const without = (hidden: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => !hidden.includes(name)));

async function feed(to: ChildInput, input: Uint8Array): Promise<void> {
  await to.write(input);
  await to.finish();
}

type Drained = { readonly held: Uint8Array<ArrayBuffer>; readonly whole: boolean };

/** Reads a stream to its end, or until it is stopped; keeps the first `most` bytes. */
function drain(stream: ReadableStream<Uint8Array>, most: number): { readonly done: Promise<Drained>; stop(): void } {
  const reader = stream.getReader();
  let stopped = false;
  async function all(): Promise<Drained> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    let whole = true;
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        const kept = piece.value.subarray(0, most - size);
        if (kept.length < piece.value.length) whole = false; // the rest is read too, or the program would wait for a reader
        if (kept.length > 0) pieces.push(kept);
        size += kept.length;
      }
    } catch (thrown) {
      errnoOf(thrown);
      whole = false;
    }
    return { held: concatBytes(pieces), whole: whole && !stopped };
  }
  return {
    done: all(),
    stop() {
      stopped = true;
      void reader.cancel();
    },
  };
}
