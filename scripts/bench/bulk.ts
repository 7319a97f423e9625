// Packs up to 1 GB, built from disk to disk and verified by the real commands, each in a process of its own: whether time grows with the
// size alone, and whether memory stays that of the largest entry. Time is counted as work of the processors: a pack of 1 GB takes minutes, in
// which others on the machine have their share.
import type { Host } from "../../core/base/host.ts";
import { capture, ROOT } from "../tools/run.ts";
import type { Row } from "./measure.ts";
import { prose, record, runInput } from "./packs.ts";

const MB = 1e6;
const LARGEST = 100 * MB;
const SIZES = [64 * MB, 256 * MB, 1000 * MB];
const POOL = 8192;

/** Lines like those of signed traces, some 900 bytes each, different ones in each journal. */
function journal(path: string, size: number, seed: number, bodies: readonly string[]): void {
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  let written = 0;
  for (let i = 0; written < size;) {
    const lines: string[] = [];
    for (let line = 0; line < 1000; line++, i++) {
      const text = `{"schema_id":"gait.gate.trace","trace_id":"trace_${seed}_${i}","note":"${bodies[i % POOL]}"}\n`;
      if (written + text.length > size) {
        written = size;
        break;
      }
      written += text.length;
      lines.push(text);
    }
    const bytes = new TextEncoder().encode(lines.join(""));
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  }
  file.close();
}

type Measured = { readonly seconds: number; readonly work: number; readonly peak: number };

async function measured(argv: readonly string[]): Promise<Measured> {
  const program = [Deno.execPath(), "run", "-q", "--no-check", "-A", "scripts/bench/one_command.ts"];
  const done = await capture([...program, ...argv], { cwd: ROOT });
  if (done.code !== 0) throw new Error(done.err);
  const said: unknown = JSON.parse(done.out);
  const { seconds, work, peak } = Object(said);
  return { seconds: Number(seconds), work: Number(work), peak: Number(peak) };
}

type Point = { readonly megabytes: number; readonly build: Measured; readonly verify: Measured; readonly packed: number };

async function point(folder: string, size: number, bodies: readonly string[]): Promise<Point> {
  const journals: string[] = [];
  for (let left = size; left > 0; left -= LARGEST) {
    const path = `${folder}/${journals.length}.jsonl`;
    journal(path, Math.min(left, LARGEST), journals.length, bodies);
    journals.push(path);
  }
  const pack = `${folder}/pack.zip`;
  const build = await measured(["pack", "build", `${folder}/run.zip`, "--journal", journals.join(","), "--out", pack]);
  for (const path of journals) await Deno.remove(path);
  const packed = (await Deno.stat(pack)).size / MB;
  const verify = await measured(["pack", "verify", pack]);
  return { megabytes: size / MB, build, verify, packed };
}

const HEAD = "       MB   packed    build s     work  ms a MB  peak MB   verify s     work  ms a MB  peak MB";

function told({ megabytes, packed, build, verify }: Point): string {
  const cells = [
    megabytes.toFixed(0),
    packed.toFixed(0),
    ...[build, verify].flatMap(({ seconds, work, peak }) => [
      seconds.toFixed(1),
      work.toFixed(1),
      (work * 1000 / megabytes).toFixed(1),
      (peak / MB).toFixed(0),
    ]),
  ];
  return cells.map((cell, i) => cell.padStart(i === 2 || i === 6 ? 11 : 9)).join("");
}

/** The rows; the curve is printed as it comes. */
export async function bulk(host: Host): Promise<Row[]> {
  const folder = `${ROOT}.cache/bulk`;
  await Deno.mkdir(folder, { recursive: true });
  const points: Point[] = [];
  try {
    await Deno.writeFile(`${folder}/run.zip`, await record(host, runInput(10)));
    const bodies = Array.from({ length: POOL }, (_, i) => prose(i, 66));
    console.log(HEAD);
    for (const size of SIZES) {
      const one = await point(folder, size, bodies);
      console.log(told(one));
      points.push(one);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) throw new Error("nothing was measured");
  const size = `a pack of ${last.megabytes} MB`;
  return (["build", "verify"] as const).flatMap((verb): Row[] => [
    {
      what: `work of ${verb} of ${size} (one run), a byte`,
      by: `that of one of ${first.megabytes} MB`,
      values: [last[verb].work / last.megabytes / (first[verb].work / first.megabytes)],
      limit: 1.3,
    },
    {
      what: `peak minus idle memory of ${verb} of ${size}`,
      by: `its largest entry (${LARGEST / MB} MB)`,
      values: [last[verb].peak / LARGEST],
      limit: 4,
    },
  ]);
}
