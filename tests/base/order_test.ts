// Orders of records, and sorted lists without repeats.
import { by, inOrder } from "../../core/base/order.ts";
import { assert, assertEquals } from "../assert.ts";

const ORDER = by<readonly string[]>(([first = ""]) => first, ([, second = ""]) => second);

Deno.test("order: one text after the other, by bytes", () => {
  assert(ORDER(["a", "z"], ["b", "a"]) < 0 && ORDER(["b", "a"], ["a", "z"]) > 0);
  assert(ORDER(["a", "\ufb33"], ["a", "\u{1f600}"]) < 0);
  assertEquals(ORDER(["a", "b", "x"], ["a", "b", "y"]), 0);
});

Deno.test("order: sorted, and of what is alike the first that came", () => {
  const given = [["b", "1"], ["a", "2"], ["b", "1", "again"], ["a", "1"]];
  assertEquals(inOrder(given, ORDER), [["a", "1"], ["a", "2"], ["b", "1"]]);
  assertEquals([given[0], inOrder([], ORDER), inOrder([["x"]], ORDER)], [["b", "1"], [], [["x"]]]);
});
