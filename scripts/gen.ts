// Writes the generated files: the list of commands, the pages of docs/gen and the JSON Schemas. With --check it writes nothing
// and fails when one of them is not what it would write.
import { commandList, commandPage, loadCommands } from "./gen/commands.ts";
import { DOCUMENTS } from "../core/schema/mod.ts";
import { errorPage } from "./gen/errors.ts";
import { policySchema } from "./gen/policy.ts";
import { policyPage } from "./gen/policy_page.ts";
import { formatPages, schemaFile } from "./gen/schemas.ts";
import { die, exists, ROOT } from "./tools/run.ts";

/** All generated files: path and text. */
async function generated(): Promise<ReadonlyMap<string, string>> {
  const filed = await loadCommands(ROOT);
  return new Map([
    ["cli/commands.gen.ts", commandList(filed)],
    ["docs/gen/commands.md", commandPage(filed)],
    ["docs/gen/errors.md", errorPage()],
    ["docs/gen/policy.md", policyPage()],
    ["schemas/v1/gate/policy.schema.json", policySchema()],
    ...formatPages(DOCUMENTS),
    ...Object.entries(DOCUMENTS).map(([name, shape]) => [`schemas/v1/${name}.schema.json`, schemaFile(name, shape)] as const),
  ]);
}

/** Files below a folder, which only the generator writes. */
function below(folder: string): string[] {
  if (!exists(`${ROOT}${folder}`)) return [];
  return [...Deno.readDirSync(`${ROOT}${folder}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? below(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

const OWNED = ["docs/gen", "docs/formats", "schemas"];
const check = Deno.args.includes("--check");
if (Deno.args.some((arg) => arg !== "--check")) die("usage: deno task gen [--check]");

const files = await generated();
const stale: string[] = [];
for (const [path, text] of files) {
  const there = exists(`${ROOT}${path}`) ? await Deno.readTextFile(`${ROOT}${path}`) : undefined;
  if (there === text) continue;
  stale.push(path);
  if (check) continue;
  const folder = `${ROOT}${path}`.replace(/\/[^/]*$/, "");
  if (!exists(folder)) await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${ROOT}${path}`, text);
}
for (const path of OWNED.flatMap(below).filter((path) => !files.has(path))) {
  stale.push(path);
  if (!check) await Deno.remove(`${ROOT}${path}`);
}
if (check && stale.length > 0) die(`stale generated files; run deno task gen\n  ${stale.join("\n  ")}`);
console.log(stale.length === 0 ? `${files.size} generated files are up to date` : `wrote ${stale.join(", ")}`);
