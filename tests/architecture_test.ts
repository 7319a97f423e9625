// The dependency rule and the rules of the house, held against the whole tree.
import { cycle, type Module, PACKAGES, unitOf, UNITS, violations } from "./architecture.ts";
import { assert, assertEquals } from "./assert.ts";
import { graph, source, sources } from "./tree.ts";

const paths = sources();
const modules = await graph(paths);
const module = (path: string, files: readonly string[], packages: readonly string[] = []): Module => ({
  path,
  files,
  packages,
});

Deno.test("architecture: every file of the tree is in the graph", () => {
  assertEquals(modules.map(({ path }) => path).sort(), [...paths]);
});

Deno.test("architecture: every import is one that the tables allow", () => {
  assertEquals(violations(modules), []);
});

Deno.test("architecture: no file imports itself by a detour", () => {
  assertEquals(cycle(modules)?.join(" -> "), undefined);
});

Deno.test("architecture: the tables name only units and packages that can be", () => {
  const known = Object.keys(UNITS);
  for (const [unit, allowed] of Object.entries(UNITS)) {
    assertEquals(allowed.filter((other) => other !== "*" && !known.includes(other)), [], unit);
  }
  const { imports }: { imports: Record<string, string> } = JSON.parse(source("deno.json"));
  const listed = Object.keys(PACKAGES).filter((name) => name !== "node:");
  assertEquals(listed.sort(), Object.keys(imports).sort(), "the packages of the table are those of deno.json");
});

Deno.test("architecture: what the rule forbids is found", () => {
  const planted: readonly (readonly [Module, string])[] = [
    [module("core/base/x.ts", ["core/schema/y.ts"]), "core/base may not use core/schema"],
    [module("core/run/x.ts", ["core/trace/y.ts"]), "core/run may not use core/trace"],
    [module("core/run/x.ts", ["core/flow/y.ts"]), "core/run may not use core/flow"],
    [module("core/flow/x.ts", ["core/ports.ts"]), "core/flow may not use core/ports.ts"],
    [module("core/run/x.ts", ["host/node.ts"]), "core/run may not use host"],
    [module("host/x.ts", ["core/schema/y.ts"]), "host may not use core/schema"],
    [module("cli/commands/x.ts", ["cli/host/deno.ts"]), "cli/commands may not use cli/host"],
    [module("mod.ts", ["cli/main.ts"]), "mod.ts may not use cli/main.ts"],
    [module("extra/x.ts", []), "extra/x.ts lies in a folder that the table of units does not know"],
    [module("core/new/x.ts", []), "core/new/x.ts lies in a folder that the table of units does not know"],
    [module("core/base/x.ts", [], ["node:fs"]), "node:fs, which is for host/"],
    [module("core/base/x.ts", [], ["valibot"]), "valibot, which is for core/base/shape.ts"],
    [module("core/base/x.ts", [], ["npm:left-pad@1"]), "which the table of packages does not know"],
  ];
  for (const [wrong, expected] of planted) {
    const found = violations([wrong]);
    assert(found.length > 0 && found.every((line) => line.includes(expected)), `${wrong.path}: ${JSON.stringify(found)}`);
  }
  assertEquals(violations([module("core/flow/x.ts", ["core/run/y.ts", "core/trace/z.ts"])]), []);
  assertEquals(cycle([module("a", ["b"]), module("b", ["c"]), module("c", ["b"])]), ["b", "c", "b"]);
  assertEquals(cycle([module("a", ["b", "c"]), module("b", ["c"]), module("c", [])]), undefined);
  assertEquals(unitOf("cli/host/deno.ts"), "cli/host");
  assertEquals(unitOf("clients/x.ts"), undefined);
});

Deno.test("house: a file has a header, and 500 lines at most unless its header says why", () => {
  for (const path of paths) {
    const lines = source(path).split("\n");
    assert(/^(?:\/\/|\/\*|#!)/.test(lines[0] ?? ""), `${path}: the first line says what the file is`);
    const reason = lines.slice(0, 5).some((line) => line.includes("Long because"));
    assert(lines.length <= 501 || reason, `${path}: ${lines.length} lines, and no "Long because" on its first lines`);
  }
});

Deno.test("house: no check is switched off", () => {
  const silencers = ["deno-lint-ignore", "deno-fmt-ignore", "@ts-ignore", "@ts-nocheck", "@ts-expect-error"];
  const found = paths.filter((path) => path !== "tests/architecture_test.ts")
    .flatMap((path) => silencers.filter((word) => source(path).includes(word)).map((word) => `${path}: ${word}`));
  assertEquals(found, []);
});
