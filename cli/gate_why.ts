// Why a call got its verdict (`--why`): what decided, what came close, what would change it. Loaded only when it is asked for.
import { type Json, readJsonObject } from "../core/base/json.ts";
import { ok, type Result } from "../core/base/result.ts";
import { intentOf } from "../core/gate/intent_read.ts";
import { prepareIntent } from "../core/gate/prepare.ts";
import { reasonWords } from "../core/gate/reason_words.ts";
import type { Intent } from "../core/gate/types.ts";
import { why } from "../core/gate/why.ts";
import { type WhyDocument, whyDocument } from "../core/gate/why_words.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import type { Ports } from "../core/ports.ts";
import { type Evidence, type Gate, inventoryClaims } from "./gate_decide.ts";

/** Explains a decision about the request in `bytes`, which was read before. */
export function explainWhy(
  gate: Gate,
  { decision, final, intent }: Decided,
  bytes: Uint8Array,
  evidence: Evidence,
  { host }: Pick<Ports, "host">,
): Result<WhyDocument> {
  const { at, kill_switch, envelope, inventory } = evidence;
  const request = readJsonObject(bytes, gate.settings.source.path, { text: "replace" }); // as it was read before
  if (!request.ok) return request;
  const prepare = (changed: Json): Result<Intent> => {
    const read = intentOf(changed, gate.settings.source.path);
    if (!read.ok) return read;
    const prepared = prepareIntent(read.value, { envelope, inventory, inventoryClaims: inventoryClaims(gate.settings) });
    return prepared.ok ? ok(prepared.value.intent) : prepared;
  };
  const conditions = { evaluation_time: at, kill_switch, inventory: inventory?.items };
  const found = why(host.crypto, gate.compiled, { request: request.value, prepare }, intent, conditions, decision);
  // What limits, tokens and the broker made of it.
  const later = final.reason_codes.filter((code) => !decision.reason_codes.includes(code));
  const lines = later.map((code) => `then ${final.verdict}: ${code}${wordsOf(code)}`);
  return ok(whyDocument(found, lines));
}

const wordsOf = (code: string): string => {
  const words = reasonWords(code);
  return words === undefined ? "" : `: ${words}`;
};
