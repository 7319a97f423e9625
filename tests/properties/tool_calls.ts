// Random calls for properties: drawn intents in the form of calls, and the same call said otherwise.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../core/base/json_value.ts";
import { type AnyShape, fieldsOf } from "../../core/base/shape.ts";
import { ToolCallShape } from "../../core/schema/tool_call.ts";
import { type Dice, pick } from "../runtimes/dice.ts";
import { drawIntent } from "./gate_intents.ts";

const objects = (json: Json | undefined): readonly JsonObject[] => isJsonList(json) ? json.filter(isJsonObject) : [];

const only = (json: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([name]) => names.includes(name)));

const HINTS = ["read_only_hint", "destructive_hint", "idempotent_hint", "open_world_hint"] as const;

const carried = (target: JsonObject): JsonObject =>
  only(target, "kind", "value", "operation", "sensitivity", "discovery_method", ...HINTS);

const stepOf = (step: JsonObject): JsonObject => ({
  ...only(step, "tool_name", "args", "arg_provenance"),
  targets: objects(step.targets).map(carried),
});

/** Draws a request that says no more than a call can. */
export function drawCarried(roll: Dice): JsonObject {
  const drawn = drawIntent(roll);
  const script = isJsonObject(drawn.script) ? { steps: objects(drawn.script.steps).map(stepOf) } : undefined;
  const { delegation, context } = drawn;
  return {
    ...only(drawn, "created_at", "tool_name", "arg_provenance"),
    ...(script === undefined ? only(drawn, "args") : { script }),
    targets: objects(drawn.targets).map(carried),
    ...(isJsonObject(delegation)
      ? {
        delegation: {
          ...only(delegation, "requester_identity", "scope_class", "token_refs"),
          chain: objects(delegation.chain).map((link) =>
            only(link, "delegator_identity", "delegate_identity", "scope_class", "token_ref")
          ),
        },
      }
      : {}),
    context: only(
      isJsonObject(context) ? context : {},
      "identity",
      "workspace",
      "risk_class",
      "phase",
      "job_id",
      "session_id",
      "request_id",
      "auth_context",
      "credential_scopes",
      "environment_fingerprint",
    ),
  };
}

const renamed = ({ tool_name, ...rest }: JsonObject): JsonObject => ({ ...rest, name: tool_name ?? null });

/** Such a request as the native call that comes to it. */
export function callOf(request: JsonObject): JsonObject {
  const { script } = request;
  const steps = isJsonObject(script) ? { script: { steps: objects(script.steps).map(renamed) } } : {};
  return { ...renamed(request), ...steps };
}

const CAMEL: Readonly<Record<string, string>> = {
  read_only_hint: "readOnlyHint",
  destructive_hint: "destructiveHint",
  idempotent_hint: "idempotentHint",
  open_world_hint: "openWorldHint",
  discovery_method: "discoveryMethod",
};

/** The target with its hints and its discovery method in other places and spellings. */
function respelt(roll: Dice, target: JsonObject): JsonObject {
  const members: [string, Json][] = [];
  const annotations: [string, Json][] = [];
  for (const [name, value] of Object.entries(target)) {
    const camel = CAMEL[name];
    if (camel === undefined) members.push([name, value]);
    else if (roll(3) === 0) members.push([name, value]);
    else if (roll(2) === 0) members.push([camel, value]);
    else {
      annotations.push([
        pick(roll, [name, camel]),
        typeof value === "boolean" ? pick<Json>(roll, [value, ` ${value}`]) : value,
      ]);
      if (typeof value === "boolean") members.push([pick(roll, [name, camel]), roll(2) === 0]); // what it overrides
    }
  }
  return {
    ...Object.fromEntries(members),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
  };
}

// Members of any name are part of the call, so nothing is added to them.
const OPEN: ReadonlySet<string> = new Set(["args", "auth_context", "annotations"]);

/** The same call said otherwise: members in another order, null for what is absent, members that nobody knows, hints elsewhere. */
export function saidOtherwise(roll: Dice, call: Json, shape: AnyShape = ToolCallShape): Json {
  const { items } = shape;
  const fields = fieldsOf(shape);
  if (isJsonList(call)) return items === undefined ? call : call.map((item) => saidOtherwise(roll, item, items));
  if (!isJsonObject(call)) return call;
  const target = fields["annotations"] === undefined ? call : respelt(roll, call);
  const members = Object.entries(target).map(([name, value]): [string, Json] => {
    const field = fields[name];
    return [name, field === undefined || OPEN.has(name) ? shuffled(roll, value) : saidOtherwise(roll, value, field)];
  });
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(target, name) && roll(3) === 0) members.push([name, null]);
  }
  if (roll(3) === 0) members.push([`unknown_${roll(9)}`, pick<Json>(roll, [null, 1, "x", { name: "y" }, [1]])]);
  return inAnyOrder(roll, members);
}

const inAnyOrder = (roll: Dice, members: readonly (readonly [string, Json])[]): JsonObject => {
  const left = [...members];
  const out: (readonly [string, Json])[] = [];
  while (left.length > 0) out.push(...left.splice(roll(left.length), 1));
  return Object.fromEntries(out);
};

const shuffled = (roll: Dice, json: Json): Json =>
  isJsonList(json)
    ? json.map((item) => shuffled(roll, item))
    : isJsonObject(json)
    ? inAnyOrder(roll, Object.entries(json).map(([name, value]) => [name, shuffled(roll, value)]))
    : json;

/** JSON text in which whole numbers have fractions and exponents that say nothing, and blanks stand wherever they may. */
export function spaced(roll: Dice, json: Json): string {
  const gap = (): string => pick(roll, ["", "", " ", "\n", "\t\r\n"]);
  const inner = (value: Json): string => `${gap()}${spaced(roll, value)}${gap()}`;
  if (isJsonList(json)) return `[${json.map(inner).join(",")}]`;
  if (isJsonObject(json)) {
    return `{${
      Object.entries(json).map(([name, value]) => `${gap()}${JSON.stringify(name)}${gap()}:${inner(value)}`).join(",")
    }}`;
  }
  if (typeof json !== "number" || !Number.isSafeInteger(json)) return JSON.stringify(json);
  return pick(roll, [`${json}`, `${json}.0`, `${json}.000e0`, json === 0 ? "0e-1" : `${json}0e-1`, `${json}E+0`]);
}
