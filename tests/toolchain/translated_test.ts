// Chunks as scripts in one file: the same exports, whatever is imported; what cannot be a script is named.
import vm from "node:vm";
import { archive, insert, loader, type Script, script } from "../../scripts/tools/translated.ts";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";

const CHUNK =
  'import{a as b}from"./text.js";import"./side.js";var $=b("x"),y=async()=>await import("./one.js");export{$ as made,y as default};';

const made = (chunk: string, entry = false): Script => {
  const one = script(chunk, entry);
  assert(typeof one !== "string", String(one));
  return one;
};

Deno.test("translated: a script takes its modules and gives its exports", async () => {
  const { text, modules } = made(CHUNK);
  assertEquals([...modules], [["./text.js", ["a"]], ["./side.js", []]]);
  const run: unknown = new vm.Script(text).runInThisContext();
  assert(typeof run === "function");
  const asked: string[] = [];
  const load = (name: string) => Promise.resolve(void asked.push(name));
  const given = run(load, "file:///p", { a: (text: string) => `${text}!` }, {});
  assertEquals([Object.keys(given), given.made], [["made", "default"], "x!"]);
  await given.default();
  assertEquals(asked, ["./one.js"]);
});

Deno.test("translated: the address of a script is that of the program; only the entry may wait and export nothing", async () => {
  const run: unknown = new vm.Script(made("await 1;globalThis.$seen=import.meta.url;", true).text).runInThisContext();
  assert(typeof run === "function");
  await run(undefined, "file:///p");
  assertEquals(Reflect.get(globalThis, "$seen"), "file:///p");
  Reflect.deleteProperty(globalThis, "$seen");
  assertEquals(script("var a=1;"), "it exports nothing");
});

Deno.test("translated: what packages ask for by require is made when it is asked for", () => {
  const { text } = made(
    'import{createRequire as q}from"node:module";var a=1,r=q(import.meta.url),get=()=>[r("x"),r("y")];export{get};',
  );
  const run: unknown = new vm.Script(text).runInThisContext();
  assert(typeof run === "function");
  const asked: string[] = [];
  const createRequire = (address: string) => {
    asked.push(address);
    return (name: string) => name;
  };
  const { get } = run(undefined, "file:///p", { createRequire });
  assertEquals(asked, []);
  assertEquals([get(), get(), asked], [["x", "y"], ["x", "y"], ["file:///p"]]);
});

Deno.test("translated: what cannot be a script is told", () => {
  for (const rest of ["import.meta.main;", 'import*as a from"./a.js";', 'import a from"./a.js";', 'export*from"./a.js";']) {
    assert(String(script(`${rest}export{a};`)).startsWith("it holds"), rest);
  }
});

Deno.test("translated: a script that imports what nobody holds is told before there is a program", () => {
  const scripts = new Map([["./main.js", made('import{a as b}from"./other.js";import{c as d}from"node:os";b(d);', true)]]);
  const wanted = './main.js imports "./other.js", which is neither a script nor a module of the runtime';
  try {
    archive(scripts, new Map());
  } catch (error) {
    assertEquals(error instanceof Error && error.message, wanted);
    return;
  }
  assert(false, "it was put into an archive");
});

Deno.test("translated: words that only look like imports stay", () => {
  const { text } = made('var a={import:1,$import:2},b=a.import,c=["run","import"],d={x:["e"]};export{b as default};');
  assert(text.includes("a.import") && text.includes("{import:1") && text.includes('"import"],d={x:["e"]}'));
});

Deno.test("translated: a program that loads each script once, by its place in the file, with its notes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const scripts = new Map([
      [
        "./main.js",
        made(
          'import{n as a}from"./one.js";import{basename as b}from"node:path";console.log(b("/x/y"),a,(await import("./two.js")).default);',
          true,
        ),
      ],
      ["./one.js", made('globalThis.$count=(globalThis.$count??0)+1;var n="é";export{n};')],
      ["./two.js", made('import{n as a}from"./one.js";var d=a+globalThis.$count;export{d as default};')],
    ]);
    const said = async (held: ReturnType<typeof archive>) => {
      await Deno.writeFile(`${folder}/held`, held.bytes);
      await Deno.writeTextFile(`${folder}/main.js`, loader(held, { file: "held" }, "./main.js", "use"));
      const args = ["run", "-q", "--no-config", "--no-lock", `--allow-read=${folder}`, `${folder}/main.js`];
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    };
    assertEquals(await said(archive(scripts, new Map())), "y é é1\n");
    // Notes that the engine does not take are ignored: the text says what happens.
    assertEquals(await said(archive(scripts, new Map([["./one.js", new Uint8Array([1, 2, 3])]]))), "y é é1\n");
    const cut = archive(scripts, new Map());
    assert((await said({ ...cut, bytes: cut.bytes.subarray(0, 70) })).includes("the program is cut off"));
    const other = archive(new Map([["./main.js", made("1;", true)]]), new Map());
    assert((await said({ ...cut, bytes: other.bytes })).includes("the program was replaced while it started"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("translated: an archive lies in a program right before what the runtime reads, which stays the end of it", () => {
  const held = archive(new Map([["./main.js", made("1;", true)]]), new Map());
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, 20n, true);
  const [runtime, section] = [utf8("the runtime, also with d3n0l4nd in it"), concatBytes([utf8("d3n0l4nd...."), length])];
  assertEquals(insert(held, concatBytes([runtime, section])), concatBytes([runtime, held.bytes, section]));
  for (
    const program of [runtime, utf8("short"), concatBytes([runtime, utf8("d3n0l4nd..."), length]), length, new Uint8Array()]
  ) {
    assertEquals(insert(held, program), undefined);
  }
});
