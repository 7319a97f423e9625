// The ports that act on a real machine: writing, journals, locks, programs. Apart from those that only look, so that a command that
// acts on nothing does not load them.
import type { Acting } from "../../core/ports.ts";
import { token } from "./deno.ts";
import { denoDisk } from "./deno_disk.ts";
import { writeDurably } from "./durable.ts";
import { journalOn } from "./journal.ts";
import { denoGrowing } from "./journal_deno.ts";
import { lockOn } from "./lock.ts";
import { denoLocks } from "./lock_deno.ts";
import { denoProcess } from "./process_deno.ts";

/** The ports that act. `kernel` names the running system, blank when unknown: it is read before power is given up. */
export const denoActing = (kernel = ""): Acting => ({
  store: { write: (path, bytes, mode) => Promise.resolve(writeDurably(denoDisk, path, bytes, mode, token())) },
  journal: journalOn(denoGrowing),
  lock: lockOn(denoLocks(kernel)),
  process: denoProcess,
});
