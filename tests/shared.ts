// Where the data lies that is not part of the project: public vectors, recorded cases, published schemas.

const root = new URL("../../shared/", import.meta.url);

/** Says in one visible line that something could not be tried; where everything must be tried that is a failure. */
export function skipped(what: string, why: string): void {
  const line = `skipped: ${what}: ${why}`;
  console.log(line);
  if (Deno.env.get("GAIT_REQUIRE_ALL") === "1") throw new Error(line);
}

/** The path of shared data, or undefined after a visible `skipped:` line. */
export function shared(path: string): string | undefined {
  const url = new URL(path, root);
  try {
    Deno.statSync(url);
    return url.pathname;
  } catch {
    skipped(path, "../shared is not there");
    return undefined;
  }
}
