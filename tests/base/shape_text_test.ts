// The canonical text of a document straight from its shape is that of the document, whatever stands in it.
import fc from "fast-check";
import { canonicalText } from "../../core/base/canonical.ts";
import * as shapes from "../../core/base/shape.ts";
import { shapeText } from "../../core/base/shape_text.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const { filled, present, writeShape } = shapes;

const Inner = shapes.object("Inner", { z: shapes.text("Z"), a: filled(shapes.text("A")) });
const Bare = shapes.object("Bare", { word: filled(shapes.text("Word")), on: filled(shapes.truth("On")) });
const Doc = shapes.object("Doc", {
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
});

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

property("the canonical text of a shape is that of its document", doc, (value) => {
  assertEquals(shapeText(Doc, value), canonicalText(writeShape(Doc, value)));
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
  assert(thrown(() => shapeText(Inner, { z: "\ud800", a: "" })));
  assert(thrown(() => shapeText(shapes.object("Doc", { n: shapes.decimal("N") }), { n: NaN })));
});

Deno.test("shape text: members that the shape does not know are left out", () => {
  const more = { z: "1", a: "2", further: "3" };
  assertEquals(shapeText(Inner, more), '{"a":"2","z":"1"}');
});
