// Traces that evidence is built on: those that say of themselves what they are, and are signed, are what their signer wrote, or they are
// not built on (decision 20). What else stands in the place of a trace is for its reader to judge.
import type { Crypto, Source } from "../base/host.ts";
import { isJsonObject, type Json } from "../base/json_value.ts";
import { readJson } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import { TRACE_ID } from "../schema/trace.ts";
import { checkTrace } from "../trace/check.ts";
import { readTrace, TRACE_LIMIT } from "../trace/verify.ts";

/** Whether a document says that it is the record of a decision. */
export const isTrace = (json: Json): boolean => isJsonObject(json) && json["schema_id"] === TRACE_ID;

/** What a reader of a trace is to be warned of. Faults of reading traces, and of `checkTrace`. */
export function checkedTrace(crypto: Crypto, bytes: Uint8Array, what: string): Result<readonly string[]> {
  const read = readTrace(bytes, what);
  return read.ok ? checkTrace(crypto, read.value, what) : read;
}

/** The same of the trace that a bundle links, if it is one. */
export async function linkedTrace(crypto: Crypto, source: Source, what: string): Promise<Result<readonly string[]>> {
  if (source.size > TRACE_LIMIT) return ok([]);
  const bytes = await source.read(0, source.size);
  const json = readJson(bytes, what);
  return json.ok && isTrace(json.value) ? checkedTrace(crypto, bytes, what) : ok([]);
}
