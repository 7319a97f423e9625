// The gate before the servers of others: how it is started, and whether what it left holds.
import { start } from "../../scripts/tools/started.ts";
import { assertEquals } from "../assert.ts";
import { run } from "../runtimes/programs.ts";
import { GAIT } from "./mcp_world.ts";

/** Runs the program with arguments. */
export const gait = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(GAIT[0] ?? "", [...GAIT.slice(1), ...args], env);

/** The gate whose policy and sessions are in a folder, before what `behind` says. */
export const gateWith = (folder: string, behind: readonly string[], policy = "allow.yaml"): readonly string[] => [
  ...GAIT,
  ...["mcp", "wrap", "--policy", `${folder}/${policy}`, "--session-dir", `${folder}/sessions`, "--server-name", "peer"],
  ...behind,
];

/** The same before a server on standard streams. */
export const gated = (folder: string, server: readonly string[], policy?: string): readonly string[] =>
  gateWith(folder, ["--", ...server], policy);

/** Verifies what the sessions of a folder left, those of one gate together; gives the words for each. */
export async function verified(folder: string): Promise<readonly string[]> {
  const packs = new Map<string, string[]>(); // by the key that a gate has made
  for await (const { name } of Deno.readDir(`${folder}/sessions`)) {
    if (name === ".open") continue; // where sessions that live are marked
    const session = `${folder}/sessions/${name}`;
    const key = await Deno.readTextFile(`${session}/signer.pub`);
    packs.set(key, [...packs.get(key) ?? [], `${session}/runpack.zip`]);
  }
  const found: string[] = [];
  for (const paths of packs.values()) {
    const key = ["--require-signature", "--public-key", (paths[0] ?? "").replace("runpack.zip", "signer.pub")];
    const { code, out } = await gait(["verify", ...(paths.length > 1 ? ["--all"] : []), ...paths, ...key]);
    assertEquals(code, 0, out);
    found.push(...paths.map(() => out));
  }
  return found;
}

/** A gate before a server of HTTP that runs. */
export type HttpGate = {
  readonly url: string;
  readonly pid: number;
  end(): Promise<{ readonly code: number; readonly err: string }>;
};

/** Starts the gate before a server of HTTP, as its own policy and sessions say. */
export async function httpGate(
  folder: string,
  upstream: string,
  policy?: string,
  more: readonly string[] = [],
): Promise<HttpGate> {
  const argv = gateWith(folder, ["--upstream", upstream, "--listen", "127.0.0.1:0", ...more], policy);
  const { address, pid, end } = await start(argv, { cwd: folder, says: "stderr" });
  return { url: `http://${address}${new URL(upstream).pathname}`, pid, end };
}
