// What the tests against the official MCP packages share: the program, and what a client of an official SDK saw of a server.
import { ROOT } from "../../scripts/tools/run.ts";
import { assertEquals } from "../assert.ts";
import { run } from "../runtimes/programs.ts";

/** The path of a file beside this one. */
export const here = (name: string): string => new URL(name, import.meta.url).pathname;

/** The program, from its source. */
export const GAIT = [Deno.execPath(), "run", "-A", "-q", "--no-check", `--config=${ROOT}deno.json`, `${ROOT}cli/main.ts`];

/** One thing that a client saw. */
export type Seen = Readonly<Record<string, unknown>>;

/** Where an official server is started from. */
export const dist = (packages: string, name: string): string => `${packages}/@modelcontextprotocol/${name}/dist/index.js`;

/** What a client of an SDK sees of a server that is started by a command, and what stood on standard error; `env` is the client's. */
export async function observe(
  packages: string,
  sdk: string,
  calls: readonly object[],
  server: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly seen: readonly Seen[]; readonly err: string }> {
  const argv = [here("mcp_client.mjs"), packages, sdk, JSON.stringify(calls), "--", ...server];
  const { code, out, err } = await run("node", argv, env);
  assertEquals(code, 0, err);
  return { seen: JSON.parse(out), err };
}
