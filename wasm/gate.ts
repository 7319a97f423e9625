// A verdict without a command line: texts in, one JSON document out. There is no state here, no token and no broker, so what a rule
// demands of them is lacking; and every doubt is a block that names its reason.
import { utf8 } from "../core/base/bytes.ts";
import { canonicalText } from "../core/base/canonical.ts";
import { envelope } from "../core/base/envelope.ts";
import type { Crypto } from "../core/base/host.ts";
import type { Json, JsonObject } from "../core/base/json.ts";
import { pointerStep } from "../core/base/pointer.ts";
import { fail, type Fault, ok, type Result } from "../core/base/result.ts";
import { writeShape } from "../core/base/shape.ts";
import { toUtc } from "../core/base/time.ts";
import { readBoundContext } from "../core/flow/context_binding.ts";
import { decideAlone, type ReadyPolicy, readyPolicy } from "../core/flow/gate_alone.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import { explainDocument } from "../core/flow/gate_explain.ts";
import { gateResult } from "../core/flow/gate_result.ts";
import { readIntent } from "../core/gate/intent_read.ts";
import { readInventory } from "../core/gate/inventory.ts";
import { readKillSwitch } from "../core/gate/kill_switch_state.ts";
import { prepareIntent } from "../core/gate/prepare.ts";
import type { KillSwitch } from "../core/gate/types.ts";
import { PolicyExplainShape } from "../core/schema/policy_explain.ts";
import { traceId } from "../core/trace/build.ts";

/** The version that documents made here name. */
const PRODUCER = "0.0.0-dev";

/** The texts that a call is judged by; undefined where there is none. */
export type GateTexts = {
  /** YAML. */
  readonly policy: string | undefined;
  /** The kill switch's state, JSON. */
  readonly kill_switch: string | undefined;
  /** An inventory of tools, JSON. */
  readonly inventory: string | undefined;
};

/** What one call is decided from. */
export type GateInput = GateTexts & {
  /** The request, JSON. */
  readonly intent: Uint8Array;
  /** A context envelope, JSON. */
  readonly context_envelope: string | undefined;
  /** The moment that is decided for, RFC 3339. */
  readonly evaluation_time: string;
};

/** Why nothing could be decided: a reason code of the block that it is, and the fault. */
export type Refusal = { readonly reason: string; readonly fault: Fault };

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const refuse = (reason: string, fault: Fault): Outcome<never> => ({ ok: false, refusal: { reason, fault } });

// --- Policies are compiled once for as long as they are asked for.

const MOST_POLICIES = 32;
const LONGEST_KEPT = 2 ** 20;
const kept = new Map<string, Result<ReadyPolicy>>();

function compiled(crypto: Crypto, text: string): Result<ReadyPolicy> {
  const found = kept.get(text);
  if (found !== undefined) return found;
  const ready = readyPolicy(crypto, utf8(text), "policy");
  const [oldest] = kept.keys();
  if (kept.size >= MOST_POLICIES && oldest !== undefined) kept.delete(oldest);
  if (text.length <= LONGEST_KEPT) kept.set(text, ready);
  return ready;
}

// --- Deciding.

const killSwitchOf = (text: string | undefined): { readonly state: KillSwitch; readonly warnings: readonly string[] } => {
  if (text === undefined) return { state: { status: "none" }, warnings: [] };
  const read = readKillSwitch(utf8(text), "kill_switch");
  return read.ok
    ? { state: { status: "read", entries: read.value.entries }, warnings: [] }
    : { state: { status: "unavailable" }, warnings: [read.fault.message] };
};

type Answer = { readonly decided: Decided; readonly trace_id: string; readonly warnings: readonly string[] };

