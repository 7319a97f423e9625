// Chunks as scripts, all in one piece, with what the engine makes of them. A compiled program pays at its start for every file that it
// holds and for every byte of them, opened or not (200 files are a tenth of the start of an empty program, and so are 2 MB), so the
// scripts lie outside of what the runtime reads where the kind of program allows it. And most of what a command that ends after 20 ms
// takes is the engine reading its code; a script can be given the engine's own notes from a run before. They lie in the program, where
// nobody but its maker writes; an engine of another version or with other options ignores them and reads the code.
import { concatBytes, hex, utf8 } from "../../core/base/bytes.ts";
import { nodeHost } from "../../host/node.ts";

/**
 * A chunk as a script: the text of a function that takes `import`, the address of the program and the modules that it imports, and gives
 * what it exports; and what it takes from each of those modules.
 */
export type Script = { readonly text: string; readonly modules: ReadonlyMap<string, readonly string[]> };

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
  const modules = new Map<string, string[]>();
  const bindings: string[] = [];
  const body = chunk.replace(IMPORT, (_, list: string | undefined, from: string) => {
    const taken = modules.get(from) ?? [];
    modules.set(from, taken);
    const names = pairs(list ?? "");
    taken.push(...names.map(([name]) => name));
    const bound = names.map(([name, as]) => `${name}:${as}`).join(",");
    if (bound !== "") bindings.push(`const{${bound}}=$module${[...modules.keys()].indexOf(from)};`);
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
  const parameters = ["$import", "$address", ...[...modules.keys()].map((_, index) => `$module${index}`)];
  const result = exported.map(([name, as]) => `${as}:${name}`).join(",");
  const head = `(${entry ? "async " : ""}function(${parameters.join(",")}){"use strict";`;
  return { text: `${head}${bindings.join("")}${plain}\nreturn{${result}}})`, modules };
}

/** How the names of modules of the runtime begin. */
const BUILT_IN = "node:";

/** How long the name of an archive is: a digest of the rest in hexadecimal digits. */
const NAME_LENGTH = 64;

/** All scripts, with their notes where there are any, in one piece that begins with a name of its own and a table of what is in it. */
export type Archive = {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly tableLength: number;
  /** The length of the longest script, or of the longest notes. */
  readonly longest: number;
};

/** Puts scripts into one piece. Throws where one imports what is neither a script nor a module of the runtime. */
export function archive(scripts: ReadonlyMap<string, Script>, notes: ReadonlyMap<string, Uint8Array>): Archive {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let longest = 0;
  // As text, of which a line is read when it is wanted: a value the engine would read at every start. A line for each script: its place
  // behind the table, the length of its text, that of its notes, which follow, and what it imports.
  let rows = "\n";
  for (const [name, { text, modules }] of scripts) {
    const [script, noted] = [utf8(text), notes.get(name) ?? new Uint8Array()];
    rows += `${[name, size, script.length, noted.length, ...modules.keys()].join(" ")}\n`;
    pieces.push(script, noted);
    size += script.length + noted.length;
    longest = Math.max(longest, script.length, noted.length);
    const other = [...modules.keys()].find((module) => !scripts.has(module) && !module.startsWith(BUILT_IN));
    if (other !== undefined) {
      throw new Error(`${name} imports "${other}", which is neither a script nor a module of the runtime`);
    }
  }
  const table = utf8(rows);
  const rest = concatBytes([table, ...pieces]);
  const name = hex(nodeHost.crypto.sha256(rest));
  return { bytes: concatBytes([utf8(name), rest]), name, tableLength: table.length, longest };
}

/** Where an archive lies: in a file beside the program that loads it, or in a compiled program, right before what the runtime reads. */
export type Home = { readonly file: string } | "program";

// Its first 8 bytes, and the last 8 of the program: how many bytes the runtime reads, which are the last ones.
const READ_BY_RUNTIME = utf8("d3n0l4nd");

/** Puts an archive into a compiled program; undefined where it is of a kind whose parts lie elsewhere (of macOS, of Windows). */
export function insert({ bytes }: Archive, program: Uint8Array): Uint8Array | undefined {
  if (program.length < 8) return undefined;
  const length = Number(new DataView(program.buffer, program.byteOffset + program.length - 8).getBigUint64(0, true));
  const at = program.length - length;
  if (at < 0 || READ_BY_RUNTIME.some((byte, index) => program[at + index] !== byte)) return undefined;
  return concatBytes([program.subarray(0, at), bytes, program.subarray(at)]);
}

/** The variable that names the script that a recording program makes notes on, as its run leaves them; all others run as they are. */
export const NOTES_OF = "GAIT_ENGINE_NOTES_OF";

/** The variable that names the file of notes to begin with: what runs before left. */
export const NOTES = "GAIT_ENGINE_NOTES";

/** The variable that lets a recording program end as soon as it has taken the notes. */
export const NOTES_CHECK = "GAIT_ENGINE_NOTES_CHECK";

/** How a recording program ends where the engine takes the notes, and where it does not. */
export const TAKEN = 98;
export const REFUSED = 99;

// Made notes go to standard error: at its end a command may write no files any more.
const RECORD = `
  const asked = Deno.env.get("${NOTES_OF}") === name;
  const from = asked ? Deno.env.get("${NOTES}") : undefined;
  const notes = from === undefined ? undefined : Deno.readFileSync(from);
  const script = new $vm.Script(text, { filename: name, cachedData: notes });
  if (script.cachedDataRejected) Deno.exit(${REFUSED});
  if (asked && Deno.env.get("${NOTES_CHECK}") !== undefined) Deno.exit(${TAKEN});
  if (asked) addEventListener("unload", () => {
    const made = script.createCachedData();
    for (let done = 0; done < made.length;) done += Deno.stderr.writeSync(made.subarray(done));
  });
`;

// They begin where the memory does: an engine copies notes that do not lie at a place it likes (350 kB, and the pages for them).
const USE = `
  const notes = notesLength === 0 ? undefined : read(at + length, notesLength);
  const script = new $vm.Script(text, { filename: name, cachedData: notes });
`;

const OPENED = {
  file: `
const held = Deno.openSync(new URL("./" + FILE, import.meta.url));
const begins = 0;
`,
  program: `
const held = Deno.openSync(Deno.execPath());
const tail = new Uint8Array(8);
const size = held.seekSync(-8, Deno.SeekMode.End) + 8;
held.readSync(tail);
const begins = size - Number(new DataView(tail.buffer).getBigUint64(0, true)) - LENGTH;
`,
};

// Modules of the runtime are asked for by a call: a program that imports one of them pays 1 ms before it begins.
// What is read goes to one piece of memory, over and over again: every page that is new to a process costs it some microseconds.
// The file stays open: at its end a command may open no files any more, and it may still load a chunk. Its name is asked for, since a
// program may be replaced by another version between its start and this.
const loading = (home: Home, how: "record" | "use") => `
const builtIn = (name) => {
  const module = process.getBuiltinModule(name);
  if (module === undefined) throw new Error("the runtime has no module " + name);
  return module;
};
const $vm = builtIn("node:vm");
const decoder = new TextDecoder();
${home === "program" ? OPENED.program : OPENED.file}
const scratch = new Uint8Array(LONGEST);
function read(at, length) {
  held.seekSync(begins + at, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const more = held.readSync(scratch.subarray(done, length));
    if (more === null) throw new Error("the program is cut off");
    done += more;
  }
  return scratch.subarray(0, length);
}
if (decoder.decode(read(0, ${NAME_LENGTH})) !== NAME) throw new Error("the program was replaced while it started: start it again");
const TABLE = decoder.decode(read(${NAME_LENGTH}, TABLE_LENGTH));
const made = new Map();
const lineOf = (name) => TABLE.indexOf("\\n" + name + " ") + 1;
function load(name) {
  const before = made.get(name);
  if (before !== undefined) return before;
  if (name.startsWith("${BUILT_IN}")) return builtIn(name);
  const line = lineOf(name);
  const place = TABLE.slice(line, TABLE.indexOf("\\n", line)).split(" ");
  const length = Number(place[2]);
  const notesLength = Number(place[3]);
  const modules = place.slice(4);
  const at = ${NAME_LENGTH} + TABLE_LENGTH + Number(place[1]);
  const text = decoder.decode(read(at, length));
${how === "record" ? RECORD : USE}
  const given = script.runInThisContext()(bring, import.meta.url, ...modules.map(load));
  made.set(name, given);
  return given;
}
const bring = async (name) => lineOf(name) > 0 ? load(name) : await import(name);
`;

/** The program around the scripts, which lie at `home`: loads each of them once, when it is wanted, `entry` first. */
export function loader(held: Archive, home: Home, entry: string, how: "record" | "use"): string {
  return [
    home === "program" ? `const LENGTH = ${held.bytes.length};` : `const FILE = ${JSON.stringify(home.file)};`,
    `const NAME = ${JSON.stringify(held.name)};`,
    `const TABLE_LENGTH = ${held.tableLength};`,
    `const LONGEST = ${Math.max(NAME_LENGTH, held.tableLength, held.longest)};`,
    loading(home, how),
    `await load(${JSON.stringify(entry)});`,
    "",
  ].join("\n");
}
