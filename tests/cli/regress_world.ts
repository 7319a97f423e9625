// A machine with recorded runs and a suite, for the tests of the regress commands.
import type { JsonObject } from "../../core/base/json.ts";
import { packOf, quote } from "../regress/worlds.ts";
import { machine, type Setup } from "./commands_world.ts";

/** The runpack of a run as `gait run record` would have left it, by its path. */
export const recorded = (run_id: string, change: JsonObject = {}): Readonly<Record<string, Uint8Array>> => ({
  [`gait-out/runpack_${run_id}.zip`]: packOf(
    quote({ ...change, run: { run_id, created_at: "2026-03-01T10:00:00Z", timeline: [] } }),
  ),
});

/** A machine whose suite has one fixture for each of these runs. */
export async function suiteOf(runs: readonly string[], setup: Setup = {}) {
  const packs = Object.assign({}, ...runs.map((run) => recorded(run)));
  const made = machine({ ...setup, files: { ...packs, ...setup.files } });
  for (const run of runs) {
    const [exit, said] = await made.json("regress", "init", "--from", run);
    if (exit !== 0) throw new Error(JSON.stringify(said));
  }
  return made;
}

type Made = Awaited<ReturnType<typeof suiteOf>>;

/** Puts members over the fixture.json of a fixture. */
export function edit(made: Made, name: string, change: JsonObject): void {
  const path = `fixtures/${name}/fixture.json`;
  made.disk.put(path, new TextEncoder().encode(JSON.stringify({ ...JSON.parse(made.file(path)), ...change })));
}
