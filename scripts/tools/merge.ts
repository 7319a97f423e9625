// Fewer files in a split bundle. The bundler makes one chunk for every set of commands that share code, which leaves dozens of chunks of
// a few hundred bytes; a compiled program pays for every file it opens before it answers. What is loaded together becomes one file.

/** The text of each file of a bundle by its name. */
export type Chunks = ReadonlyMap<string, string>;

/** A static import or an export from another chunk, as the minifying bundler prints it. */
const LINK = /(?<![\w$])(import|export)(?:\{([^{}]*)\}from)?"\.\/([^"/]+)"/g;
const EXPORTS = /(?:^|[;}\n])export\{([^{}]*)\};?\s*$/;
const DYNAMIC = /(?<![\w$])import\("\.\/([^"/]+)"\)/g;

/** The chunks that a chunk loads before it runs. */
export const imports = (text: string): string[] => [...text.matchAll(LINK)].flatMap((found) => found[3] ?? []);

/** A chunk and all that it loads before it runs. */
export function closure(chunks: Chunks, start: string, seen = new Set<string>()): Set<string> {
  if (seen.has(start)) return seen;
  seen.add(start);
  for (const next of imports(chunks.get(start) ?? "")) closure(chunks, next, seen);
  return seen;
}

/** The chunks that are loaded by an `import()`. */
export const lazy = (chunks: Chunks): Set<string> =>
  new Set([...chunks.values()].flatMap((text) => [...text.matchAll(DYNAMIC)].flatMap((found) => found[1] ?? [])));

/**
 * Which chunks become one file. `common`: what the entry always loads. `shared`: what is small, or what at least `part` of the lazy
 * chunks load, and depends on nothing outside of the two. The rest stays as it is.
 */
export function groups(chunks: Chunks, entry: string, small = 5000, part = 1 / 3): { common: string[]; shared: string[] } {
  const roots = lazy(chunks);
  const always = closure(chunks, entry);
  always.delete(entry);
  const loads = [...roots].map((root) => closure(chunks, root));
  const used = (name: string): number => loads.filter((load) => load.has(name)).length;
  const wanted = [...chunks].filter(([name]) => name !== entry && !always.has(name) && !roots.has(name))
    .filter(([name, text]) => text.length < small || used(name) >= loads.length * part).map(([name]) => name);
  const kept = new Set(wanted);
  const free = (name: string) => imports(chunks.get(name) ?? "").every((next) => always.has(next) || kept.has(next));
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const name of [...kept]) if (!free(name)) kept.delete(name);
  }
  return { common: [...always].sort(), shared: [...kept].sort() };
}

/** The names that a chunk exports. */
export const exported = (text: string): string[] =>
  (EXPORTS.exec(text)?.[1] ?? "").split(",").filter((part) => part !== "").map((part) => part.split(" as ").at(-1) ?? part);

/** A module that hands on every export of the chunks, each under its name with the number of its chunk before it. */
export const umbrella = (chunks: Chunks, names: readonly string[]): string =>
  names.map((name, index) =>
    `export{${exported(chunks.get(name) ?? "").map((item) => `${item} as _${index}${item}`).join(",")}}from"./${name}";`
  ).join("\n");

/** Lets a chunk import from `file` what it imported from the chunks that are in it now. */
export const relink = (text: string, names: readonly string[], file: string): string =>
  text.replace(LINK, (whole, verb: string, list: string | undefined, name: string) => {
    const index = names.indexOf(name);
    if (index < 0) return whole;
    if (list === undefined) return `${verb}"./${file}"`;
    const items = list.split(",").map((item) => {
      const [from = "", to = from] = item.split(" as ");
      return `_${index}${from} as ${to}`;
    });
    return `${verb}{${items.join(",")}}from"./${file}"`;
  });
