// The ports that act on a real machine: writing, journals, locks, states, programs. Apart from those that only look, so that a
// command that acts on nothing does not load them.
import type { Acting, State } from "../../core/ports.ts";
import { denoFiles, now, token } from "./deno.ts";
import { denoChild } from "./child_deno.ts";
import { denoDisk } from "./deno_disk.ts";
import { writeDurably } from "./durable.ts";
import { journalOn } from "./journal.ts";
import { denoGrowing } from "./journal_deno.ts";
import { lockOn } from "./lock.ts";
import { denoLocks } from "./lock_deno.ts";
import { denoProcess } from "./process_deno.ts";

/** The ports that act. `kernel` names the running system, blank when unknown: it is read before power is given up. */
export function denoActing(kernel = ""): Acting {
  const lock = lockOn(denoLocks(kernel));
  let made: State | undefined;
  // Loaded at the first use: reading a lock takes more than most commands that write have need of.
  const state = async (): Promise<State> => {
    const { stateOn } = await import("./state.ts");
    return made ??= stateOn({
      files: denoFiles,
      lock,
      write: (path, bytes, sure) => writeDurably(denoDisk, path, bytes, "replace", token(), sure),
      now,
      token,
    });
  };
  return {
    store: { write: (path, bytes, mode) => Promise.resolve(writeDurably(denoDisk, path, bytes, mode, token())) },
    journal: journalOn(denoGrowing),
    lock,
    state: {
      read: async (path) => await (await state()).read(path),
      update: async (path, change) => await (await state()).update(path, change),
    },
    process: denoProcess,
    child: denoChild,
  };
}
