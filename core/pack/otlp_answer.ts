// What a collector says of what it was sent (OTLP 1.x, "Partial Success"): with a status that is well it may have left some of it out.
import { type Json, readJson } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";

/** What was left out, and the collector's words about it; blank where it has none. */
export type LeftOut = { readonly count: number; readonly words: string };

const NOTHING: LeftOut = { count: 0, words: "" };
const COUNTS = ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"] as const;

/** Reads the body of an answer; one that cannot be read says nothing. */
export function leftOut(body: Uint8Array): LeftOut {
  const answer = readJson(body, "the answer of the collector", { text: "replace" });
  const partial = answer.ok && isJsonObject(answer.value) ? answer.value["partialSuccess"] : undefined;
  if (!isJsonObject(partial)) return NOTHING;
  const { errorMessage } = partial;
  const count = COUNTS.reduce((sum, name) => sum + countOf(partial[name]), 0);
  return { count, words: typeof errorMessage === "string" ? errorMessage : "" };
}

// A 64-bit number, which JSON of protocol buffers spells as text. One that a double cannot hold is many all the same.
const countOf = (value: Json | undefined): number => {
  const count = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
  return typeof count === "number" && (Number.isInteger(count) || count === Infinity) && count > 0
    ? Math.min(count, Number.MAX_SAFE_INTEGER)
    : 0;
};
