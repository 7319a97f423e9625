// What either end calls something, as a record holds it: there is no end to how long it may be, and a journal that grew by it could not be
// sealed.
import { utf8 } from "../../core/base/bytes.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import type { Crypto } from "../../core/base/host.ts";

/** The most characters that are written whole. */
const MOST = 256;

/** The text; of a longer one its beginning and its digest. */
export const shortened = (crypto: Crypto, text: string): string =>
  text.length <= MOST ? text : `${text.slice(0, MOST).toWellFormed()}... (SHA-256 ${sha256Hex(crypto, utf8(text))})`;
