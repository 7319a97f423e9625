// Differences of JSON values: by the innermost pointers, the same from both sides, none exactly for values that are equal.
import fc from "fast-check";
import { canonicalText } from "../../core/base/canonical.ts";
import { differences, isEqual, isShapedAlike } from "../../core/base/json_diff.ts";
import type { Json } from "../../core/base/json.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const pointers = (a: Json, b: Json, most = 100) => differences(a, b, most).pointers;

Deno.test("json diff: the innermost members, in the order of their names", () => {
  assertEquals(pointers({ a: 1, b: { c: [1, 2], d: "x" } }, { a: 2, b: { c: [1, 3], d: "x" } }), ["/a", "/b/c/1"]);
  assertEquals(pointers({ b: 1, a: 1 }, { a: 2, b: 2 }), ["/a", "/b"]);
  assertEquals(pointers({ a: 1 }, {}), ["/a"]);
  assertEquals(pointers({}, { a: null }), ["/a"]);
  assertEquals(pointers({ "a/b": { "~": 1 } }, { "a/b": { "~": 2 } }), ["/a~1b/~0"]);
  assertEquals(pointers(1, 2), [""]);
  assertEquals(pointers(JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"__proto__":{"x":2}}')), ["/__proto__/x"]);
});

Deno.test("json diff: a list of another length and a value of another kind are named as a whole", () => {
  assertEquals(pointers({ a: [1, 2] }, { a: [1] }), ["/a"]);
  assertEquals(pointers({ a: [] }, { a: {} }), ["/a"]);
  assertEquals(pointers({ a: [null] }, { a: null }), ["/a"]);
  assertEquals(pointers([[1], [2]], [[1], [3]]), ["/1/0"]);
});

Deno.test("json diff: the order of members and the sign of zero are no difference", () => {
  assertEquals(differences({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 }, 9), { pointers: [], more: 0 });
  assert(isEqual({ a: -0 }, { a: 0 }) && !isEqual({ a: 0 }, { a: false }) && !isEqual({ a: 1 }, {}) && !isEqual({}, { a: 1 }));
});

Deno.test("json diff: no more pointers than asked for, and how many there are beyond", () => {
  const numbers = (from: number) => Array.from({ length: 10 }, (_, i) => i + from);
  assertEquals(differences(numbers(0), numbers(1), 3), { pointers: ["/0", "/1", "/2"], more: 7 });
});

Deno.test("json diff: what has too long a pointer is named by what is around it", () => {
  const long = "n".repeat(250);
  assertEquals(pointers({ a: { [long]: 1, b: 1 }, c: 1 }, { a: { [long]: 2, b: 2 }, c: 2 }), ["/a", "/c"]);
  assertEquals(differences({ a: { b: 1, [long]: 1 } }, { a: { b: 2, [long]: 2 } }, 1), { pointers: ["/a"], more: 0 });
  assertEquals(pointers({ a: { [long]: 1, b: 1 } }, { a: { [long]: 1, b: 2 } }), ["/a/b"]);
});

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)));

property("json diff: empty exactly for equal values, and the same from both sides", fc.tuple(json, json), ([a, b]) => {
  const found = differences(a, b, 5);
  const equal = canonicalText(a) === canonicalText(b);
  assertEquals([found.pointers.length === 0, isEqual(a, b), isEqual(b, a)], [equal, equal, equal]);
  assertEquals(differences(b, a, 5), found);
  assertEquals(differences(a, JSON.parse(canonicalText(a)), 5), { pointers: [], more: 0 });
});

Deno.test("json diff: what is of one shape, and what is not", () => {
  const rows: readonly (readonly [Json, Json, boolean])[] = [
    [{ a: 1, b: "x" }, { b: "y", a: 2 }, true],
    [{ a: 1 }, { a: "1" }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: null }, { a: 0 }, false],
    [{ a: {} }, { a: [] }, false],
    [{ a: null }, {}, false],
    [[], [1, 2], true],
    [[{ a: 1 }], [{ a: 2 }, { b: 1 }], true],
    [[{ a: 1 }], [{ b: 1 }], false],
    [[[1]], [["1"]], false],
    [{ toString: 1 }, {}, false],
    [1, 2, true],
    [null, null, true],
  ];
  for (const [a, b, alike] of rows) {
    assertEquals([a, b, isShapedAlike(a, b)], [a, b, alike]);
    assertEquals([b, a, isShapedAlike(b, a)], [b, a, alike]);
  }
});
