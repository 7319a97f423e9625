// Where a deno that can compile here, and the runtime that it embeds, come from.
import { capture, exists, ROOT } from "./run.ts";

/** Which deno compiles, with which environment. */
export type Kit = { readonly deno: string; readonly env: Readonly<Record<string, string>> };

/** The folder beside the project with data and tools that are not part of it. */
export const SHARED = `${ROOT}../shared`;

/**
 * The pair for this machine: what the environment names (`DENO_COMPILE`, `DENORT_BIN`), else what the kit beside the project
 * gives, else the running deno, which fetches its runtime itself. A string says why the kit could not be had.
 */
export async function kit(): Promise<Kit | string> {
  const named = Deno.env.get("DENORT_BIN");
  if (named !== undefined) return { deno: Deno.env.get("DENO_COMPILE") ?? Deno.execPath(), env: { DENORT_BIN: named } };
  const script = `${SHARED}/tools/compile-kit.sh`;
  if (!exists(script)) return { deno: Deno.execPath(), env: {} };
  const { code, out, err } = await capture(["bash", script]);
  if (code !== 0) return err.trim().split("\n").at(-1) ?? "compile-kit.sh failed";
  const { DENO_COMPILE, ...env } = Object.fromEntries(
    [...out.matchAll(/(\w+)='?([^'\s]+)'?/g)].map(([, name, value]) => [name, value]),
  );
  return DENO_COMPILE === undefined ? `compile-kit.sh named no deno: ${out.trim()}` : { deno: DENO_COMPILE, env };
}
