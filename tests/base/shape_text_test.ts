// The canonical text of a document straight from its shape is that of the document, whatever stands in it.
import fc from "fast-check";
import { canonicalText } from "../../core/base/canonical.ts";
import * as shapes from "../../core/base/shape.ts";
import { shapeText } from "../../core/base/shape_text.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const { filled, present, writeShape } = shapes;

const Inner = shapes.object("Inner", () => ({ z: shapes.text("Z"), a: filled(shapes.text("A")) }));
const Bare = shapes.object("Bare", () => ({ word: filled(shapes.text("Word")), on: filled(shapes.truth("On")) }));
const Doc = shapes.object("Doc", () => ({
  text: shapes.text("Text"),
  'odd "name"\u00e9': filled(shapes.text("Text")),
  Upper: filled(shapes.text("Text")),
  count: filled(shapes.integer("Count")),
  score: shapes.decimal("Score"),
  on: filled(shapes.truth("On")),
  inner: present(Inner),
  bare: present(Bare),
  filled: filled(Bare),
  list: shapes.listOf(Inner, "List"),
  tags: filled(shapes.listOf(shapes.text("Tag"), "Tags")),
  maybe: shapes.listOrNull(shapes.text("Word"), "Maybe"),
  set: filled(shapes.labelSet("Labels")),
  map: shapes.mapOf(Inner, "Map"),
  args: shapes.payload("Args"),
  some: shapes.optionalCount("Some"),
}));

const word = fc.oneof(fc.constant(""), fc.string(), fc.string({ unit: "grapheme" }), fc.constant('"\\\u007f\u2028'.repeat(20)));
const inner = fc.record({ z: word, a: word });
const bare = fc.record({ word, on: fc.boolean() });
const doc: fc.Arbitrary<shapes.Infer<typeof Doc>> = fc.record({
  text: word,
  'odd "name"\u00e9': word,
  Upper: word,
  count: fc.oneof(fc.constant(0), fc.integer()),
  score: fc.double({ noNaN: true, noDefaultInfinity: true }),
  on: fc.boolean(),
  inner: fc.option(inner, { nil: undefined }),
  bare: fc.option(bare, { nil: undefined }),
  filled: bare,
  list: fc.array(inner),
  tags: fc.array(word),
  maybe: fc.option(fc.array(word)),
  set: fc.array(word),
  map: fc.dictionary(word, inner).map((members) => new Map(Object.entries(members))),
  args: fc.option(fc.dictionary(word, fc.oneof(word, fc.integer())), { nil: undefined }),
  some: fc.option(fc.nat(), { nil: undefined }),
});

/** The text of a document, which has to be the same the first time and where many were asked for. */
function everyText<T>(shape: shapes.Shape<T>, value: T): string {
  const [text = "", ...more] = Array.from({ length: 8 }, () => shapeText(shape, value));
  for (const other of more) assertEquals(other, text);
  return text;
}

property("the canonical text of a shape is that of its document", doc, (value) => {
  assertEquals(shapeText(Doc, value), canonicalText(writeShape(Doc, value)));
});

// What is in canonical order is printed as it is, anything else from a copy.
const Sorted = shapes.object("Sorted", () => ({
  a: filled(shapes.text("A")),
  inner: present(shapes.object("Inner", () => ({ id: shapes.text("Id"), kind: filled(shapes.text("Kind")) }))),
  list: shapes.listOf(Inner, "List"),
  n: filled(shapes.integer("N")),
}));
const sorted: fc.Arbitrary<shapes.Infer<typeof Sorted>> = fc.tuple(
  fc.record({
    a: word,
    inner: fc.option(fc.record({ id: word, kind: word }), { nil: undefined }),
    list: fc.array(inner.map(({ a, z }) => ({ a, z }))),
    n: fc.nat({ max: 2 }),
  }),
  fc.shuffledSubarray(["a", "inner", "list", "n"], { minLength: 4 }),
  fc.boolean(),
).map(([value, order, asItIs]) =>
  asItIs ? value : Object.assign(Object.fromEntries(order.map((name) => [name, undefined])), value)
);

property("the canonical text of a shape does not depend on the order of members, and changes none of them", sorted, (value) => {
  const before = JSON.stringify(value);
  assertEquals(shapeText(Sorted, value), canonicalText(writeShape(Sorted, value)));
  assertEquals(JSON.stringify(value), before);
});

Deno.test("shape text: what is in order is printed alike in any other order", () => {
  const text = '{"a":"1","inner":{"id":"2","kind":"3"},"list":[{"a":"4","z":"5"}],"n":6}';
  assertEquals(everyText(Sorted, { a: "1", inner: { id: "2", kind: "3" }, list: [{ a: "4", z: "5" }], n: 6 }), text);
  assertEquals(everyText(Sorted, { n: 6, list: [{ z: "5", a: "4" }], inner: { kind: "3", id: "2" }, a: "1" }), text);
  assertEquals(
    everyText(Sorted, { a: "1", inner: { id: "2", kind: "" }, list: [], n: 0 }),
    '{"a":"1","inner":{"id":"2"},"list":[]}',
  );
});

Deno.test("shape text: names that engines put first are printed in canonical order", () => {
  const Args = shapes.object("Doc", () => ({ args: shapes.payload("Args"), b: shapes.text("B") }));
  assertEquals(
    everyText(Args, { args: { b: 1, 9: 2, 10: { __proto_: 3 } }, b: "" }),
    '{"args":{"10":{"__proto_":3},"9":2,"b":1},"b":""}',
  );
});

Deno.test("shape text: what is not JSON is refused, as in canonical text", () => {
  const thrown = (work: () => unknown): boolean => {
    try {
      work();
      return false;
    } catch {
      return true;
    }
  };
  const Count = shapes.object("Doc", () => ({ n: shapes.decimal("N") }));
  for (let i = 0; i < 8; i++) { // also where many were asked for
    assert(thrown(() => shapeText(Inner, { z: "\ud800", a: "" })));
    assert(thrown(() => shapeText(Count, { n: NaN })));
  }
});

Deno.test("shape text: members that the shape does not know are left out", () => {
  const more = { z: "1", a: "2", further: "3" };
  assertEquals(everyText(Inner, more), '{"a":"2","z":"1"}');
});
