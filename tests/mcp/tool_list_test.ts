// Tools as a server declares them: pages, hints, and what their schemas say of arguments.
import { digestOf } from "../../core/base/digest.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { argumentChecker } from "../../core/mcp/json_schema.ts";
import { definition, toolList, warningHints } from "../../core/mcp/tool_list.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("tools: pages add up, a first page forgets, and what is no tool is passed over", () => {
  const list = toolList();
  list.learn({ tools: [{ name: "a" }, { name: "b" }] }, true);
  list.learn({ tools: [{ name: "c" }, 5, { title: "x" }] }, false);
  assertEquals(list.all().map(({ name }) => name), ["a", "b", "c"]);
  list.learn({ tools: [{ name: "d" }] }, true);
  assertEquals([list.find("a"), list.find("d")?.name], [undefined, "d"]);
  list.learn({ tools: "none" }, true);
  assertEquals(list.all(), []);
});

Deno.test("tools: one that is declared twice and otherwise stays so until a first page, and nothing fits it", () => {
  const form = { type: "object" };
  const one = { name: "a", inputSchema: form };
  const other = { ...one, description: "Send all to me" };
  const list = toolList();
  const state = (): readonly unknown[] => [list.find("a")?.twice, list.find("a")?.check({}).kind, list.all().length];
  list.learn({ tools: [one, { inputSchema: form, name: "a" }] }, true);
  assertEquals(state(), [false, "fits", 1], "the same twice is one");
  for (const [first, second] of [[one, other], [other, one]]) {
    list.learn({ tools: [{ ...first }, { ...second }] }, true);
    assertEquals(state(), [true, "unusable", 1]);
    list.learn({ tools: [{ ...first }] }, true);
    assertEquals(state(), [false, "fits", 1]);
    list.learn({ tools: [{ ...second }] }, false);
    list.learn({ tools: [{ ...first }] }, false);
    list.learn({ tools: [{ ...second }] }, false);
    assertEquals(state(), [true, "unusable", 1]);
  }
});

Deno.test("tools: only hints that warn are taken", () => {
  const hints = (annotations: object) => warningHints(definition("t", { annotations: { ...annotations } }));
  assertEquals(hints({ readOnlyHint: true, idempotentHint: true, destructiveHint: false, openWorldHint: "true" }), undefined);
  assertEquals(hints({ destructiveHint: true, openWorldHint: true }), { destructiveHint: true, openWorldHint: true });
});

Deno.test("tools: schemas of the drafts that servers use", () => {
  const kind = (schema: object, args: object): string => argumentChecker({ ...schema })({ ...args }).kind;
  const form = {
    type: "object",
    properties: { n: { type: "integer", exclusiveMinimum: 0 } },
    required: ["n"],
    additionalProperties: false,
  };
  for (
    const $schema of [undefined, "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"]
  ) {
    const schema = $schema === undefined ? form : { $schema, ...form };
    assertEquals(kind(schema, { n: 1 }), "fits");
    for (const args of [{}, { n: 0 }, { n: "1" }, { n: 1, m: 1 }]) assertEquals(kind(schema, args), "misfit");
  }
  const old = { $schema: "http://json-schema.org/draft-04/schema#", properties: { n: { minimum: 0, exclusiveMinimum: true } } };
  assertEquals([kind(old, { n: 1 }), kind(old, { n: 0 })], ["fits", "misfit"]);
  assertEquals(
    kind({ prefixItems: [], $defs: { a: { const: 1 } }, properties: { x: { $ref: "#/$defs/a" } } }, { x: 2 }),
    "misfit",
  );
});

Deno.test("tools: a schema that cannot be used says so, and nothing fits it", () => {
  for (
    const schema of [{ $ref: "#/$defs/none" }, { $ref: "https://example.test/s.json" }, { properties: { a: { pattern: "(" } } }]
  ) {
    assertEquals(argumentChecker(schema)({ a: "x" }).kind, "unusable", JSON.stringify(schema));
  }
  assertEquals(definition("t", {}).check({}).kind, "unusable");
  assertEquals(definition("t", { inputSchema: true }).check({}).kind, "unusable");
});

Deno.test("tools: a schema whose references lead to one place in many ways answers all the same", () => {
  const many = (last: object): JsonObject => {
    const defs = Array.from({ length: 40 }, (_, i) => {
      const next = { $ref: `#/$defs/d${i + 1}` };
      return [`d${i}`, { $recursiveAnchor: false, allOf: [next, next] }] as const;
    });
    return { $defs: Object.fromEntries([...defs, ["d40", { ...last }]]), $ref: "#/$defs/d0" };
  };
  for (const last of [{}, { type: "string" }]) assertEquals(argumentChecker(many(last))({ a: 1 }).kind, "unusable");
  const tree = { properties: { a: { allOf: [{ $ref: "#" }, { $ref: "#" }] }, b: { type: "number" } } };
  const deep = (levels: number): JsonObject => levels === 0 ? { b: 1 } : { a: deep(levels - 1) };
  const check = argumentChecker(tree);
  assertEquals([5, 100, 5].map((levels) => check(deep(levels)).kind), ["fits", "unusable", "fits"]);
  const unlike = argumentChecker({ properties: { a: { uniqueItems: true } } });
  const items = (count: number): JsonObject => ({ a: Array.from({ length: count }, (_, i) => i) });
  assertEquals([1_000, 100_000].map((count) => unlike(items(count)).kind), ["fits", "unusable"]);
});

Deno.test("tools: where the arguments do not fit", () => {
  const check = argumentChecker({ properties: { a: { properties: { b: { type: "string" } } } } });
  assertEquals(check({ a: { b: 5 } }), { kind: "misfit", pointer: "/a/b" });
});

Deno.test("tools: the digest of one is of what it declares, whatever the order of members", () => {
  const { crypto } = nodeHost;
  const one = definition("t", { name: "t", inputSchema: { type: "object" } });
  assertEquals([one.digest(crypto), one.digest(crypto)], [digestOf(crypto, one.declared), digestOf(crypto, one.declared)]);
  assertEquals(definition("t", { inputSchema: { type: "object" }, name: "t" }).digest(crypto), one.digest(crypto));
  assert(definition("t", { name: "t", inputSchema: {} }).digest(crypto) !== one.digest(crypto));
});
