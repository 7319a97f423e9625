// The ports that act on a real machine: writing, journals, locks, states, programs. Apart from those that only look, so that a
// command that acts on nothing does not load them; what few commands act with is loaded at its first use.
import type { Acting, Lock, Serving, State } from "../../core/ports.ts";
import { denoFiles, NO_SERVING, now, token } from "./deno.ts";
import { denoDisk } from "./deno_disk.ts";
import { removeDurably, writeAllDurably, writeDurably, writePiecesDurably } from "./durable.ts";
import { journalOn } from "./journal.ts";
import { denoGrowing } from "./journal_deno.ts";

/** The ports that act, with those of a service where the command is one. `kernel` names the running system, blank when unknown: it is read before power is given up. */
export function denoActing(kernel = "", serving: Serving = NO_SERVING): Acting {
  let locks: Lock | undefined;
  const lock: Lock = {
    async take(path, rules) {
      const { denoLock } = await import("./lock_deno.ts");
      return await (locks ??= denoLock(kernel)).take(path, rules);
    },
  };
  let made: State | undefined;
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
    store: {
      write: (path, bytes, mode) => Promise.resolve(writeDurably(denoDisk, path, bytes, mode, token())),
      writeAll: (files) => Promise.resolve(writeAllDurably(denoDisk, files, token)),
      writePieces: (path, mode, give) => writePiecesDurably(denoDisk, path, mode, token(), give),
      remove: (path) => Promise.resolve(removeDurably(denoDisk, path)),
    },
    journal: journalOn(denoGrowing),
    lock,
    state: {
      read: async (path) => await (await state()).read(path),
      update: async (path, change) => await (await state()).update(path, change),
    },
    process: { run: async (argv, limits) => await (await import("./process_deno.ts")).denoProcess.run(argv, limits) },
    ...serving,
    threads: {
      signer(key) {
        const side = import("./side_signer.ts").then(({ sideSigner }) => sideSigner(key));
        return { sign: async (texts) => await (await side).sign(texts), close: () => void side.then((it) => it.close()) };
      },
    },
    child: { run: async (argv, rules) => await (await import("./child_deno.ts")).denoChild.run(argv, rules) },
    peer: {
      start: async (argv, rules) => await (await import("./peer_deno.ts")).denoPeer.start(argv, rules),
      told: async () => await (await import("./peer_deno.ts")).denoPeer.told(),
    },
  };
}
