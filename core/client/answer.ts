// From what a gate printed or sent to an answer that counts (spec 06, sections 11.2 and 11.3): all of it has to fit together, else
// nothing was decided.
import type { Crypto } from "../base/host.ts";
import { type JsonObject, readJson } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";
import { quoted } from "../base/json_words.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { fitShape } from "../base/shape.ts";
import { isHex64 } from "../base/text.ts";
import { type BoundaryAnswer, BoundaryAnswerShape, BoundaryErrorShape } from "../schema/boundary_answer.ts";
import { traceId } from "../trace/build.ts";
import type { Answer } from "./types.ts";

/** Most bytes of an answer. */
export const ANSWER_LIMIT = 8 * 2 ** 20;

/** How `gait` ends by verdict, as its callers see it: a contract (spec 01, section 3.2). */
export const EXIT_CODES: Readonly<Record<Answer["verdict"], number>> = { allow: 0, dry_run: 0, require_approval: 4, block: 3 };

/** What does not fit. `who` is what answered, for messages. Fault `gate_answer_invalid`. */
export const oddAnswer = (who: string, words: string): Result<never> =>
  fail("gate_answer_invalid", `Cannot act on the answer of ${who}: ${words}`);

/** Members that an answer may have to have, beside those that no gate leaves out. */
export type AlwaysThere = "executed" | "exit_code";

/**
 * Reads the bytes of an answer: exactly one JSON object, with the members that this kind of gate always sends. Faults:
 * `gate_answer_invalid` for what is no answer or contradicts itself, `gate_refused` for an error that the gate tells.
 */
export function readAnswer(crypto: Crypto, bytes: Uint8Array, who: string, always: readonly AlwaysThere[]): Result<Answer> {
  const json = readJson(bytes, "answer", { maxBytes: ANSWER_LIMIT });
  if (!json.ok) return oddAnswer(who, json.fault.message);
  if (!isJsonObject(json.value)) return oddAnswer(who, "it must be one JSON object");
  if (json.value["ok"] !== true) return refused(json.value, who);
  const read = fitShape(BoundaryAnswerShape, json.value);
  if (!read.ok) return oddAnswer(who, `member "${read.misfit.pointer}" ${read.misfit.wanted}`);
  const lacking = always.find((name) => read.value[name] === undefined);
  if (lacking !== undefined) return oddAnswer(who, `member "/${lacking}" is missing`);
  const flaw = contradiction(crypto, read.value);
  return flaw === undefined ? ok(answerOf(read.value)) : oddAnswer(who, flaw);
}

const answerOf = (read: BoundaryAnswer): Answer => {
  const { verdict, reason_codes, violations, tool_name, run_id, policy_digest, intent_digest, trace_id, trace_path } = read;
  const { warnings } = read;
  return {
    verdict,
    reason_codes,
    violations,
    tool_name,
    run_id,
    policy_digest,
    intent_digest,
    trace_id,
    trace_path,
    warnings,
  };
};

// `ok` is true for every verdict: else it is an error, whatever stands beside it.
function refused(json: JsonObject, who: string): Result<never> {
  const read = fitShape(BoundaryErrorShape, json);
  if (json["ok"] !== false || !read.ok || read.value.error === "") {
    return oddAnswer(who, `member "/ok" must be true, not ${quoted(JSON.stringify(json["ok"]) ?? "nothing")}`);
  }
  const { error, error_code, fault } = read.value;
  const message = `Cannot have the call decided: ${who} says: ${error}`;
  return { ok: false, fault: { code: "gate_refused", message, details: { gate_error_code: error_code, gate_fault: fault } } };
}

const ID = /^[0-9a-f]{24}$/;

// The id of a trace is made of digests and verdict, so an answer whose parts come from two decisions gives itself away.
function contradiction(crypto: Crypto, answer: BoundaryAnswer): string | undefined {
  const { error, executed, simulate_mode, verdict, policy_digest, intent_digest, trace_id, exit_code } = answer;
  if (error !== "") return `it tells an error beside its verdict: ${error}`;
  if (executed) return "it says that it ran the tool";
  if (simulate_mode) return "it is of a simulation, which decides nothing";
  if (!isHex64(policy_digest)) return "policy_digest must be 64 lowercase hexadecimal digits";
  if (!isHex64(intent_digest)) return "intent_digest must be 64 lowercase hexadecimal digits";
  if (!ID.test(trace_id)) return "trace_id must be 24 lowercase hexadecimal digits";
  if (traceId(crypto, answer) !== trace_id) return `trace_id is not that of verdict ${verdict} and the digests`;
  return exit_code === undefined || exit_code === EXIT_CODES[verdict]
    ? undefined
    : `exit_code ${exit_code} is not that of verdict ${verdict}`;
}
