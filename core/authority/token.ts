// What approval and delegation tokens share: their id, their end, and how their signature is judged.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import { durationNs } from "../base/duration.ts";
import type { Crypto } from "../base/host.ts";
import { recordDefect, type Signable } from "../base/record.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Shape } from "../base/shape.ts";
import type { VerifyKey } from "../base/sign.ts";
import { isHex64 } from "../base/text.ts";
import { byTime, isZeroTime, later, toUtc } from "../base/time.ts";

export { wholeSeconds } from "../base/time.ts";

/** The longest token that is read, in bytes. */
export const TOKEN_LIMIT = 2 ** 20;

/** The id of a token: 24 hex digits over its parts, joined by colons. */
export const tokenId = (crypto: Crypto, parts: readonly string[]): string =>
  sha256Hex(crypto, utf8(parts.join(":"))).slice(0, 24);

/** The end of something that begins now and lasts for a positive duration. Fault `flag_value`. */
export function expiry(now: string, ttl: string): Result<string> {
  const nanoseconds = durationNs(ttl);
  const end = nanoseconds === undefined || nanoseconds <= 0n ? undefined : later(now, nanoseconds);
  return end === undefined
    ? fail("flag_value", `Cannot read value "${ttl}" of --ttl: wanted is a duration above zero, such as 30m or 12h`)
    : ok(end);
}

/** The spelling of a time that goes into ids. */
export const utcSpelling = (time: string): string => toUtc(time) ?? time;

/** Whether a digest that may be left out is one, or is left out. */
export const isDigestOrNone = (text: string): boolean => text === "" || isHex64(text);

/** Whether a token has the header of its kind; blank members count as right. */
export const hasHeading = (token: { readonly schema_id: string; readonly schema_version: string }, id: string): boolean =>
  ["", id].includes(token.schema_id) && ["", "1.0.0"].includes(token.schema_version);

/** Whether both times of a token are given. */
export const hasTimes = (token: { readonly created_at: string; readonly expires_at: string }): boolean =>
  !isZeroTime(token.created_at) && !isZeroTime(token.expires_at);

/** Whether the end of a token is reached. */
export const isOver = (token: { readonly expires_at: string }, now: string): boolean => byTime(now, token.expires_at) >= 0;

/** How the signature of a token fails, or undefined for a good one. */
export async function signatureFailure<T extends Signable>(
  crypto: Crypto,
  shape: Shape<T>,
  token: T,
  key: VerifyKey,
): Promise<"signature_missing" | "signature_invalid" | undefined> {
  const defect = await recordDefect(crypto, shape, token, key);
  return defect === undefined ? undefined : defect === "missing" ? "signature_missing" : "signature_invalid";
}
