// The answers of `fixtures/cases/client_answers.json`, and what has to come of each.
import { fromUtf8 } from "../../core/base/bytes.ts";
import { type Json, type JsonObject, readJson } from "../../core/base/json.ts";
import { isJsonObject } from "../../core/base/json_value.ts";
import { GateEnforcementError, whenAllowed } from "../../core/client/guard.ts";
import type { Gate } from "../../core/client/types.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { callOf } from "./world.ts";

const bytes = await Deno.readFile(new URL("../../fixtures/cases/client_answers.json", import.meta.url));

const objectOf = (json: Json | undefined): JsonObject => {
  assert(isJsonObject(json), JSON.stringify(json));
  return json;
};

const all = objectOf(assertOk(readJson(bytes, "client_answers.json")));

/** One of them; absent members are undefined. */
export type Vector = {
  readonly name: string;
  readonly given: JsonObject;
  /** What is printed or sent. */
  readonly text: string;
  /** A verdict, or the name of a fault. */
  readonly expect: string;
};

function textOf({ text, error, answer, with: changed = {} }: JsonObject): string {
  if (typeof text === "string") return text;
  if (error === true) return `${JSON.stringify(all["error"])}\n`;
  const base = objectOf(objectOf(all["answers"])[String(answer)]);
  const members = Object.entries({ ...base, ...objectOf(changed) }).filter(([, member]) => member !== null);
  return `${JSON.stringify(Object.fromEntries(members))}\n`;
}

/** The vectors of one kind of gate. */
export function vectors(kind: "subprocess" | "server"): readonly Vector[] {
  const list = all[kind];
  assert(Array.isArray(list));
  return list.map((item: Json) => {
    const given = objectOf(item);
    const silent = given["throws"] !== undefined || given["endless"] === true || given["hangs"] === true ||
      given["hangs"] === "before";
    return { name: String(given["name"]), given, text: silent ? "" : textOf(given), expect: String(given["expect"]) };
  });
}

/** Asks a gate that answers by a vector: what comes of it, and that a tool runs for an allow only, exactly once. */
export async function holds({ name, expect }: Vector, gate: Gate): Promise<void> {
  const asked = await gate.evaluate({ call: callOf("tool.read") });
  assertEquals(asked.ok ? asked.value.verdict : asked.fault.code, expect, asked.ok ? name : `${name}: ${asked.fault.message}`);
  assert(asked.ok || /^Cannot .*[^.]$/s.test(asked.fault.message), `${name}: ${asked.ok || asked.fault.message}`);
  let runs = 0;
  const done = await whenAllowed(gate, { call: callOf("tool.read") }, () => ++runs).catch((error: unknown) => error);
  assertEquals(runs, expect === "allow" ? 1 : 0, name);
  const thrown = !["allow", "dry_run"].includes(expect);
  assertEquals(done instanceof GateEnforcementError, thrown, name);
  if (thrown && done instanceof GateEnforcementError) {
    const verdicts: readonly string[] = VERDICTS;
    assertEquals(done.answer?.verdict ?? done.fault?.code, expect, name);
    assertEquals(done.fault === undefined, verdicts.includes(expect), name);
  }
}

/** The text of a request's body. */
export const bodyText = (body: string | Uint8Array): string => typeof body === "string" ? body : fromUtf8(body);
