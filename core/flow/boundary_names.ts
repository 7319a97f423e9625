// The names that calls at the boundary go by (spec 05, sections 2.2 and 3.3): the id of a run, and the names of files.
import { trim } from "../base/text.ts";
import { toUtc } from "../base/time.ts";

const PREFIX = "run_";

/** A run id as it stands in names of files: letters, digits, `_` and `-` only, `run_` in front. Empty for one that holds none of them. */
export function normalRunId(given: string): string {
  const plain = trim(given).replace(/[^A-Za-z0-9_-]+/g, "_");
  let [from, to] = [0, plain.length];
  while (from < to && plain[from] === "_") from++;
  while (to > from && plain[to - 1] === "_") to--;
  const cut = plain.slice(from, to);
  return cut === "" || cut.startsWith(PREFIX) ? cut : `${PREFIX}${cut}`;
}

/** The run id of a call: the first one that comes to something, else one made of the digest of its intent. */
export const runIdOf = (given: readonly string[], intent_digest: string): string =>
  given.map(normalRunId).find((id) => id !== "") ?? `run_mcp_${intent_digest.slice(0, 12)}`;

/** A moment as it stands in names of files: `20260301T101500.250000000`, in UTC. */
export function stampOf(time: string): string {
  const utc = toUtc(time) ?? time;
  const fraction = /\.(\d+)Z$/.exec(utc)?.[1] ?? "";
  return `${utc.slice(0, 19).replaceAll(/[-:]/g, "")}.${fraction.padEnd(9, "0")}`;
}

/** The kinds of files that calls leave behind. */
export type BoundaryFile = "trace" | "runpack" | "pack";

/** How a file of a call is named; `run_id` is the one that was asked for, normalized, and empty without one. */
export const boundaryFileName = (kind: BoundaryFile, run_id: string, time: string): string =>
  `${kind}_${run_id}_${stampOf(time)}.${kind === "trace" ? "json" : "zip"}`;
