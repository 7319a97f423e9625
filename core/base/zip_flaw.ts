// A defect of an archive as the parts of the reader hand it on; `zip_read.ts` makes the fault with the archive's name.
import type { FaultCode } from "./errors.ts";

/** What is wrong: `words` end the sentence "Cannot read archive "x": …"; `entry` is the entry's name where there is one. */
export type Flaw = { readonly code: FaultCode; readonly words: string; readonly entry?: string };

/** A flaw of one entry, or of the whole archive where no name is given. */
export const flaw = (code: FaultCode, words: string, entry?: string): Flaw =>
  entry === undefined ? { code, words } : { code, words, entry };
