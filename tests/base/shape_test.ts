// Shapes: what is read, what is written, and how a misfit is named.
import {
  constant,
  decimal,
  filled,
  type Infer,
  integer,
  listOf,
  listOrNull,
  mapOf,
  object,
  oneOf,
  orZero,
  payload,
  payloadOrText,
  present,
  readShape,
  strict,
  text,
  time,
  truth,
  writeShape,
} from "../../core/base/shape.ts";
import type { Json } from "../../core/base/json.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const Inner = object("Inner", () => ({ a: text("A"), at: time("When") }));
const Doc = object("Doc", () => ({
  id: text("Id"),
  note: filled(text("Note")),
  count: filled(integer("Count")),
  score: filled(decimal("Score")),
  on: filled(truth("On")),
  at: time("When"),
  inner: present(Inner),
  whole: orZero(Inner),
  list: listOf(Inner, "List"),
  tags: filled(listOf(text("Tag"), "Tags")),
  maybe: listOrNull(text("Word"), "Maybe"),
  args: payload("Args"),
}));
const ZERO = "0001-01-01T00:00:00Z";

const read = (json: Json) => readShape(Doc, json, "doc.json");

Deno.test("shape: an absent member and null have the zero value; unknown members are dropped", () => {
  const zero = { id: "", at: ZERO, whole: { a: "", at: ZERO }, list: [], maybe: null };
  assertEquals(writeShape(Doc, assertOk(read({}))), zero);
  const nulls = {
    id: null,
    note: null,
    count: null,
    at: null,
    inner: null,
    whole: null,
    list: null,
    maybe: null,
    args: null,
    other: 1,
  };
  assertEquals(writeShape(Doc, assertOk(read(nulls))), zero);
});

Deno.test("shape: empty members stay or go by their presence", () => {
  const given = { id: "", note: "", count: 0, score: 0, on: false, tags: [], maybe: [], args: {}, inner: {} };
  const written = writeShape(Doc, assertOk(read(given)));
  assertEquals(written, { id: "", at: ZERO, inner: { a: "", at: ZERO }, whole: { a: "", at: ZERO }, list: [], maybe: [] });
});

Deno.test("shape: filled members come back as given, times in their one spelling", () => {
  const given = {
    id: "x",
    note: "n",
    count: -3,
    score: 0.5,
    on: true,
    at: "2026-03-01T10:00:00.50+00:00",
    inner: { a: "b", at: ZERO },
    whole: { a: "c", at: ZERO },
    list: [{ a: "d", at: ZERO }],
    tags: ["t"],
    maybe: ["w"],
    args: { any: [1, { thing: null }] },
  };
  assertEquals(writeShape(Doc, assertOk(read(given))), { ...given, at: "2026-03-01T10:00:00.5Z" });
});

Deno.test("shape: a misfit names the member", () => {
  const cases: readonly [Json, string, string][] = [
    [{ id: 1 }, "/id", `Cannot read "doc.json": member "/id" must be text, not 1`],
    [{ list: [{ a: "x" }, 2] }, "/list/1", `Cannot read "doc.json": member "/list/1" must be an object, not 2`],
    [{ count: 1.5 }, "/count", `Cannot read "doc.json": member "/count" must be a whole number in 64-bit range, not 1.5`],
    [
      { count: 1e20 },
      "/count",
      `Cannot read "doc.json": member "/count" must be a whole number in 64-bit range, not 100000000000000000000`,
    ],
    [{ args: [1] }, "/args", `Cannot read "doc.json": member "/args" must be an object, not a list`],
    [{ on: "true" }, "/on", `Cannot read "doc.json": member "/on" must be true or false, not "true"`],
    [[], "", `Cannot read "doc.json": the document must be an object, not a list`],
    [null, "", `Cannot read "doc.json": the document must be an object, not null`],
  ];
  for (const [json, pointer, message] of cases) {
    const fault = assertFault(read(json), "document_shape", message);
    assertEquals([fault.at?.pointer, fault.message], [pointer, message]);
  }
});

Deno.test("shape: closed words, fixed words and strict objects", () => {
  const Closed = strict("Closed", () => ({ kind: constant("k", "Kind"), mode: oneOf(["on", "off"], "Mode") }));
  assertEquals(assertOk(readShape(Closed, { kind: "k", mode: "on" }, "x")), { kind: "k", mode: "on" });
  const wrong: readonly [Json, string][] = [
    [{ kind: "K", mode: "on" }, `Cannot read "x": member "/kind" must be "k", not "K"`],
    [{ kind: "k", mode: " on" }, `Cannot read "x": member "/mode" must be one of on, off, not " on"`],
    [{ kind: "k" }, `Cannot read "x": member "/mode" is missing`],
    [{ kind: "k", mode: "on", "a/b": 1 }, `Cannot read "x": member "/a~1b" is not known here`],
  ];
  for (const [json, message] of wrong) {
    assertEquals(assertFault(readShape(Closed, json, "x"), "document_shape").message, message);
  }
});

Deno.test("shape: an object or the text of one", () => {
  const Either = object("Either", () => ({ args: payloadOrText("Arguments") }));
  for (const args of [{}, { a: [1] }, "", "{}", "words"]) assertEquals(assertOk(readShape(Either, { args }, "x")), { args });
  for (const json of [{}, { args: null }]) assertEquals(assertOk(readShape(Either, json, "x")), { args: undefined });
  for (const args of [[], 7, true]) {
    const { message } = assertFault(readShape(Either, { args }, "x"), "document_shape");
    assert(message.startsWith('Cannot read "x": member "/args" must be an object, or the JSON text of one, not '), message);
  }
});

Deno.test("shape: a member named __proto__ is a member like any other", () => {
  const json: Json = JSON.parse('{"args":{"__proto__":{"x":1}}}');
  assertEquals(JSON.stringify(writeShape(Doc, assertOk(read(json))).args), '{"__proto__":{"x":1}}');
  const Maps = object("Maps", () => ({ by: mapOf(payload("P"), "By id") }));
  const value: Infer<typeof Maps> = assertOk(readShape(Maps, JSON.parse('{"by":{"__proto__":{"x":1},"n":null}}'), "x"));
  assertEquals([...value.by.keys()], ["__proto__", "n"]);
  assertEquals(value.by.get("n"), undefined);
});

Deno.test("shape: a long text is quoted in whole characters", () => {
  const json = { kind: "k", mode: `${"x".repeat(56)}${"\u{1f600}".repeat(20)}` };
  const Closed = strict("Closed", () => ({ kind: constant("k", "Kind"), mode: oneOf(["on"], "Mode") }));
  for (let cut = 0; cut < 4; cut++) {
    const { message } = assertFault(readShape(Closed, { ...json, mode: json.mode.slice(cut) }, "x"), "document_shape");
    assert(message.isWellFormed() && message.endsWith('..."'), message);
  }
});
