// Digests as the formats spell them: 64 lowercase hexadecimal digits without a prefix (spec 01, sections 1.1 and 1.3).
import { hex } from "./bytes.ts";
import { canonicalText } from "./canonical.ts";
import type { Crypto } from "./host.ts";
import type { Draft } from "./json_value.ts";

/** SHA-256 of exactly these bytes, in hex. */
export const sha256Hex = (crypto: Crypto, bytes: Uint8Array): string => hex(crypto.sha256(bytes));

/** The digest of a JSON value: SHA-256, in hex, of its canonical form (RFC 8785). */
export const digestOf = (crypto: Crypto, value: Draft): string => crypto.sha256Text(canonicalText(value));
