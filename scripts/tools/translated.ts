// Chunks that bring along what the engine makes of them. Most of what a command that ends after 20 ms takes is the engine reading its
// code; a chunk that is a script can be given the engine's own notes from a run before. They lie in the program, where nobody but
// its maker writes; an engine of another version or with other options ignores them and reads the code.

/** A chunk as a script: the text of a function that takes `import` and the modules that it imports, and gives what it exports. */
export type Script = { readonly text: string; readonly modules: readonly string[]; readonly exports: readonly string[] };

const IMPORT = /(?<![\w$.])import(?:\{([^{}]*)\}from)?"([^"]+)";?/g;
const EXPORT = /(?<![\w$.])export\{([^{}]*)\};?\s*$/;
const DYNAMIC = /(?<![\w$.])import\(/g;
const LEFT = /(?<![\w$.])(?:import\s*[."{*]|export\s*[{*]|export default)/;

const pairs = (list: string): [string, string][] =>
  list.split(",").filter((item) => item !== "").map((item) => {
    const [from = "", to = from] = item.split(" as ");
    return [from, to];
  });

/** Makes a script of a chunk that the minifying bundler printed. A string says what stands against it. */
export function script(chunk: string): Script | string {
  const modules: string[] = [];
  const bindings: string[] = [];
  const body = chunk.replace(IMPORT, (_, list: string | undefined, from: string) => {
    if (!modules.includes(from)) modules.push(from);
    const names = pairs(list ?? "").map(([name, as]) => `${name}:${as}`);
    if (names.length > 0) bindings.push(`const{${names.join(",")}}=$module${modules.indexOf(from)};`);
    return "";
  });
  const exported = pairs(EXPORT.exec(body)?.[1] ?? "");
  if (exported.length === 0) return "it exports nothing";
  const plain = body.replace(EXPORT, "").replace(DYNAMIC, "$import(");
  const left = LEFT.exec(plain);
  if (left !== null) return `it holds "${plain.slice(left.index, left.index + 40)}"`;
  const parameters = ["$import", ...modules.map((_, index) => `$module${index}`)];
  const result = exported.map(([name, as]) => `${as}:${name}`).join(",");
  return {
    text: `(function(${parameters.join(",")}){"use strict";${bindings.join("")}${plain}\nreturn{${result}}})`,
    modules,
    exports: exported.map(([, as]) => as),
  };
}

/** The variable that names the notes to a recording program: it says whether the engine takes them. Unset, it makes them. */
export const NOTES = "GAIT_ENGINE_NOTES";

/** The variable that names the script that a recording program is asked about; all others run as they are. */
export const NOTES_OF = "GAIT_ENGINE_NOTES_OF";

/** How a recording program ends where the engine takes the notes of the run before, and where it does not. */
export const TAKEN = 98;
export const REFUSED = 99;

// Made notes go to standard error: at its end a command may write no files any more.
const RECORD = `
const $asked = Deno.env.get("${NOTES_OF}") === $name;
const $at = $asked ? Deno.env.get("${NOTES}") : undefined;
const $notes = $at === undefined ? undefined : Deno.readFileSync($at);
const $script = new $vm.Script($text, { filename: $name, cachedData: $notes });
if ($notes !== undefined) Deno.exit($script.cachedDataRejected ? ${REFUSED} : ${TAKEN});
if ($asked) addEventListener("unload", () => {
  const $made = $script.createCachedData();
  for (let $done = 0; $done < $made.length;) $done += Deno.stderr.writeSync($made.subarray($done));
});
`;

const USE = `
const $notes = Deno.readFileSync(new URL("./" + $name + ".notes", import.meta.url));
const $script = new $vm.Script($text, { filename: $name, cachedData: $notes });
`;

/** The module that takes the place of a chunk; its script lies beside it under `name`. */
export function loader(name: string, { modules, exports }: Script, how: "record" | "use"): string {
  const passed = ["(name) => import(name)", ...modules.map((_, index) => `$module${index}`)];
  return [
    `import $vm from "node:vm";`,
    ...modules.map((from, index) => `import * as $module${index} from ${JSON.stringify(from)};`),
    `const $name = ${JSON.stringify(name)};`,
    `const $text = Deno.readTextFileSync(new URL("./" + $name, import.meta.url));`,
    how === "record" ? RECORD : USE,
    `const $made = $script.runInThisContext()(${passed.join(", ")});`,
    ...exports.map((as) => as === "default" ? "export default $made.default;" : `export const ${as} = $made.${as};`),
    "",
  ].join("\n");
}
