// JSON pointers: what is written leads back to what it was written for.
import fc from "fast-check";
import { pointerStep, pointerSteps, valueAt } from "../../core/base/pointer.ts";
import { assertEquals } from "../assert.ts";

Deno.test("pointer: the steps that were written are the steps that are read", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom("~", "/", "0", "1", "a", "") })), (steps) => {
    assertEquals(pointerSteps(steps.map(pointerStep).join("")), steps);
  }));
});

Deno.test("pointer: the value that it leads to, and nothing where there is none", () => {
  const json = { "a/b": [{ "~": 1 }], list: ["x"], "": 2, deep: null };
  const led: readonly (readonly [string, unknown])[] = [
    ["", json],
    ["/a~1b/0/~0", 1],
    ["/list/0", "x"],
    ["/", 2],
    ["/deep", null],
    ["/list/1", undefined],
    ["/list/x", undefined],
    ["/deep/x", undefined],
    ["/toString", undefined],
    ["/none/x/y", undefined],
  ];
  for (const [pointer, wanted] of led) assertEquals(valueAt(json, pointer), wanted, pointer);
});
