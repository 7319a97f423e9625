// Chunks as scripts, all in one file, with what the engine makes of them. A compiled program pays at its start for every file that it
// holds, opened or not (200 of them are a tenth of the start of an empty program), and most of what a command that ends after 20 ms
// takes is the engine reading its code; a script can be given the engine's own notes from a run before. They lie in the program, where
// nobody but its maker writes; an engine of another version or with other options ignores them and reads the code.

/** A chunk as a script: the text of a function that takes `import`, the address of the program and the modules that it imports, and gives what it exports. */
export type Script = { readonly text: string; readonly modules: readonly string[] };

const IMPORT = /(?<=^|[;}\n])import(?:\{([^{}]*)\}\s*from\s*)?"([^"]+)";?/g;
const EXPORT = /(?<![\w$.])export\{([^{}]*)\};?\s*$/;
const DYNAMIC = /(?<![\w$.])import\(/g;
const ADDRESS = /(?<![\w$.])import\.meta\.url(?![\w$])/g;
// What the bundler lets packages of the older module form ask for by `require`; to make it takes 1 ms, and hardly any command asks.
const REQUIRE = /(?<=[,; ])([\w$]+)=([\w$]+)\(import\.meta\.url\)/g;
const LEFT = /(?<![\w$.])import\.|(?<=^|[;}\n])(?:import\s*[\w*{"]|export\s*[{*]|export default)/;

const pairs = (list: string): [string, string][] =>
  list.split(",").map((item) => item.trim()).filter((item) => item !== "").map((item) => {
    const [from = "", to = from] = item.split(" as ");
    return [from, to];
  });

/** Makes a script of a chunk that the minifying bundler printed; only the `entry` may wait at its top. A string says what stands against it. */
export function script(chunk: string, entry = false): Script | string {
  const modules: string[] = [];
  const bindings: string[] = [];
  const body = chunk.replace(IMPORT, (_, list: string | undefined, from: string) => {
    if (!modules.includes(from)) modules.push(from);
    const names = pairs(list ?? "").map(([name, as]) => `${name}:${as}`);
    if (names.length > 0) bindings.push(`const{${names.join(",")}}=$module${modules.indexOf(from)};`);
    return "";
  });
  const exported = pairs(EXPORT.exec(body)?.[1] ?? "");
  if (exported.length === 0 && !entry) return "it exports nothing";
  const lazily = body.replace(
    REQUIRE,
    (whole, name: string, by: string) =>
      new RegExp(`createRequire:${by.replaceAll("$", "\\$")}\\b`).test(bindings.join(""))
        ? `${name}=n=>(${name}.$||=${by}($address))(n)`
        : whole,
  );
  const plain = lazily.replace(EXPORT, "").replace(DYNAMIC, "$import(").replace(ADDRESS, "$address");
  const left = LEFT.exec(plain);
  if (left !== null) return `it holds "${plain.slice(left.index, left.index + 40)}"`;
  const parameters = ["$import", "$address", ...modules.map((_, index) => `$module${index}`)];
  const result = exported.map(([name, as]) => `${as}:${name}`).join(",");
  const head = `(${entry ? "async " : ""}function(${parameters.join(",")}){"use strict";`;
  return { text: `${head}${bindings.join("")}${plain}\nreturn{${result}}})`, modules };
}

/** Where a script lies in the file: what it imports, and place and length of its text and of its notes. */
type Place = readonly [modules: readonly string[], at: number, length: number, notesAt: number, notesLength: number];

/** All scripts, with their notes where there are any, in one file. */
export type Archive = { readonly bytes: Uint8Array; readonly places: Readonly<Record<string, Place>> };

/** Puts scripts into one file. */
export function archive(scripts: ReadonlyMap<string, Script>, notes: ReadonlyMap<string, Uint8Array>): Archive {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const put = (bytes: Uint8Array): readonly [number, number] => {
    pieces.push(bytes);
    size += bytes.length;
    return [size - bytes.length, bytes.length];
  };
  const places: Record<string, Place> = {};
  for (const [name, { text, modules }] of scripts) {
    const [at, length] = put(new TextEncoder().encode(text));
    places[name] = [modules, at, length, ...put(notes.get(name) ?? new Uint8Array())];
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes, places };
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
  const asked = Deno.env.get("${NOTES_OF}") === name;
  const from = asked ? Deno.env.get("${NOTES}") : undefined;
  const notes = from === undefined ? undefined : Deno.readFileSync(from);
  const script = new $vm.Script(text, { filename: name, cachedData: notes });
  if (notes !== undefined) Deno.exit(script.cachedDataRejected ? ${REFUSED} : ${TAKEN});
  if (asked) addEventListener("unload", () => {
    const made = script.createCachedData();
    for (let done = 0; done < made.length;) done += Deno.stderr.writeSync(made.subarray(done));
  });
`;

const USE = `
  const notes = notesLength === 0 ? undefined : read(notesAt, notesLength);
  const script = new $vm.Script(text, { filename: name, cachedData: notes });
`;

// The file stays open: at its end a command may open no files any more, and it may still load a chunk.
const loading = (how: "record" | "use") => `
const decoder = new TextDecoder();
const held = Deno.openSync(new URL("./" + FILE, import.meta.url));
function read(at, length) {
  const bytes = new Uint8Array(length);
  held.seekSync(at, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const more = held.readSync(bytes.subarray(done));
    if (more === null) throw new Error("the program is cut off");
    done += more;
  }
  return bytes;
}
const made = new Map(Object.entries(OUTSIDE));
function load(name) {
  const before = made.get(name);
  if (before !== undefined) return before;
  const [modules, at, length, notesAt, notesLength] = PLACES[name];
  const text = decoder.decode(read(at, length));
${how === "record" ? RECORD : USE}
  const given = script.runInThisContext()(bring, import.meta.url, ...modules.map(load));
  made.set(name, given);
  return given;
}
const bring = async (name) => Object.hasOwn(PLACES, name) ? load(name) : await import(name);
`;

/** The program around the scripts, which lie beside it in `file`: loads each of them once, when it is wanted, `entry` first. */
export function loader({ places }: Archive, file: string, entry: string, how: "record" | "use"): string {
  const outside = [...new Set(Object.values(places).flatMap(([modules]) => modules))].filter((name) =>
    !Object.hasOwn(places, name)
  );
  return [
    `import $vm from "node:vm";`,
    ...outside.map((name, index) => `import * as $outside${index} from ${JSON.stringify(name)};`),
    `const OUTSIDE = {${outside.map((name, index) => `${JSON.stringify(name)}: $outside${index}`).join(", ")}};`,
    `const FILE = ${JSON.stringify(file)};`,
    `const PLACES = ${JSON.stringify(places)};`,
    loading(how),
    `await load(${JSON.stringify(entry)});`,
    "",
  ].join("\n");
}
