// The quick way of a schema reads what fits as the schema does, and nothing else.
import fc from "fast-check";
import * as v from "valibot";
import type { Json } from "../../core/base/json.ts";
import { DOUBT } from "../../core/base/readings.ts";
import * as shapes from "../../core/base/shape.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const Inner = shapes.object(
  "Inner",
  () => ({ kind: shapes.term("Kind", ["path", "url"]), n: shapes.given(shapes.count("N")) }),
);
const Strict = shapes.strict("Strict", () => ({ name: shapes.label("Name"), at: shapes.time("At") }));
const Doc = shapes.object("Doc", () => ({
  text: shapes.text("Text"),
  label: shapes.label("Label"),
  given: shapes.given(shapes.label("Given")),
  term: shapes.term("Term"),
  word: shapes.term("Word", ["low", "high"]),
  labels: shapes.labelSet("Labels"),
  filled: shapes.filledSet(shapes.labelSet("Filled")),
  words: shapes.termSet("Words", ["low", "high"]),
  integer: shapes.integer("Integer"),
  count: shapes.count("Count"),
  some: shapes.optionalCount("Some"),
  decimal: shapes.decimal("Decimal"),
  truth: shapes.truth("Truth"),
  time: shapes.time("Time"),
  args: shapes.payload("Args"),
  list: shapes.listOf(Inner, "List"),
  maybe: shapes.listOrNull(shapes.text("Word"), "Maybe"),
  kind: shapes.oneOf(["", "low", "HIGH"], "Kind"),
  map: shapes.mapOf(shapes.payload("Args"), "Map"),
  argsOrText: shapes.payloadOrText("Args"),
  on: shapes.optionalTruth("On"),
  named: shapes.optionalLabel("Named"),
  inner: shapes.present(Inner),
  zero: shapes.orZero(shapes.object("Zero", () => ({ on: shapes.truth("On") }))),
  strict: shapes.optional(Strict),
}));

/** The schema of a shape as valibot alone has it: of its objects, and of lists of them, by their members. */
function alone(shape: shapes.AnyShape): v.GenericSchema {
  const { fields, items, presence, reading } = shape;
  if (fields === undefined) return items?.fields === undefined ? reading.schema() : v.nullish(v.array(alone(items)), []);
  const entries = Object.fromEntries(Object.entries(fields()).map(([name, field]) => [name, alone(field)]));
  const object = v.pipe(
    v.custom<Record<string, unknown>>((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
    shape === STRICT ? v.strictObject(entries) : v.object(entries),
  );
  if (shape === STRICT) return v.optional(object);
  if (shape === ZERO) return v.nullish(object, {});
  return presence === "present" ? v.pipe(v.nullish(object), v.transform((value) => value ?? undefined)) : object;
}
const STRICT = shapes.fieldOf(Doc, "strict");
const ZERO = shapes.fieldOf(Doc, "zero");
const ALONE = alone(Doc);

const scalar = fc.oneof(
  fc.constantFrom(null, undefined, true, false, 0, -0, 1, -1, 1.5, 2 ** 53, 2 ** 63, 2 ** 64, "", " ", " Low ", "HIGH", "path"),
  fc.constantFrom("2026-03-01T10:00:00Z", "2026-03-01T10:00:00.120+01:00", "2026-13-01T10:00:00Z", "\u00c9\u0130 "),
  fc.string(),
);
const one = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom("kind", "n", "name", "at", "on", "other"), scalar),
  fc.array(fc.record({ kind: fc.constantFrom("path", "URL"), n: fc.nat() }), { maxLength: 3 }),
);
const whole = fc.oneof(fc.integer(), fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 62, 2 ** 63));
const fits = fc.record({
  text: fc.string(),
  label: fc.string(),
  given: fc.string(),
  term: fc.string(),
  word: fc.constantFrom("", "low", " HIGH"),
  labels: fc.array(fc.string()),
  words: fc.array(fc.constantFrom("low", "High ")),
  filled: fc.constantFrom([], ["a", " "], [" B ", "a"]),
  kind: fc.constantFrom("", "low", "HIGH"),
  integer: whole,
  count: whole.map(Math.abs),
  some: whole.map(Math.abs),
  map: fc.constantFrom(null, {}, { a: null, b: {}, c: { n: 1 } }),
  maybe: fc.constantFrom(null, [], ["a", null]),
  time: fc.constant("2026-03-01T10:00:00.120+01:00"),
  list: fc.array(fc.record({ kind: fc.constantFrom("path", "URL"), n: fc.nat() })),
  inner: fc.constantFrom(null, undefined, { n: 1 }, { kind: "url", n: 2, other: 3 }),
  strict: fc.constantFrom(undefined, { name: " a " }, { name: "b", at: "2026-03-01T10:00:00Z" }),
}, { requiredKeys: ["given", "kind"] });
const doc = fc.tuple(fits, fc.dictionary(fc.constantFrom(...Object.keys(shapes.fieldsOf(Doc)), "other"), one, { maxKeys: 2 }))
  .map(([whole, odd]): unknown => ({ ...whole, ...odd }));

