// Logs on a real disk: whole lines from many processes, locks that are waited for, taken over, or given up on.
import { appendLocked, PATIENCE, rewrite } from "../../../cli/host/log_files.ts";
import { assert, assertEquals } from "../../assert.ts";

const QUICK = { retry: 2, giveUp: 60, stale: 120_000 };

const inFolder = (name: string, body: (folder: string) => Promise<void>) =>
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

const mode = (path: string): string => ((Deno.statSync(path).mode ?? 0) & 0o7777).toString(8);

inFolder("log files: lines are appended, folders made, the lock given back", async (folder) => {
  const log = `${folder}/new/deep/log.jsonl`;
  for (const line of ["one\n", "two\n"]) assertEquals(await appendLocked(log, line), undefined);
  assertEquals(await Deno.readTextFile(log), "one\ntwo\n");
  assertEquals([mode(`${folder}/new`), mode(`${folder}/new/deep`), mode(log)], ["750", "750", "600"]);
  assertEquals([...Deno.readDirSync(`${folder}/new/deep`)].map(({ name }) => name), ["log.jsonl"]);
  assertEquals(PATIENCE, { retry: 10, giveUp: 30_000, stale: 120_000 });
});

inFolder("log files: a held lock is waited for, then given up on, and left alone", async (folder) => {
  const log = `${folder}/log`;
  await Deno.writeTextFile(`${log}.lock`, "");
  assertEquals(await appendLocked(log, "x\n", QUICK), `another process holds "${log}.lock"`);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["log.lock"]);
  setTimeout(() => Deno.removeSync(`${log}.lock`), 20);
  assertEquals(await appendLocked(log, "x\n", { ...QUICK, giveUp: 5000 }), undefined);
  assertEquals(await Deno.readTextFile(log), "x\n");
});

inFolder("log files: a lock older than two minutes is taken over", async (folder) => {
  const log = `${folder}/log`;
  await Deno.writeTextFile(`${log}.lock`, "");
  const old = new Date(Date.now() - 121_000);
  await Deno.utime(`${log}.lock`, old, old);
  assertEquals(await appendLocked(log, "x\n", QUICK), undefined);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["log"]);
});

inFolder("log files: processes at the same time write whole lines, none lost", async (folder) => {
  const module = new URL("../../../cli/host/log_files.ts", import.meta.url).href;
  const code = `import { appendLocked } from ${JSON.stringify(module)};
    for (let i = 0; i < 25; i++) {
      const why = await appendLocked(${
    JSON.stringify(`${folder}/log`)
  }, JSON.stringify({ pid: Deno.pid, i, pad: "x".repeat(500) }) + "\\n");
      if (why !== undefined) throw new Error(why);
    }`;
  await Deno.writeTextFile(`${folder}/child.ts`, code);
  const args = ["run", "-A", "-q", "--no-prompt", "--no-config", "--no-lock", `${folder}/child.ts`];
  const children = Array.from({ length: 3 }, () => new Deno.Command(Deno.execPath(), { args }).output());
  for (const { success, stderr } of await Promise.all(children)) assert(success, new TextDecoder().decode(stderr));
  const lines = (await Deno.readTextFile(`${folder}/log`)).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.length, 75);
  assertEquals(new Set(lines.map(({ pid, i }) => `${pid} ${i}`)).size, 75);
});

inFolder("log files: trouble is told by name", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  assertEquals(await appendLocked(folder, "x\n", QUICK), "it is a folder (EISDIR)");
  const lock = await Deno.stat(`${folder}.lock`).catch((error) => error);
  assert(lock instanceof Deno.errors.NotFound, "the lock is given back after a fault");
  assertEquals(await appendLocked(`${folder}/file/log`, "x\n", QUICK), "a part of the path is not a folder (ENOTDIR)");
  assertEquals(await rewrite(folder, "x"), `Cannot write "${folder}": it is a folder`);
  assertEquals(await rewrite(`${folder}/health.json`, "{}\n"), undefined);
  assertEquals([await Deno.readTextFile(`${folder}/health.json`), mode(`${folder}/health.json`)], ["{}\n", "600"]);
});