function decide(crypto: Crypto, input: GateInput): Outcome<Answer> {
  const at = toUtc(input.evaluation_time);
  if (at === undefined) {
    const message = `Cannot decide for the moment "${input.evaluation_time}": it must be an RFC 3339 time with offset`;
    return refuse("evaluation_time_invalid", { code: "usage", message });
  }
  const ready = input.policy === undefined
    ? fail("missing_argument", "Cannot decide without a policy: expected its text")
    : compiled(crypto, input.policy);
  if (!ready.ok) return refuse("policy_unavailable", ready.fault);
  const read = readIntent(input.intent, "intent");
  if (!read.ok) return refuse("fail_closed_intent_invalid", read.fault);
  const envelope = input.context_envelope === undefined
    ? undefined
    : readBoundContext(crypto, utf8(input.context_envelope), "context_envelope", at);
  if (envelope?.ok === false) return refuse("context_evidence_invalid", envelope.fault);
  const inventory = input.inventory === undefined ? undefined : readInventory(utf8(input.inventory), "inventory");
  if (inventory?.ok === false) return refuse("inventory_unavailable", inventory.fault);
  const prepared = prepareIntent(read.value, {
    envelope: envelope?.value,
    inventory: inventory === undefined ? undefined : { items: inventory.value, source: "inventory" },
  });
  if (!prepared.ok) return refuse("context_evidence_invalid", prepared.fault);
  const { state: kill_switch, warnings } = killSwitchOf(input.kill_switch);
  const conditions = { evaluation_time: at, kill_switch, inventory: inventory?.value };
  const decided = decideAlone(crypto, ready.value, prepared.value, conditions);
  const { policy_digest, digests: { intent_digest }, final: { verdict } } = decided;
  const trace_id = traceId(crypto, { policy_digest, intent_digest, verdict });
  return { ok: true, value: { decided, trace_id, warnings } };
}

// --- Requests.

const MEMBERS = ["operation", "names", "policy", "intent", "evaluation_time", "kill_switch", "inventory", "context_envelope"];

/** What a request of the operations `evaluate` and `explain` asks. Fault `document_shape`. */
export function inputOf(request: JsonObject): Result<GateInput> {
  const refuse = (pointer: string, words: string) =>
    fail("document_shape", `Cannot read "request": member "${pointer}" ${words}`, { pointer });
  const unknown = Object.keys(request).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) return refuse(pointerStep(unknown), "is not known here");
  const { policy, intent, evaluation_time } = request;
  if (typeof policy !== "string") return refuse("/policy", "must be text: the YAML of a policy");
  if (intent === undefined) return refuse("/intent", "is missing");
  if (typeof evaluation_time !== "string") return refuse("/evaluation_time", "must be text: an RFC 3339 time with offset");
  const textOf = (name: string): string | undefined => {
    const document = request[name];
    return document === undefined || document === null ? undefined : JSON.stringify(document);
  };
  return ok({
    policy,
    intent: utf8(JSON.stringify(intent)),
    evaluation_time,
    kill_switch: textOf("kill_switch"),
    inventory: textOf("inventory"),
    context_envelope: textOf("context_envelope"),
  });
}

// --- Replies.

/** The document of a block that is none of the policy's: nothing could be decided. */
export const blockDocument = ({ reason, fault }: Refusal): Json => ({
  ...fault.at,
  ...envelope(fault).members,
  verdict: "block",
  reason_codes: [reason],
  violations: ["intent_not_evaluable"],
});

const written = (members: Readonly<Record<string, Json | undefined>>): Json =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));

const resultOf = ({ decided, trace_id, warnings }: Answer): Json =>
  written(gateResult(decided, { profile: "standard", proof: { trace_id }, warnings }));

const documentOf = (outcome: Outcome<Answer>, view: (answer: Answer) => Json): Json =>
  outcome.ok ? view(outcome.value) : blockDocument(outcome.refusal);

/** The verdict on one call, as `gate eval --json` tells it. */
export const evaluateDocument = (crypto: Crypto, input: GateInput): Json => documentOf(decide(crypto, input), resultOf);

/** Why the policy says what it says of one call, as `gate eval --json --explain` tells it. */
export const explanation = (crypto: Crypto, input: GateInput): Json =>
  documentOf(
    decide(crypto, input),
    ({ decided, trace_id }) => writeShape(PolicyExplainShape, explainDocument(decided, PRODUCER, { trace_id })),
  );

const STATUS: Readonly<Record<string, number>> = {
  fail_closed_intent_invalid: 400,
  context_evidence_invalid: 400,
};
const UNAVAILABLE = 503;

/** The same over HTTP: the texts are the server's, the request is the caller's. 503 where the server lacks what it decides by. */
export function answerTo(
  crypto: Crypto,
  texts: GateTexts,
  intent: Uint8Array,
  evaluation_time: string,
): { readonly status: number; readonly text: string } {
  const done = decide(crypto, { ...texts, intent, evaluation_time, context_envelope: undefined });
  const status = done.ok ? 200 : STATUS[done.refusal.reason] ?? UNAVAILABLE;
  return { status, text: canonicalText(documentOf(done, resultOf)) };
}
