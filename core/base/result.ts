// Expected failures are values. `throw` means a bug, and only the outermost files catch it.
import type { ExitName, FaultCode } from "./errors.ts";
import type { JsonObject } from "./json_value.ts";

/** Where something is: a file of the user's, an entry of an archive, a line and column (both from 1), a JSON pointer. */
export type Place = {
  readonly file?: string;
  readonly entry?: string;
  readonly line?: number;
  readonly column?: number;
  /** Just behind what is meant, on the same line. */
  readonly end_column?: number;
  readonly pointer?: string;
  /** The line, safe to print and cut to a width, and a second one with carets below what is meant (`frame.ts`). */
  readonly frame?: string;
};

/** One expected failure. `message` says the action, quotes the input and ends without a full stop. */
export type Fault = {
  readonly code: FaultCode;
  readonly message: string;
  readonly at?: Place;
  /** Set where a command's contract ends otherwise than the table says (damage is 2 in verify, 6 in inspect). */
  readonly exit?: ExitName;
  /** What `error_code`, or in outputs without one `reason_codes`, says where a command's contract has a word of its own for it. */
  readonly reason?: string;
  /** Members of its own that the error holds for programs. */
  readonly details?: JsonObject;
};

/** A value or the reason why there is none. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** A result that holds a value. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** A result that holds a fault. */
export const fail = (code: FaultCode, message: string, at?: Place): Result<never> => ({
  ok: false,
  fault: at === undefined ? { code, message } : { code, message, at },
});

/** The same fault with more of its place known; what is known already is kept. */
export const located = (fault: Fault, at: Place): Fault => ({ ...fault, at: { ...at, ...fault.at } });

/** The same fault, ending the program otherwise. */
export const ending = (fault: Fault, exit: ExitName): Fault => ({ ...fault, exit });
