// Gets the official MCP packages in pinned versions under .cache/mcp: clients, servers and SDKs of both generations. Says what is there.
// `deno run -A tests/foreign/mcp_setup.ts`
import { exists, ROOT } from "../../scripts/tools/run.ts";
import { run } from "../runtimes/programs.ts";

const FOLDER = `${ROOT}.cache/mcp`;

const NPM = {
  "@modelcontextprotocol/sdk": "1.32.2",
  "@modelcontextprotocol/client": "2.4.0",
  "@modelcontextprotocol/server": "2.4.0",
  "@modelcontextprotocol/conformance": "0.1.16",
  "@modelcontextprotocol/server-everything": "2026.8.31",
  "@modelcontextprotocol/server-filesystem": "2026.8.31",
} as const;

const has = (name: string, version: string): boolean => {
  const path = `${FOLDER}/node_modules/${name}/package.json`;
  return exists(path) && JSON.parse(Deno.readTextFileSync(path)).version === version;
};

/** The folder whose packages can be imported; undefined when they are not all there. */
export const mcpFolder = (): string | undefined =>
  Object.entries(NPM).every(([name, version]) => has(name, version)) ? `${FOLDER}/node_modules` : undefined;

if (import.meta.main) {
  await Deno.mkdir(FOLDER, { recursive: true });
  if (mcpFolder() === undefined) {
    const wanted = Object.entries(NPM).map(([name, version]) => `${name}@${version}`);
    const { code, out, err } = await run("npm", [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--fetch-retries=1",
      "--prefix",
      FOLDER,
      ...wanted,
    ]);
    if (code !== 0) console.log(`set-up: cannot install ${wanted.join(" ")}: ${`${err}${out}`.trim().split("\n").at(-1)}`);
  }
  console.log(`MCP packages: ${mcpFolder() ?? "missing"}`);
}
