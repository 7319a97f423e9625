// Inventories of tools (spec 02, section 6.11): what is read, what is refused, what a claim of authority gains.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { enriched, readInventory, without, withoutInventory } from "../../core/gate/inventory.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const read = (json: Json) => readInventory(utf8(JSON.stringify(json, undefined, 1)), "inv.json");
const POST = { tool_name: "ledger.post", data_class: "public", endpoint_class: "net.http", autonomy_level: "assist" };

Deno.test("inventory: a list, or an object with one; lowered, nameless items passed over, the last of a tool counts", () => {
  const items = [
    { tool_name: "ledger.post", data_class: "secret" },
    { tool_name: " Ledger.Post ", data_class: "PUBLIC", endpoint_class: " net.HTTP", autonomy_level: "Assist", owner: 1 },
    { tool_name: " ", data_class: "x" },
    { tool_name: "void", autonomy_level: null },
  ];
  const nothing = { tool_name: "void", data_class: "", endpoint_class: "", autonomy_level: "" };
  for (const json of [items, { items, v: 1 }]) {
    assertEquals([...assertOk(read(json))], [["ledger.post", POST], ["void", nothing]]);
  }
  assertEquals([assertOk(read([])).size, assertOk(read({ items: [] })).size], [0, 0]);
});

Deno.test("inventory: what is none is refused, with its place", () => {
  for (const json of [{ items: {} }, {}, { items: null }, { Items: [] }, null, "x", 1]) {
    const fault = assertFault(read(json), "inventory_invalid", JSON.stringify(json));
    assertEquals(fault.at, { file: "inv.json", pointer: "", line: 1, column: 1 });
  }
  const listed = assertFault(read([POST, { tool_name: 5 }]), "document_shape");
  assertEquals([listed.at?.pointer, listed.at?.line], ["/1/tool_name", 9]);
  assertEquals(assertFault(read({ items: [POST, "x"] }), "document_shape").at?.pointer, "/items/1");
  assertFault(readInventory(utf8(`[{"tool_name":"a","tool_name":"b"}]`), "inv.json"), "json_duplicate_key");
  assertEquals(assertFault(readInventory(utf8("["), "inv.json"), "json_syntax").at?.file, "inv.json");
});

Deno.test("inventory: what is known replaces what is claimed; nothing known is empty text", () => {
  assertEquals(enriched({ a: 1, "wrkr.data_class": 7 }, { ...POST, data_class: "" }), {
    a: 1,
    "wrkr.tool_name": "ledger.post",
    "wrkr.data_class": "",
    "wrkr.endpoint_class": "net.http",
    "wrkr.autonomy_level": "assist",
  });
  assertEquals(withoutInventory(enriched({ a: 1 }, POST)), { a: 1 });
  assertEquals(withoutInventory(enriched(undefined, POST)), undefined);
  const claims = { a: 1 };
  assert(without(claims, ["b"]) === claims);
});
