// Regressions: a suite of 1,000 fixtures, each with a run to grade, by the command itself on a disk, start of the program left out.
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import { bytesSource } from "../../core/base/zip_source.ts";
import { fixtureBytes } from "../../core/regress/fixture.ts";
import { suiteBytes } from "../../core/regress/suite.ts";
import { openRunpack } from "../../core/run/open.ts";
import { runSuite } from "../../cli/regress_run.ts";
import { denoFiles } from "../../cli/host/deno.ts";
import { denoDisk } from "../../cli/host/deno_disk.ts";
import { writeDurably } from "../../cli/host/durable.ts";
import { type Row, RUNS } from "./measure.ts";
import { record, runInput } from "./packs.ts";

const FIXTURES = 1000;
const CALLS = 10;

/** The least that is graded in a second. */
const LEAST = 300;

const VALUES = {
  output: "regress_result.json",
  junit: "junit.xml",
  "allow-nondeterministic": false,
  "context-conformance": false,
  "allow-context-runtime-drift": false,
};

/** Puts a suite into a folder; every tenth fixture grades a run that differs. */
async function put(folder: string, host: Host): Promise<void> {
  const input = runInput(CALLS);
  const recorded = await record(host, input);
  const text = new TextDecoder().decode(input);
  const other = await record(host, utf8(text.replace('"status":"ok"', '"status":"error"')));
  const run = await openRunpack(host, bytesSource(recorded), "bench.zip");
  if (!run.ok) throw new Error(run.fault.message);
  const { run_id } = run.value.manifest;
  const entries = Array.from({ length: FIXTURES }, (_, i) => {
    const name = `f${String(i).padStart(4, "0")}`;
    return { name, run_id, runpack: `${folder}/${name}/runpack.zip` };
  });
  for (const [i, { name, runpack }] of entries.entries()) {
    const own = `${folder}/${name}`;
    await Deno.mkdir(own);
    await Deno.writeFile(runpack, recorded);
    await Deno.writeFile(`${own}/now.zip`, i % 10 === 0 ? other : recorded);
    const fixture = JSON.parse(new TextDecoder().decode(fixtureBytes(name, run.value)));
    await Deno.writeTextFile(`${own}/fixture.json`, JSON.stringify({ ...fixture, candidate_runpack: "now.zip" }));
  }
  await Deno.writeFile(`${folder}/gait.yaml`, suiteBytes(entries));
}

/** The row. */
export async function regressions(host: Host): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  const ports = {
    host,
    files: denoFiles,
    store: {
      write: (path: string, bytes: Uint8Array, mode: "create" | "replace" | "rewrite") =>
        Promise.resolve(writeDurably(denoDisk, path, bytes, mode, "bench")),
      writeAll: () => Promise.reject(new Error("a suite writes file by file")),
      writePieces: () => Promise.reject(new Error("nothing is written in pieces")),
      remove: () => Promise.reject(new Error("nothing is removed")),
    },
    progress: { report() {} },
  };
  try {
    await put(folder, host);
    const values: number[] = [];
    for (let run = -1; run < RUNS; run++) {
      const started = performance.now();
      const paths = { config: `${folder}/gait.yaml`, output: `${folder}/${VALUES.output}`, junit: `${folder}/${VALUES.junit}` };
      const graded = await runSuite({ ...VALUES, ...paths }, ports, "bench");
      const took = performance.now() - started;
      if (!graded.ok) throw new Error(graded.fault.message);
      const { graders, failed } = graded.value.data;
      if (graders !== 4 * FIXTURES || failed !== 2 * FIXTURES / 10) throw new Error(`${failed} of ${graders} graders failed`);
      if (run >= 0) values.push(took / FIXTURES);
    }
    const what = `regress run of ${FIXTURES} fixtures of ${CALLS} calls, each with a run to grade: one fixture`;
    return [{ what, by: "1 ms", values, limit: 1000 / LEAST }];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
