// What is wrong with an intent, gathered while it is brought into normal form: the first flaw is told, and work goes on, so that
// the steps need not hand a result from one to the other.
import type { FaultCode } from "../base/errors.ts";
import { isHex64 } from "../base/text.ts";

/** A member, by its JSON pointer, and what it must be. */
export type Flaw = { readonly code: FaultCode; readonly pointer: string; readonly words: string };

/** The first flaw that was found, if one was. */
export type Flaws = { first: Flaw | undefined };

/** Whether a fault is a flaw of an intent, and not of what it is decided with. */
export const isIntentFlaw = ({ code }: { readonly code: FaultCode }): boolean =>
  code === "intent_invalid" || code === "intent_credential";

/** Notes a flaw; those after the first are dropped. */
export const note = (flaws: Flaws, pointer: string, words: string, code: FaultCode = "intent_invalid"): void => {
  flaws.first ??= { code, pointer, words };
};

/** What is said of a text that must be there and holds nothing. */
export const BLANK = "must not be blank";

/** A text that must be there. */
export const needed = (flaws: Flaws, pointer: string, text: string): void => {
  if (text === "") note(flaws, pointer, BLANK);
};

/** A digest that may be absent. */
export const digestOrNone = (flaws: Flaws, pointer: string, digest: string): void => {
  if (digest !== "" && !isHex64(digest)) note(flaws, pointer, "must be 64 hexadecimal digits");
};
