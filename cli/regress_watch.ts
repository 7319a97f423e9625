// `regress run --watch`: grades the suite again whenever a file that it read is another than before, appears or goes.
import { sha256Hex } from "../core/base/digest.ts";
import type { ExitName } from "../core/base/errors.ts";
import type { Crypto } from "../core/base/host.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { Files, Ports } from "../core/ports.ts";
import type { Invocation, Records } from "./command.ts";
import { runLines } from "./regress_report.ts";
import { type RUN_NEEDS, runSuite, type RunValues } from "./regress_run.ts";
import { renderAnswer, renderFault, type View } from "./render.ts";

type WatchPorts = Pick<Ports, typeof RUN_NEEDS[number] | "timer">;

/** The least pause between two looks in milliseconds, and how many times as long as the last look took it is. */
const SHORTEST = 500;
const TIMES = 10;

type Look = { readonly limit: number; readonly seen: string };

const seenOf = (crypto: Crypto, bytes: Result<Uint8Array>): string =>
  bytes.ok ? sha256Hex(crypto, bytes.value) : bytes.fault.code;

/** Notes what every file was that somebody reads, also one that is not there. */
const noting = (files: Files, crypto: Crypto, notes: Map<string, Look>): Files => ({
  ...files,
  async read(path, limit) {
    const bytes = await files.read(path, limit);
    notes.set(path, { limit, seen: seenOf(crypto, bytes) });
    return bytes;
  },
});

/** Whether any of the files is another now. */
async function changed(notes: ReadonlyMap<string, Look>, files: Files, crypto: Crypto): Promise<boolean> {
  for (const [path, { limit, seen }] of notes) {
    if (seenOf(crypto, await files.read(path, limit)) !== seen) return true;
  }
  return false;
}

/** What is said of each time, until nobody reads it any more. A suite that cannot be graded is told, and watched on. */
export async function* watched(
  values: RunValues,
  ports: WatchPorts,
  invocation: Invocation,
): Records["records"] {
  const { files, store, host, progress, timer } = ports;
  const view: View = {
    json: invocation.json,
    colour: false,
    correlation_id: invocation.json ? invocation.correlationId() : "",
  };
  for (;;) {
    const notes = new Map<string, Look>();
    const ran = await runSuite(values, { files: noting(files, host.crypto, notes), store, host, progress }, invocation.version);
    const said = ran.ok
      ? renderAnswer("regress run", { ...ran.value, lines: () => runLines("regress run", ran.value.data) }, view, false)
      : renderFault("regress run", ran.fault, view);
    if (!(yield said.out)) return ok<ExitName>(said.exit);
    for (let isChanged = false; !isChanged;) {
      const began = timer.elapsed();
      await timer.sleep(SHORTEST);
      isChanged = await changed(notes, files, host.crypto);
      const took = timer.elapsed() - began - SHORTEST;
      if (!isChanged && took > SHORTEST / TIMES) await timer.sleep(took * TIMES - SHORTEST);
    }
  }
}
