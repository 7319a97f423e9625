// `pack build` from disk to disk, as a program of its own: it is killed while it writes, its sources are changed under it, its disk is full.
import { assert, assertEquals } from "../assert.ts";
import { machine, RUN } from "./commands_world.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

const recorder = machine({ files: { "in.json": RUN } });
await recorder.json("run", "record", "in.json", "--out-dir", "d");
const RUNPACK = recorder.disk.bytes("d/runpack_run_small.zip");

/** Lines that take some seconds to pack. */
const JOURNAL = Array.from(
  { length: 60_000 },
  (_, i) => `{"n":${i},"note":"${Math.imul(i, 0x9e3779b1) >>> 0}${"ab".repeat(60)}"}\n`,
)
  .join("");

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    assert(RUNPACK instanceof Uint8Array);
    await Deno.writeFile(`${folder}/run.zip`, RUNPACK);
    await Deno.writeTextFile(`${folder}/j.jsonl`, JOURNAL);
    await Deno.writeTextFile(`${folder}/out.zip`, "old");
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const start = (folder: string, journal = "j.jsonl"): Deno.ChildProcess =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN, "pack", "build", "run.zip", "--journal", journal]
      .concat("--out", "out.zip", "--json"),
    cwd: folder,
    stdout: "piped",
    stderr: "null",
  }).spawn();

const names = (folder: string): string[] => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

const temporary = (name: string): boolean => /^\.gait-\w+\.tmp$/.test(name);

/** Waits until so many bytes of the new pack are written beside the old one. */
async function underWay(folder: string, bytes: number): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    const temp = names(folder).find(temporary);
    if (temp !== undefined && (await Deno.stat(`${folder}/${temp}`)).size >= bytes) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("the pack is not being written");
}

const said = async (child: Deno.ChildProcess): Promise<readonly [number, Record<string, unknown>]> => {
  const { code, stdout } = await child.output();
  return [code, JSON.parse(new TextDecoder().decode(stdout))];
};

const OTHERS = ["j.jsonl", "out.zip", "run.zip"];

Deno.test("pack build, real: killed while it writes it leaves the old pack; the next one takes its place", () =>
  inFolder(async (folder) => {
    for (const bytes of [0, 1, 200_000]) {
      const child = start(folder);
      await underWay(folder, bytes);
      child.kill("SIGKILL");
      await child.output();
      assertEquals(await Deno.readTextFile(`${folder}/out.zip`), "old");
      const left = names(folder).filter(temporary);
      assertEquals([left.length <= 1, names(folder).filter((name) => !temporary(name))], [true, OTHERS]);
      for (const name of left) await Deno.remove(`${folder}/${name}`);
    }
    const [code, built] = await said(start(folder));
    assertEquals([code, built.ok], [0, true]);
    const report = await machine({ files: { "out.zip": await Deno.readFile(`${folder}/out.zip`) } }).json(
      "pack",
      "verify",
      "out.zip",
    );
    assertEquals([report[0], report[1].ok], [0, true]);
  }));

Deno.test("pack build, real: a journal that another program changes in place is refused; one that grows or is replaced is not", () =>
  inFolder(async (folder) => {
    const changing = start(folder);
    await underWay(folder, 0);
    const file = await Deno.open(`${folder}/j.jsonl`, { write: true });
    await file.seek(-3, Deno.SeekMode.End);
    await file.write(new TextEncoder().encode("X"));
    file.close();
    const [code, refused] = await said(changing);
    assertEquals([code, refused.fault, refused.error_category, refused.retryable], [1, "store_busy", "state_contention", true]);
    assertEquals(refused.error, 'Cannot build the pack: another program changed "j.jsonl" while it was packed');
    assertEquals([await Deno.readTextFile(`${folder}/out.zip`), names(folder)], ["old", OTHERS]);

    await Deno.writeTextFile(`${folder}/j.jsonl`, JOURNAL);
    const growing = start(folder);
    await underWay(folder, 0);
    await Deno.writeTextFile(`${folder}/j.jsonl`, '{"n":-1}\n', { append: true });
    await Deno.writeTextFile(`${folder}/next`, "other");
    await Deno.rename(`${folder}/next`, `${folder}/j.jsonl`);
    assertEquals((await said(growing))[0], 0);
    const grown = await Deno.readFile(`${folder}/out.zip`);
    await Deno.writeTextFile(`${folder}/j.jsonl`, JOURNAL);
    assertEquals((await said(start(folder)))[0], 0);
    assertEquals(await Deno.readFile(`${folder}/out.zip`), grown, "what was there when it was opened");
  }));

Deno.test("pack build, real: a journal over the limit is refused before it is read, one that comes through a pipe is held", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/large.jsonl`, "");
    await Deno.truncate(`${folder}/large.jsonl`, 100 * 2 ** 20 + 1);
    const [code, refused] = await said(start(folder, "large.jsonl"));
    assertEquals([code, refused.fault], [6, "file_too_large"]);
    assertEquals(refused.error, 'Cannot read "large.jsonl": it holds more than 100 MiB');
    if (Deno.build.os === "windows") return;
    assertEquals((await new Deno.Command("mkfifo", { args: [`${folder}/j.pipe`] }).output()).code, 0);
    const child = start(folder, "j.pipe");
    await Deno.writeTextFile(`${folder}/j.pipe`, '{"n":1}\n{"n":2}\n');
    assertEquals((await said(child))[0], 0);
    const verified = machine({ files: { "out.zip": await Deno.readFile(`${folder}/out.zip`) } });
    const [, report] = await verified.json("pack", "verify", "out.zip");
    assertEquals(JSON.stringify(report.verify).includes('"count":2'), true);
  }));

Deno.test("pack build: a disk that fails at any step leaves the old pack or the new one, and nothing beside it", async () => {
  assert(RUNPACK instanceof Uint8Array);
  const files = { "run.zip": RUNPACK, "j.jsonl": '{"n":1}\n{"n":2}\n', "out.zip": "old" };
  const line = ["pack", "build", "run.zip", "--journal", "j.jsonl", "--out", "out.zip"] as const;
  const good = machine({ files });
  assertEquals((await good.json(...line))[0], 0);
  const pack = good.disk.bytes("out.zip");
  const steps = good.disk.steps();
  assert(steps > 20, "the pack is written in pieces");
  for (let step = 1; step <= steps; step++) {
    for (const kind of ["ENOSPC", "EIO", "crash"] as const) {
      const failing = machine({ files, trouble: { step, kind } });
      const [exit, refused] = await failing.json(...line);
      assertEquals([exit, refused.fault], [1, "write_failed"], `step ${step}`);
      for (const tree of failing.disk.survivors()) {
        const left = tree.get("out.zip");
        assert(left?.length === 3 || (pack instanceof Uint8Array && left?.length === pack.length), `step ${step}`);
      }
      if (kind !== "crash") assertEquals([...failing.disk.files().keys()].sort(), OTHERS, `step ${step}`);
    }
  }
});
