// Calls decided and explained in tests, from documents as people write them.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { readBoundContext } from "../../core/flow/context_binding.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { readInventory } from "../../core/gate/inventory.ts";
import { readKillSwitch } from "../../core/gate/kill_switch_state.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Decision, Intent } from "../../core/gate/types.ts";
import { type Why, why } from "../../core/gate/why.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import type { Surroundings } from "../properties/gate_intents.ts";

const NOON: Surroundings = { evaluation_time: "2026-03-14T12:00:00Z" };

const bytes = (json: Json): Uint8Array => utf8(JSON.stringify(json));

/** A policy and what a call is decided by, ready to decide requests again and again. */
export function gate(policy: JsonObject, around: Surroundings = NOON) {
  const { evaluation_time, kill_switch, inventory, context_envelope } = around;
  const crypto = nodeHost.crypto;
  const compiled = compilePolicy(assertOk(readPolicy(bytes(policy), "policy.yaml")).policy);
  const items = inventory === undefined ? undefined : assertOk(readInventory(bytes(inventory), "inventory.json"));
  const envelope = context_envelope === undefined
    ? undefined
    : assertOk(readBoundContext(crypto, bytes(context_envelope), "envelope.json", evaluation_time));
  const conditions = {
    evaluation_time,
    kill_switch: kill_switch === undefined
      ? { status: "none" as const }
      : { status: "read" as const, entries: assertOk(readKillSwitch(bytes(kill_switch), "ks.json")).entries },
    inventory: items,
  };
  const prepare = (request: Json): Result<Intent> => {
    const read = intentOf(request, "intent.json");
    if (!read.ok) return read;
    const prepared = prepareIntent(read.value, {
      envelope,
      inventory: items === undefined ? undefined : { items, source: "inventory.json" },
    });
    return prepared.ok ? ok(prepared.value.intent) : prepared;
  };
  const decide = (request: Json): Result<Decision> => {
    const intent = prepare(request);
    return intent.ok ? ok(evaluate(crypto, compiled, intent.value, conditions)) : intent;
  };
  const explain = (request: JsonObject): Result<Why> => {
    const intent = prepare(request);
    if (!intent.ok) return intent;
    const decision = evaluate(crypto, compiled, intent.value, conditions);
    return ok(why(crypto, compiled, { request, prepare }, intent.value, conditions, decision));
  };
  return { compiled, conditions, prepare, decide, explain };
}

/** A call of low risk that touches nothing. */
export const CALL: JsonObject = {
  tool_name: "tool.read",
  context: { identity: "alice", workspace: "/srv/app", risk_class: "low" },
};
