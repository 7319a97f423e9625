// Comparing two large runpacks: its time against inflating and hashing them, and its memory against their larger entry.
import { bytesSource } from "../../core/base/zip_source.ts";
import type { Host } from "../../core/base/host.ts";
import { diffRunpacks } from "../../core/run/diff.ts";
import { capture, ROOT } from "../tools/run.ts";
import { ratios, type Row } from "./measure.ts";
import { record, runInput } from "./packs.ts";
import { contents, inflateAndHash } from "./plain.ts";

const CALLS = 20_000;

/** A pack of `count` calls, and the same with one result changed in the middle. */
export async function twoPacks(host: Host, count: number): Promise<{ readonly left: Uint8Array; readonly right: Uint8Array }> {
  const input = runInput(count);
  const text = new TextDecoder().decode(input);
  const at = text.lastIndexOf('"status":"ok"', Math.floor(text.length * 0.9));
  const changed = `${text.slice(0, at)}"status":"no"${text.slice(at + 13)}`;
  return { left: await record(host, input), right: await record(host, new TextEncoder().encode(changed)) };
}

/** Compares two packs that differ in one result. */
export async function compare(host: Host, left: Uint8Array, right: Uint8Array): Promise<void> {
  const named = (bytes: Uint8Array, what: string) => ({ source: bytesSource(bytes), what });
  const diff = await diffRunpacks(host, named(left, "left.zip"), named(right, "right.zip"), "full");
  if (!diff.ok) throw new Error(diff.fault.message);
}

// Only a process with full permissions may look at its own memory in /proc.
/** Peak memory of a comparison in a process of its own, less that of the process before it; in bytes. */
async function peak(folder: string): Promise<number> {
  const argv = [Deno.execPath(), "run", "-q", "--no-check", "-A", "scripts/bench/diff_peak.ts", folder];
  const done = await capture(argv, { cwd: ROOT });
  if (done.code !== 0) throw new Error(done.err);
  return Number(done.out.trim());
}

/** The rows of `run diff`. */
export async function diffs(host: Host): Promise<Row[]> {
  const { left, right } = await twoPacks(host, CALLS);
  const larger = Math.max(...[left, right].flatMap((pack) => contents(pack).map((file) => file.bytes.length)));
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/left.zip`, left);
    await Deno.writeFile(`${folder}/right.zip`, right);
    const peaks: number[] = [];
    for (let run = 0; run < 5; run++) peaks.push(await peak(folder) / larger);
    const times = await ratios(() => compare(host, left, right), () => {
      inflateAndHash(left);
      inflateAndHash(right);
    });
    return [
      { what: `diff of two runpacks of ${CALLS} intents`, by: "inflating and hashing them", values: times, limit: 10 },
      {
        what: "peak minus idle memory of that diff",
        by: `its larger entry (${(larger / 1e6).toFixed(1)} MB)`,
        values: peaks,
        limit: 4,
      },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
