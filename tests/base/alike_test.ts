// Texts of documents that are alike: each is the text of its document, whatever documents came before.
import fc from "fast-check";
import { alikeTexts } from "../../core/base/alike.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { decimal, filled, type Infer, listOf, object, payload, text, truth, writeShape } from "../../core/base/shape.ts";
import { assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const Shape = object("A document", () => ({
  b: text("Varies, and is there when empty"),
  a: filled(text("Varies")),
  kind: text("Is shared"),
  note: filled(text("Is shared, but for when it is empty")),
  count: filled(decimal("A number")),
  flag: filled(truth("A flag")),
  list: filled(listOf(text("A text"), "A list")),
  more: payload("Anything"),
}));
type Document = Infer<typeof Shape>;

const some = <T>(value: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: value });
const word = fc.oneof(
  fc.constantFrom("", "x", "\u0001", '"', '"b":"\u0001"', "\\ud800", "é\u{1f600}"),
  fc.string({ unit: "grapheme" }),
);
const document: fc.Arbitrary<Document> = fc.record({
  b: word,
  a: word,
  kind: some(word, fc.constantFrom("k", "l")),
  note: some(word, fc.constant("")),
  count: some(fc.integer(), fc.constant(0)),
  flag: some(fc.boolean(), fc.constant(false)),
  list: some(fc.array(word), fc.array(fc.constant("m"), { minLength: 1, maxLength: 1 })),
  more: some(fc.constant({ b: "\u0001" }), fc.constant(undefined)),
});
const expected = (one: Document): string => canonicalText(writeShape(Shape, one));

property("texts of documents that are alike", fc.array(document, { maxLength: 60 }), (documents) => {
  const textOf = alikeTexts(Shape, ["a", "b"]);
  for (const one of documents) assertEquals(textOf(one), expected(one));
});

const plain: Document = { b: "b", a: "a", kind: "k", note: "", count: 0, flag: false, list: [], more: undefined };

Deno.test("texts of documents that are alike: more kinds than are kept in mind, and then none that come again", () => {
  const textOf = alikeTexts(Shape, ["a", "b"]);
  const kinds = (i: number): string => i < 500 ? `k${i % 5}` : i < 1_000 ? `k${i % 40}` : `k${i}`;
  for (let i = 0; i < 2_000; i++) {
    const one = { ...plain, a: `${i % 3}`, kind: kinds(i) };
    assertEquals(textOf(one), expected(one));
  }
});

Deno.test("texts of documents that are alike: what is long, and words with a lone surrogate, which no text has", () => {
  const textOf = alikeTexts(Shape, ["a", "b"]);
  for (let i = 0; i < 10; i++) {
    const one = { ...plain, a: "x".repeat(i * 3_000), kind: "y".repeat(i * 3_000) };
    assertEquals(textOf(one), expected(one));
  }
  for (let i = 0; i < 10; i++) {
    let thrown: unknown;
    try {
      textOf({ ...plain, a: "\ud800" });
    } catch (error) {
      thrown = error;
    }
    assertEquals(thrown instanceof Error, true);
  }
});
