// Bundles the command line into dist/js: minified, one chunk a command, what they share in few files, what is started most often in
// one, stamped with the version that GAIT_VERSION names.
import { exported, groups, lazy, relink, umbrella } from "./tools/merge.ts";
import { capture, die, ROOT } from "./tools/run.ts";

const OUT = `${ROOT}dist/js`;
const ENTRY = "main.js";

/** The text in the source that the version replaces; unstamped, the program calls itself a development build. */
export const MARK = "@gait-version@";

/** Replaces the one mark in all chunks. The name of a chunk when it was found, a string of complaint when there is not exactly one. */
export function stamp(chunks: ReadonlyMap<string, string>, version: string): { file: string; text: string } | string {
  if (!/^[0-9A-Za-z][0-9A-Za-z.+-]*$/.test(version)) return `GAIT_VERSION must be a version such as 1.2.3, not "${version}"`;
  const places = [...chunks].flatMap(([file, text]) => Array.from({ length: text.split(MARK).length - 1 }, () => file));
  const [file] = places;
  if (file === undefined || places.length > 1) {
    return `the bundle must hold ${MARK} exactly once, not in ${places.length} places: ${places.join(", ")}`;
  }
  return { file, text: (chunks.get(file) ?? "").replace(MARK, version) };
}

async function deno(options: readonly string[], input: string): Promise<void> {
  const argv = [Deno.execPath(), "bundle", "-q", "--platform", "deno", "--minify", ...options, input];
  const done = await capture(argv, { env: { DENO_TLS_CA_STORE: "system" } });
  if (done.code !== 0) die(`deno bundle failed\n${done.out}${done.err}`);
}

const path = (name: string): string => `${OUT}/${name}`;

async function written(): Promise<Map<string, string>> {
  const chunks = new Map<string, string>();
  for await (const { name } of Deno.readDir(OUT)) chunks.set(name, await Deno.readTextFile(path(name)));
  return chunks;
}

/** Makes one file of some chunks and lets all others import from it. */
async function merge(names: readonly string[], file: string, others: readonly string[]): Promise<void> {
  const chunks = await written();
  await Deno.writeTextFile(path("umbrella.js"), umbrella(chunks, names));
  await deno([...others.flatMap((other) => ["--external", `./${other}`]), "-o", path(file)], path("umbrella.js"));
  for (const name of [...names, "umbrella.js"]) await Deno.remove(path(name));
  for (const [name, text] of chunks) if (!names.includes(name)) await Deno.writeTextFile(path(name), relink(text, names, file));
}

/** What is started anew for every decision or most often, the ports that act, and the reader of shell commands: each with all that it loads in a file. */
const ALONE = ["gate_eval", "hook_run", "verify", "deno_acting", "lock_deno", "own_document", "read"];

/** Makes one file of a lazy chunk and of all that it loads beside what every command loads. */
async function alone(command: string): Promise<void> {
  const chunks = await written();
  const roots = [...lazy(chunks)];
  const root = roots.find((name) => name.startsWith(`${command}-`)) ?? die(`the bundle holds no chunk of ${command}`);
  await Deno.writeTextFile(path("umbrella.js"), `export{${exported(chunks.get(root) ?? "").join(",")}}from"./${root}";`);
  const others = ["common.js", ...roots.filter((name) => name !== root)];
  await deno([...others.flatMap((other) => ["--external", `./${other}`]), "-o", path("alone.js")], path("umbrella.js"));
  await Deno.remove(path("umbrella.js"));
  await Deno.rename(path("alone.js"), path(root));
}

/** What the runtime loads by its name, in a thread of its own (side_signer.ts starts it). */
export const THREADS: readonly string[] = ["sign_worker.js"];

/** Writes dist/js and gives the size of each chunk in bytes. */
export async function bundle(): Promise<ReadonlyMap<string, number>> {
  await Deno.remove(OUT, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await deno(["--code-splitting", "--outdir", OUT], "cli/main.ts");
  const { common, shared } = groups(await written(), ENTRY);
  await merge(common, "common.js", []);
  for (const command of ALONE) await alone(command);
  await merge(shared, "shared.js", ["common.js"]);
  for (const thread of THREADS) await deno(["-o", path(thread)], `cli/host/${thread.replace(/js$/, "ts")}`);
  const chunks = await written();
  const version = Deno.env.get("GAIT_VERSION");
  const stamped = stamp(chunks, version ?? "0");
  if (typeof stamped === "string") die(stamped);
  if (version !== undefined) {
    await Deno.writeTextFile(path(stamped.file), stamped.text);
    chunks.set(stamped.file, stamped.text);
  }
  const encoder = new TextEncoder();
  return new Map([...chunks].sort().map(([name, text]) => [name, encoder.encode(text).length]));
}

if (import.meta.main) {
  const sizes = await bundle();
  for (const [name, size] of sizes) console.log(`${String(size).padStart(9)}  dist/js/${name}`);
  console.log(`${String([...sizes.values()].reduce((sum, size) => sum + size, 0)).padStart(9)}  in all`);
}
