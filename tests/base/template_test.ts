// Objects from a template: its members in its order, and nothing that is done to one reaches another.
import { listOf, object, readShape, text } from "../../core/base/shape.ts";
import { template } from "../../core/base/template.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

Deno.test("template: objects have its members in its order, each of its own", () => {
  const made = template([["b", 0], ["a", undefined], ["c", ""], ["d", null]]);
  for (let i = 0; i < 20; i++) { // also when it was asked for many
    const [one, other] = [made(), made()];
    one.a = 1.5;
    one.b = "text";
    assertEquals(JSON.stringify(one), '{"b":"text","a":1.5,"c":"","d":null}');
    assertEquals(JSON.stringify(other), '{"b":0,"c":"","d":null}');
    assertEquals(Object.keys(other), ["b", "a", "c", "d"]);
  }
});

Deno.test("template: the empty list of documents that have none can not be added to", () => {
  const shape = object("Doc", () => ({ list: listOf(text("Item"), "Items") }));
  const { list } = assertOk(readShape(shape, {}, "d"));
  assert(list.length === 0 && Object.isFrozen(list), "a list that all share");
});
