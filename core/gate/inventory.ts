// Reading an inventory of tools, and what a context gains from one (spec 02, section 6.11).
import { placed } from "../base/document.ts";
import { type Json, type JsonObject, readJson } from "../base/json.ts";
import { isJsonList, isJsonObject } from "../base/json_value.ts";
import { fail, located, ok, type Result } from "../base/result.ts";
import { readShape } from "../base/shape.ts";
import { InventoryListShape, InventoryShape } from "../schema/inventory.ts";
import type { Inventory, InventoryItem } from "./types.ts";

/** Reads an inventory. Faults of `readJson`, `document_shape` for an item of another form, `inventory_invalid` for what is none. */
export function readInventory(bytes: Uint8Array, what: string): Result<Inventory> {
  const at = { file: what };
  const read = readJson(bytes, what, { text: "replace" });
  if (!read.ok) return { ok: false, fault: located(read.fault, at) };
  const items = itemsOf(read.value, what);
  if (!items.ok) return { ok: false, fault: placed(items.fault, bytes, at) };
  const named = items.value.filter((item) => item.tool_name !== "");
  return ok(new Map(named.map((item) => [item.tool_name, item]))); // the last one of a tool counts
}

const itemsOf = (json: Json, what: string): Result<readonly InventoryItem[]> => {
  if (isJsonList(json)) return readShape(InventoryListShape, json, what);
  if (!isJsonObject(json) || !isJsonList(json.items)) {
    const wanted = "it must be a list, or an object with a list under items";
    return fail("inventory_invalid", `Cannot read inventory "${what}": ${wanted}`, { pointer: "" });
  }
  const read = readShape(InventoryShape, json, what);
  return read.ok ? ok(read.value.items) : read;
};

/** The names under which the authority of a call carries what an inventory knows of its tool. */
const NAMES = ["tool_name", "data_class", "endpoint_class", "autonomy_level"] as const;

/** What a call says of its authority, with what an inventory knows of its tool in the place of any claim about that. */
export const enriched = (auth: JsonObject | undefined, item: InventoryItem): JsonObject => ({
  ...auth,
  ...Object.fromEntries(NAMES.map((name) => [`wrkr.${name}`, item[name]])),
});

/** The same without any claim of what only an inventory can know; undefined when nothing is left. */
export const withoutInventory = (auth: JsonObject | undefined): JsonObject | undefined => without(auth, WRKR);

const WRKR: readonly string[] = NAMES.map((name) => `wrkr.${name}`);

/** An object without some of its members; undefined when nothing is left, the same object when it has none of them. */
export const without = (object: JsonObject | undefined, names: readonly string[]): JsonObject | undefined => {
  if (object === undefined || !names.some((name) => Object.hasOwn(object, name))) return object;
  const left = Object.entries(object).filter(([name]) => !names.includes(name));
  return left.length === 0 ? undefined : Object.fromEntries(left);
};
