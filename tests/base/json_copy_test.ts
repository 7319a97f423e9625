// A value as JSON: the same as printing and reading it, where JSON can say it all; a fault with the place where it cannot.
import fc from "fast-check";
import { jsonCopy } from "../../core/base/json_copy.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

Deno.test("json copy: what JSON can say comes out as if it were printed and read, and shares nothing", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const copy = assertOk(jsonCopy(value, "value"));
    assertEquals(copy, JSON.parse(JSON.stringify(value)));
    assert(typeof value !== "object" || value === null || copy !== value);
  }));
  for (const value of [-0, [-0], { n: -0, at: new Date(0) }]) {
    assertEquals(assertOk(jsonCopy(value, "value")), JSON.parse(JSON.stringify(value)));
  }
  const inner = { path: "a" };
  assertEquals(assertOk(jsonCopy({ toJSON: () => null }, "value")), null);
  const copy = assertOk(jsonCopy({ list: [inner], same: inner }, "value"));
  inner.path = "b";
  assertEquals(copy, { list: [{ path: "a" }], same: { path: "a" } });
});

Deno.test("json copy: absent members, times, other realms and odd names", () => {
  class Named {
    readonly name = "x";
  }
  const odd = Object.assign(Object.create(null), { a: 1 });
  const value = { gone: undefined, at: new Date(0), named: new Named(), odd, deep: JSON.parse(`{"__proto__":{"x":1}}`) };
  const copy = assertOk(jsonCopy(value, "value"));
  assertEquals(JSON.stringify(copy), JSON.stringify(value));
  assertEquals(Object.hasOwn(Object(Object(copy).deep), "__proto__"), true);
});

Deno.test("json copy: what JSON lacks is refused, with its place", () => {
  const itself: unknown[] = [];
  itself.push({ again: itself });
  const throwing = (): never => {
    throw new Error("not now");
  };
  const refused: readonly (readonly [unknown, string])[] = [
    [undefined, ""],
    [{ a: [1, undefined] }, "/a/1"],
    [{ a: { "b/c": Number.NaN } }, "/a/b~1c"],
    [[1, Number.POSITIVE_INFINITY], "/1"],
    [{ n: 1n }, "/n"],
    [{ f() {} }, "/f"],
    [{ s: Symbol("s") }, "/s"],
    [{ m: new Map([["a", 1]]) }, "/m"],
    [{ s: new Set([1]) }, "/s"],
    [{ b: new Uint8Array(2) }, "/b"],
    [itself, "/0/again"],
    [{ at: [new Date(Number.NaN)] }, "/at/0"],
    [{ a: { toJSON: throwing } }, "/a"],
    [{ a: [1, Object.defineProperty({}, "b", { get: throwing, enumerable: true })] }, "/a/1"],
    [{ a: { b: 1 }, c: new Proxy({}, { ownKeys: throwing }) }, "/c"],
    [new Proxy([], { get: throwing }), ""],
  ];
  for (const [value, pointer] of refused) {
    const { at, message } = assertFault(jsonCopy(value, "the call"), "value_not_json");
    assertEquals(at?.pointer, pointer, message);
    assert(message.startsWith(`Cannot write "the call" as JSON: `), message);
  }
});

Deno.test("json copy: values without end are refused, not followed", () => {
  let nested: unknown = 1;
  for (let i = 0; i < 100_000; i++) nested = [nested];
  assertFault(jsonCopy(nested, "value"), "value_not_json");
  let wide: unknown = {};
  for (let i = 0; i < 30; i++) wide = { a: wide, b: wide };
  assertFault(jsonCopy(wide, "value"), "value_not_json");
});
