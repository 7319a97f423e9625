// The bundle in few files: what becomes one, and that imports still find what they name.
import { closure, exported, groups, imports, lazy, relink, umbrella } from "../../scripts/tools/merge.ts";
import { assertEquals } from "../assert.ts";

const CHUNKS = new Map([
  ["main.js", 'import{a as b}from"./text.js";import"./side.js";b(()=>import("./one.js"),()=>import("./two.js"));'],
  ["text.js", 'import{a}from"./side.js";var x=1,y=2;export{x as a,y as b};'],
  ["side.js", "var s=1;export{s as a};"],
  ["one.js", 'import{a as q,b}from"./tiny.js";import{a as z}from"./large.js";export{q as default};'],
  ["two.js", 'import{a}from"./tiny.js";import{b as c}from"./text.js";export{c as default};'],
  ["tiny.js", 'import{b as k}from"./text.js";var t=k,u=k;export{t as a,u as b};'],
  ["large.js", `import{a}from"./odd.js";var l="${"x".repeat(9000)}";export{l as a};`],
  ["odd.js", `var l="${"x".repeat(9000)}";export{l as a};`],
  ["leans.js", 'import{a}from"./large.js";export{a};'],
]);

Deno.test("merge: reads imports, exports and what is loaded later", () => {
  assertEquals(imports(CHUNKS.get("main.js") ?? ""), ["text.js", "side.js"]);
  assertEquals(exported(CHUNKS.get("text.js") ?? ""), ["a", "b"]);
  assertEquals([...lazy(CHUNKS)], ["one.js", "two.js"]);
  assertEquals([...closure(CHUNKS, "two.js")].sort(), ["side.js", "text.js", "tiny.js", "two.js"]);
});

Deno.test("merge: what the entry loads is common; small chunks are shared unless they lean on a large one", () => {
  assertEquals(groups(CHUNKS, "main.js", 1000, 0.9), { common: ["side.js", "text.js"], shared: ["tiny.js"] });
});

Deno.test("merge: what a third of the lazy chunks load is shared, large or not", () => {
  const { shared } = groups(CHUNKS, "main.js", 1000);
  assertEquals(shared, ["large.js", "leans.js", "odd.js", "tiny.js"]);
});

Deno.test("merge: names of merged chunks keep apart, and imports follow", () => {
  assertEquals(
    umbrella(CHUNKS, ["side.js", "text.js"]),
    'export{a as _0a}from"./side.js";\nexport{a as _1a,b as _1b}from"./text.js";',
  );
  const text = CHUNKS.get("main.js") ?? "";
  assertEquals(
    relink(text, ["side.js", "text.js"], "common.js"),
    'import{_1a as b}from"./common.js";import"./common.js";b(()=>import("./one.js"),()=>import("./two.js"));',
  );
  assertEquals(relink('import{a}from"./side.js";', ["side.js"], "common.js"), 'import{_0a as a}from"./common.js";');
});
