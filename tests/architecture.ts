// The dependency rule as data: what each part of the tree may import. Adding a name here is a design decision; the change
// that adds it says why. `architecture_test.ts` holds the tree against it.

/** One file of the tree and what it imports: other files by path, everything else by the name in the import map. */
export type Module = { readonly path: string; readonly files: readonly string[]; readonly packages: readonly string[] };

const DOMAINS = [
  "core/run",
  "core/pack",
  "core/trace",
  "core/gate",
  "core/authority",
  "core/job",
  "core/regress",
  "core/mcp",
  "core/hook",
  "core/shell",
] as const;

const BELOW_FLOW = ["core/base", "core/schema", ...DOMAINS] as const;
const PURE = [...BELOW_FLOW, "core/flow"] as const;
const ANY = ["*"] as const;

/** Each unit (a folder, or a file that stands for itself) and the units that it may import beside itself. */
export const UNITS: Readonly<Record<string, readonly string[]>> = {
  "core/base": [],
  "core/schema": ["core/base"],
  ...Object.fromEntries(DOMAINS.map((domain) => [domain, ["core/base", "core/schema"]])),
  "core/flow": BELOW_FLOW,
  "core/client": PURE, // what callers of a gate use: above all that decides, and nothing of the core is made of it
  "core/ports.ts": ["core/base"],
  "core/mod.ts": [...PURE, "core/client"],
  "mod.ts": ["core/mod.ts"],
  "host": ["core/base"],
  "cli": [...PURE, "core/ports.ts", "host"],
  "cli/commands": [...PURE, "core/ports.ts", "cli"],
  "cli/host": ["core/base", "core/schema", "core/ports.ts", "host"], // the schema: a state's lock is a document
  "cli/main.ts": [...PURE, "core/ports.ts", "host", "cli", "cli/commands.gen.ts", "cli/host"],
  "cli/commands.gen.ts": ["cli", "cli/commands"],
  "wasm": [...PURE, "core/ports.ts", "host"],
  "types": [],
  "examples": ["mod.ts", "host"], // what a user of the library has
  "scripts": ANY,
  "tests": ANY,
};

/** Each package and the files or folders (ending in a slash) that may import it: one file of the core for each. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@cfworker/json-schema": ["core/mcp/json_schema.ts", "tests/"],
  "@noble/ed25519": ["core/base/ed25519.ts"],
  "@noble/hashes/sha2.js": ["core/base/ed25519.ts"],
  "@std/crypto/timing-safe-equal": ["cli/serve/guard.ts", "types/"],
  "@std/jsonc": ["tests/", "types/"],
  "@std/yaml": ["cli/config.ts", "types/"],
  "@valibot/to-json-schema": ["scripts/", "tests/"],
  "@zip.js/zip.js/native": ["core/base/zip_write.ts"],
  "@zip.js/zip.js/reader": ["tests/"],
  "canonicalize": ["core/base/canonical.ts"],
  "fast-check": ["tests/"],
  "node:": ["host/", "cli/host/", "wasm/node.ts", "scripts/", "tests/"],
  "unbash": ["core/shell/parse.ts"],
  "valibot": ["core/base/shape.ts", "tests/base/readings_test.ts"], // which holds our readings against it
  "yaml": ["core/base/yaml.ts"],
};

/** The unit of a file: the longest name in the table that the path is or lies under. Undefined: the table does not know it. */
export const unitOf = (path: string): string | undefined =>
  Object.keys(UNITS).filter((unit) => path === unit || path.startsWith(`${unit}/`)).sort((a, b) => b.length - a.length)[0];

const packageFault = (path: string, name: string): string | undefined => {
  const key = name.startsWith("node:") ? "node:" : name;
  const allowed = PACKAGES[key];
  if (allowed === undefined) return `${path} imports ${name}, which the table of packages does not know`;
  const may = allowed.some((place) => place === path || place.endsWith("/") && path.startsWith(place));
  return may ? undefined : `${path} imports ${name}, which is for ${allowed.join(", ")}`;
};

const fileFault = (path: string, target: string): string | undefined => {
  const from = unitOf(path) ?? "";
  const to = unitOf(target);
  if (to === undefined) return `${path} imports ${target}, which the table of units does not know`;
  const allowed = UNITS[from] ?? [];
  return from === to || allowed.includes("*") || allowed.includes(to)
    ? undefined
    : `${path} imports ${target}: ${from} may not use ${to}`;
};

/** Every import that the two tables do not allow, and every file that they do not know, as sentences. */
export function violations(modules: readonly Module[]): string[] {
  return modules.flatMap((module) => [
    ...(unitOf(module.path) === undefined
      ? [`${module.path} lies in a folder that the table of units does not know`]
      : module.files.map((target) => fileFault(module.path, target))),
    ...module.packages.map((name) => packageFault(module.path, name)),
  ]).filter((fault) => fault !== undefined);
}

/** One cycle of imports as a list of paths whose last is its first, or undefined when there is none. */
export function cycle(modules: readonly Module[]): string[] | undefined {
  const imports = new Map(modules.map((module) => [module.path, module.files]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const target of imports.get(path) ?? []) {
      const found = visit(target, [...trail, path]);
      if (found !== undefined) return found;
    }
    done.add(path);
    return undefined;
  };
  for (const path of imports.keys()) {
    const found = visit(path, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
