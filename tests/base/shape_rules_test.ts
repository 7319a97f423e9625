// Members of published formats: what they refuse, in words, and what they say of themselves in JSON Schema.
import type { Json } from "../../core/base/json.ts";
import {
  fitShape,
  given,
  integer,
  listOf,
  optional,
  type Shape,
  strict,
  text,
  truth,
  writeShape,
} from "../../core/base/shape.ts";
import { atLeast, fixed, flag, matching, notEmptyList, notEmptyText } from "../../core/base/shape_rules.ts";
import { schemaOf } from "../../scripts/gen/schemas.ts";
import { assertEquals } from "../assert.ts";

const MEMBERS: Readonly<
  Record<string, Shape<never> | Shape<string> | Shape<number> | Shape<boolean> | Shape<readonly string[]>>
> = {
  given: given(text("A text")),
  matching: matching(text("A text"), /^a+$/, "some a"),
  some: notEmptyText(text("A text")),
  count: given(integer("A number")),
  least: atLeast(2, "A number"),
  flag: flag("Whether"),
  fixed: fixed(true, "Always true"),
  list: given(listOf(given(text("An item")), "A list")),
  items: notEmptyList(listOf(text("An item"), "A list")),
};

const fits = (name: string, json: Json | undefined): string => {
  const shape = strict("One", () => ({ [name]: MEMBERS[name] ?? text("none") }));
  const read = fitShape(shape, json === undefined ? {} : { [name]: json });
  return read.ok ? "fits" : read.misfit.wanted;
};

Deno.test("shape rules: absent and null are refused", () => {
  for (const name of Object.keys(MEMBERS)) {
    assertEquals(fits(name, undefined), "is missing", name);
    assertEquals(fits(name, null).endsWith(", not null"), true, `${name}: ${fits(name, null)}`);
  }
});

Deno.test("shape rules: values", () => {
  const cases: readonly (readonly [string, Json, string])[] = [
    ["given", "", "fits"],
    ["given", 1, "must be text, not 1"],
    ["matching", "aa", "fits"],
    ["matching", "aab", 'must be some a, not "aab"'],
    ["matching", "a\n", 'must be some a, not "a\\n"'],
    ["some", "", 'must not be empty, not ""'],
    ["some", " ", "fits"],
    ["count", 0, "fits"],
    ["least", 2, "fits"],
    ["least", 1, "must be a whole number from 2 on, not 1"],
    ["least", 2.5, "must be a whole number in 64-bit range, not 2.5"],
    ["flag", false, "fits"],
    ["fixed", true, "fits"],
    ["fixed", false, "must be true, not false"],
    ["list", [], "fits"],
    ["list", [null], "must be text, not null"],
    ["items", ["a"], "fits"],
    ["items", [], "must not be empty, not a list"],
  ];
  for (const [name, value, wanted] of cases) assertEquals(fits(name, value), wanted, `${name} ${JSON.stringify(value)}`);
});

Deno.test("shape rules: an optional member stays absent, and null is none", () => {
  const shape = strict("One", () => ({ word: optional(text("A word")), flag: optional(truth("Whether")) }));
  for (const json of [{}, { word: "" }, { word: "a", flag: false }]) {
    const read = fitShape(shape, json);
    assertEquals(read.ok ? writeShape(shape, read.value) : read.misfit, json);
  }
  for (const json of [{ word: null }, { flag: null }]) assertEquals(fitShape(shape, json).ok, false);
});

Deno.test("shape rules: in JSON Schema", () => {
  const schemas = Object.fromEntries(Object.entries(MEMBERS).map(([name, shape]) => [name, schemaOf(shape)]));
  assertEquals(schemas, {
    given: { description: "A text", type: "string" },
    matching: { description: "A text", type: "string", pattern: "^a+$" },
    some: { description: "A text", type: "string", minLength: 1 },
    count: { description: "A number", type: "integer" },
    least: { description: "A number", type: "integer", minimum: 2 },
    flag: { description: "Whether", type: "boolean" },
    fixed: { description: "Always true", type: "boolean", const: true },
    list: { description: "A list", type: "array", items: { description: "An item", type: "string" } },
    items: { description: "A list", type: "array", items: { description: "An item", type: "string" }, minItems: 1 },
  });
});
