// RFC 8785: the one spelling of a JSON value that digests and signatures are taken over. The only file that knows `canonicalize`.
import canonicalize from "canonicalize";
import { utf8 } from "./bytes.ts";
import type { Json } from "./json.ts";

/**
 * The canonical text of a JSON value. Members whose value is undefined are left out. Throws, as a bug of the caller's, on what is
 * not JSON: NaN, infinities, lone surrogates, cycles.
 */
export const canonicalText = (value: Json): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new Error("canonicalText wants a JSON value");
  return text;
};

/** The UTF-8 bytes of the canonical text. */
export const canonicalBytes = (value: Json): Uint8Array<ArrayBuffer> => utf8(canonicalText(value));
