// The official conformance suite against a server of Streamable HTTP, and what it found, scenario by scenario.
// `deno run -A tests/foreign/conformance.ts <url>` prints it.
import { run } from "../runtimes/programs.ts";
import { mcpFolder } from "./mcp_setup.ts";

/** What the suite found in one scenario: its checks that count, each with what came out. */
export type Scenario = { readonly name: string; readonly checks: readonly string[] };

const COUNTED = ["SUCCESS", "FAILURE", "WARNING"];

/** Runs all scenarios for servers; what it found goes into a folder of its own. Node 20 lacks what the suite asks of it, Deno has it. */
export async function conformance(packages: string, url: string, folder: string): Promise<readonly Scenario[]> {
  const suite = `${packages}/@modelcontextprotocol/conformance/dist/index.js`;
  const how = ["run", "-q", "-A", "--no-config", "--no-lock", "--node-modules-dir=manual"];
  const { out, err } = await run(Deno.execPath(), [...how, suite, "server", "--suite", "all", "--url", url, "-o", folder]);
  if (!out.includes("=== SUMMARY ===")) throw new Error(`the suite came to no end\n${out}${err}`);
  const found: Scenario[] = [];
  for await (const { name: entry } of Deno.readDir(folder)) {
    const name = /^server-(.*)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry)?.[1] ?? entry;
    const checks: readonly { readonly id: string; readonly status: string }[] = JSON.parse(
      await Deno.readTextFile(`${folder}/${entry}/checks.json`),
    );
    const counted = checks.filter(({ status }) => COUNTED.includes(status));
    found.push({ name, checks: counted.map(({ id, status }) => `${id}: ${status}`) });
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** How many checks of a scenario came out so. */
export const countOf = ({ checks }: Scenario, status: string): number =>
  checks.filter((check) => check.endsWith(`: ${status}`)).length;

/** What came out of a scenario, in words. */
export const wordsOf = (one: Scenario): string =>
  [["SUCCESS", "passed"], ["FAILURE", "failed"], ["WARNING", "warned"]]
    .flatMap(([status = "", word = ""]) =>
      countOf(one, status) > 0 || word === "passed" ? [`${countOf(one, status)} ${word}`] : []
    )
    .join(", ");

if (import.meta.main) {
  const packages = mcpFolder();
  if (packages === undefined) throw new Error("run tests/foreign/mcp_setup.ts first");
  const folder = await Deno.makeTempDir();
  for (const one of await conformance(packages, Deno.args[0] ?? "", folder)) console.log(`| ${one.name} | ${wordsOf(one)} |`);
  await Deno.remove(folder, { recursive: true });
}
