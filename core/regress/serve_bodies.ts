// What recorded calls gave back, found by its digest: a runpack may hold digests alone, and whoever kept the rest can hand it in.
import { answerBytes } from "../base/answer_bytes.ts";
import type { Crypto } from "../base/host.ts";
import { digestOf, sha256Hex } from "../base/digest.ts";
import { type JsonObject, readJsonLine } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";
import { lineFeed } from "../base/lines.ts";
import { type Fault, ok, type Result } from "../base/result.ts";

/** What a call gave back: a result, or the error of the protocol that came in its place. */
export type Body = { readonly kind: "result" | "error"; readonly value: JsonObject };

/** Bodies by digest. */
export type Bodies = ReadonlyMap<string, Body>;

/** Most bytes of a line: what a server may say at most before it is held back. */
export const BODY_LINE_LIMIT = 64 * 2 ** 20;

/**
 * Reads bodies: JSON lines of what servers said (frames as they came), of records of results, or of bare results, also mixed. A line counts
 * for the results whose digest it has; nothing else is believed of it. Faults of reading JSON lines.
 */
export function readBodies(crypto: Crypto, bytes: Uint8Array, what: string): Result<Bodies> {
  const found = new Map<string, Body>();
  let fault: Fault | undefined;
  const take = (line: Uint8Array, number: number): void => {
    if (fault !== undefined) return;
    const read = readJsonLine(line, what, { firstLine: number, maxLineBytes: BODY_LINE_LIMIT });
    if (!read.ok) fault = { ...read.fault, at: { file: what, ...read.fault.at } };
    else if (read.value !== undefined) {
      for (const [digest, body] of bodiesOf(crypto, line, read.value)) found.set(digest, body);
    }
  };
  const feed = lineFeed(BODY_LINE_LIMIT, take);
  feed.push(bytes);
  feed.end();
  return fault === undefined ? ok(found) : { ok: false, fault };
}

// A frame is known by the digest of its bytes, or of those of its answer alone; a result by that of its value, alone or as a member of
// its record.
function bodiesOf(crypto: Crypto, line: Uint8Array, value: JsonObject): readonly (readonly [string, Body])[] {
  const { jsonrpc, result, error } = value;
  const inner: Body | undefined = isJsonObject(result) ? { kind: "result", value: result } : undefined;
  if (jsonrpc !== undefined) {
    const body = inner ?? (isJsonObject(error) ? { kind: "error", value: error } as const : undefined);
    if (body === undefined) return [];
    return [line, answerBytes(line) ?? line].map((bytes) => [sha256Hex(crypto, bytes), body] as const);
  }
  return [
    [digestOf(crypto, value), { kind: "result", value }],
    ...(inner === undefined ? [] : [[digestOf(crypto, inner.value), inner] as const]),
  ];
}
