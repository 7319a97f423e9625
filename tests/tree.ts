// The files of this checkout and what they import, as the runtime itself sees it.
import type { Module } from "./architecture.ts";

const root = new URL("../", import.meta.url);

/** The folders that hold no source of the project. */
const ELSEWHERE = new Set([".git", ".cache", "dist", "gait-out", "cov", "node_modules"]);

/** Paths of all TypeScript files of the project, relative to its root, sorted. */
export function sources(folder = ""): string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory && !ELSEWHERE.has(entry.name)) found.push(...sources(`${path}/`));
    else if (entry.isFile && entry.name.endsWith(".ts")) found.push(path);
  }
  return found.sort();
}

/** The text of one file of the project. */
export const source = (path: string): string => Deno.readTextFileSync(new URL(path, root));

type Dependency = {
  specifier: string;
  code?: { specifier?: string; error?: string };
  type?: { specifier?: string; error?: string };
};
type Info = { modules: { specifier: string; error?: string; dependencies?: Dependency[] }[] };

/** The import graph of all files: values and types, static and dynamic. Throws when an import cannot be resolved. */
export async function graph(paths: readonly string[]): Promise<Module[]> {
  const folder = await Deno.makeTempDir();
  try {
    const all = `${folder}/all.ts`;
    await Deno.writeTextFile(all, paths.map((path) => `import ${JSON.stringify(new URL(path, root).href)};\n`).join(""));
    const args = ["info", "--json", "--no-lock", "--config", new URL("deno.json", root).pathname, all];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    if (!success) throw new Error(`deno info: ${new TextDecoder().decode(stderr)}`);
    const info: Info = JSON.parse(new TextDecoder().decode(stdout));
    return info.modules.filter((module) => module.specifier.startsWith(root.href)).map(moduleOf);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const moduleOf = ({ specifier, error, dependencies = [] }: Info["modules"][number]): Module => {
  if (error !== undefined) throw new Error(`${specifier}: ${error}`);
  const files = new Set<string>();
  const packages = new Set<string>();
  for (const dependency of dependencies) {
    for (const edge of [dependency.code, dependency.type]) {
      if (edge === undefined) continue;
      if (edge.specifier === undefined) throw new Error(`${specifier}: ${edge.error ?? dependency.specifier}`);
      if (edge.specifier.startsWith(root.href)) files.add(edge.specifier.slice(root.href.length));
      else packages.add(dependency.specifier);
    }
  }
  return { path: specifier.slice(root.href.length), files: [...files], packages: [...packages] };
};
