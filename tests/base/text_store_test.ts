// Texts held as bytes, numbers for texts, and lists of numbers: what was put in comes out, whatever its length.
import fc from "fast-check";
import { numberList } from "../../core/base/number_list.ts";
import { numbering } from "../../core/base/numbering.ts";
import { textStore } from "../../core/base/text_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.tuple(fc.constantFrom("x", "ü", "€", "😀"), fc.constantFrom(0, 1, 4095, 4096, 4097, 90_000)).map(([char, times]) =>
      char.repeat(times)
    ),
  ),
  { maxLength: 60 },
);

property("text store: every text comes back under its number, also after it was cleared", texts, (all) => {
  const store = textStore();
  for (const round of [all, all.toReversed()]) {
    store.clear();
    assertEquals(round.map((text) => store.put(text)), [...round.keys()]);
    for (const [number, text] of round.entries()) {
      assertEquals(store.get(number), text);
      assert(store.holds(number, text) && !store.holds(number, `${text}x`));
      if (text !== "") assert(!store.holds(number, `${text.slice(0, -1)}~`) || text.endsWith("~"));
    }
  }
});

Deno.test("text store: a number that was not given out holds nothing", () => {
  const store = textStore();
  store.put("a");
  store.clear();
  assertEquals([store.holds(0, "a"), store.holds(-1, ""), store.holds(0, "")], [false, false, false]);
  let thrown = "";
  try {
    store.get(0);
  } catch (error) {
    thrown = String(error);
  }
  assertEquals(thrown, "RangeError: no text has the number 0");
});

Deno.test("number list: -1 where nothing was set, however far away", () => {
  const list = numberList();
  list.set(5000, 7);
  list.set(0, 2 ** 31 - 1);
  assertEquals([list.get(0), list.get(1), list.get(5000), list.get(9_999_999)], [2 ** 31 - 1, -1, 7, -1]);
});

Deno.test("numbering: one number for each text, in the order of coming", () => {
  const numbers = numbering();
  assertEquals(["b", "a", "b", "__proto__", ""].map(numbers.of), [0, 1, 0, 2, 3]);
  assertEquals([numbers.find("a"), numbers.find("c")], [1, undefined]);
  assertEquals([...numbers.all()], [["b", 0], ["a", 1], ["__proto__", 2], ["", 3]]);
});
