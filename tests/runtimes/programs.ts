// Programs that the runtime tests start, and the bundles that they are given.
import { capture, type Done } from "../../scripts/tools/run.ts";

const MOST_MILLISECONDS = 240_000;

/** Runs a program to its end, which comes after four minutes at the latest. Code 127 when there is no such program. */
export const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Done> =>
  capture([program, ...args], { env, signal: AbortSignal.timeout(MOST_MILLISECONDS) });

/** The same for a program that must end well; gives what it wrote to standard output. */
export async function must(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, out, err } = await run(program, args, env);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}\n${out}${err}`);
  return out.trim();
}

/** The version of the node on PATH, or undefined when there is none. */
export async function nodeVersion(): Promise<string | undefined> {
  const { code, out } = await run("node", ["--version"]);
  return code === 0 ? out.trim().replace(/^v/, "") : undefined;
}

/** Bundles one file of the project into one script. */
export async function bundle(entry: string, platform: "node" | "browser", script: string): Promise<void> {
  const args = ["bundle", "-q", "--platform", platform, "-o", script, entry];
  await must(Deno.execPath(), args, { DENO_TLS_CA_STORE: "system" });
}

/** Makes a folder for the time of an action. */
export async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "gait-runtimes-" });
  try {
    return await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