// Members that are undefined are there in the one and not in the other, which nobody is to tell apart.
const said = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => one instanceof Map ? { map: [...one] } : one) ?? "undefined";

function sameRead(shape: shapes.AnyShape, schema: v.GenericSchema, given: unknown): void {
  const { issues, value } = schema["~run"]({ value: given }, {});
  const read = shape.reading.read(given);
  if (issues !== undefined) assertEquals(read, DOUBT);
  else if (given !== null && given !== undefined) {
    assert(read !== DOUBT, "the quick way doubts what the schema takes");
    assertEquals(said(read), said(value));
  }
}

property("what the quick way of an object reads is what valibot reads", fc.oneof(doc, fits, one), (given) => {
  sameRead(Doc, ALONE, given);
});

const member = fc.constantFrom(...Object.values(shapes.fieldsOf(Doc)));

property("what the quick way of a member reads is what valibot reads", fc.tuple(member, one), ([field, given]) => {
  sameRead(field, alone(field), given);
});

property("the quick way is taken for what fits", fits, (given) => {
  assert(Doc.reading.read(given) !== DOUBT);
});

Deno.test("readings: what may be absent or null may not when it has to be given", () => {
  const { given, label, truth, count, time, labelSet, filledSet, payload, payloadOrText, mapOf, listOf, present, optional } =
    shapes;
  const set = labelSet("Set");
  const pairs: readonly (readonly [may: shapes.AnyShape, must: shapes.AnyShape])[] = [
    ...([label("L"), time("T")].map((shape) => [shape, given(shape)] as const)),
    [truth("T"), given(truth("T"))],
    [count("C"), given(count("C"))],
    [set, given(set)],
    [filledSet(set), given(filledSet(set))],
    [listOf(label("L"), "List"), given(listOf(label("L"), "List"))],
    [payload("P"), given(payload("P"))],
    [payloadOrText("P"), given(payloadOrText("P"))],
    [mapOf(label("L"), "Map"), given(mapOf(label("L"), "Map"))],
    [present(Inner), given(present(Inner))],
    [optional(label("L")), given(optional(label("L")))],
  ];
  const takes = (member: shapes.AnyShape, json: Json): boolean =>
    shapes.fitShape(shapes.object("D", () => ({ member })), json).ok;
  for (const [may, must] of pairs) {
    assertEquals([takes(may, {}), takes(must, {}), takes(must, { member: null })], [true, false, false], may.doc);
  }
});

Deno.test("readings: members are read by their names, in whatever order they come", () => {
  const members = () => ({ as: shapes.text("As it is"), trimmed: shapes.label("Trimmed"), lower: shapes.term("Lower") });
  const [object, strict] = [shapes.object("Any", members), shapes.strict("Strict", members)];
  const [all, first, last] = [{ as: " A ", trimmed: " A ", lower: " A " }, { as: " A " }, { lower: " A ", as: " A " }];
  for (const shape of [object, strict]) {
    for (const given of [all, last, first, all, last]) {
      const wanted = { as: " A ", trimmed: "trimmed" in given ? "A" : "", lower: "lower" in given ? "a" : "" };
      assertEquals(shape.reading.read(given), wanted);
    }
  }
  assertEquals(object.reading.read({ other: " A ", as: " A " }), { as: " A ", trimmed: "", lower: "" });
  assertEquals(strict.reading.read({ other: " A ", as: " A " }), DOUBT);
  assertEquals(strict.reading.read({ ...all, other: undefined }), DOUBT);
});
