// Chunks as scripts: the same exports, whatever is imported; what cannot be one is named.
import vm from "node:vm";
import { loader, script } from "../../scripts/tools/translated.ts";
import { assert, assertEquals } from "../assert.ts";

const CHUNK =
  'import{a as b}from"./text.js";import"./side.js";var $=b("x"),y=async()=>await import("./one.js");export{$ as made,y as default};';

Deno.test("translated: a script takes its modules and gives its exports", async () => {
  const made = script(CHUNK);
  assert(typeof made !== "string");
  assertEquals([made.modules, made.exports], [["./text.js", "./side.js"], ["made", "default"]]);
  const run: unknown = new vm.Script(made.text).runInThisContext();
  assert(typeof run === "function");
  const asked: string[] = [];
  const load = (name: string) => Promise.resolve(void asked.push(name));
  const given = run(load, { a: (text: string) => `${text}!` }, {});
  assertEquals(given.made, "x!");
  await given.default();
  assertEquals(asked, ["./one.js"]);
});

Deno.test("translated: what cannot be a script is told", () => {
  assertEquals(script("var a=1;"), "it exports nothing");
  for (const rest of ["import.meta.url", 'import*as a from"./a.js"', 'export*from"./a.js"']) {
    assert(String(script(`${rest};export{a};`)).startsWith("it holds"), rest);
  }
});

Deno.test("translated: words that only look like imports stay", () => {
  const made = script('var a={import:1,$import:2},b=a.import,c="";export{b as default};');
  assert(typeof made !== "string" && made.text.includes("a.import") && made.text.includes("{import:1"));
});

Deno.test("translated: a loader exports what the chunk did", () => {
  const made = script(CHUNK);
  assert(typeof made !== "string");
  for (const how of ["record", "use"] as const) {
    const text = loader("one.script", made, how);
    assert(text.includes("export const made = $made.made;") && text.includes("export default $made.default;"));
    assert(text.includes('import * as $module1 from "./side.js";'));
  }
});
