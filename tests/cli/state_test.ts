// States that several processes change: nothing lost, nothing let through twice, and whatever goes wrong is a fault and never an
// answer.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { fail, ok } from "../../core/base/result.ts";
import type { State } from "../../core/ports.ts";
import { RATE_LIMIT_LOCK_ID } from "../../core/schema/rate_limit.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { type Memory, type MemoryPorts, memoryPorts } from "../../cli/host/memory.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { countCall } from "../../cli/limit_state.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { skipped } from "../shared.ts";

const CHILD = new URL("./state_child.ts", import.meta.url).pathname;
const PATH = "out/deep/rl.json";
const LOCK = `${PATH}.lock`;

const memory = (about: Omit<Memory, "host"> = {}): MemoryPorts => memoryPorts({ host: nodeHost, ...about });
const count = (state: State, path: string, requests = 3) =>
  countCall(path, { requests, window: "hour", scope: "tool" }, { tool: "t", identity: "i", budget: false }, {
    state,
    clock: { now: () => "2026-03-14T09:26:53Z" },
  });
const used = (bytes: Uint8Array): number =>
  JSON.parse(fromUtf8(bytes)).counters.reduce((sum: number, counter: { count: number }) => sum + counter.count, 0);
const lockOf = (created_at: string): Uint8Array =>
  utf8(JSON.stringify({ schema_id: RATE_LIMIT_LOCK_ID, schema_version: "1.0.0", pid: 7, created_at }));

/** Adds a letter to a text, and answers with the text before. */
const letter = (state: State, path: string, one: string) =>
  state.update(path, (now) => {
    const before = fromUtf8(now ?? utf8(""));
    return ok({ value: before, next: utf8(before + one) });
  });

Deno.test("state: begins as nothing, is read and changed, and leaves no lock", async () => {
  const { state, disk } = memory();
  assertEquals(assertOk(await state.read(PATH)), undefined);
  assertEquals(assertOk(await letter(state, PATH, "a")), "");
  assertEquals(assertOk(await letter(state, PATH, "b")), "a");
  assertEquals(fromUtf8(assertOk(await state.read(PATH)) ?? utf8("")), "ab");
  assertEquals([...disk.files().keys()], [PATH]);
});

Deno.test("state: a change that gives no bytes, or a fault, changes nothing", async () => {
  const { state, disk } = memory({ files: { [PATH]: utf8("a") } });
  assertEquals(await state.update(PATH, () => ok({ value: 7 })), ok(7));
  assertEquals(await state.update(PATH, () => fail("usage", "no")), fail("usage", "no"));
  const large = assertFault(
    await state.update(PATH, () => ok({ value: 1, next: new Uint8Array(16 * 2 ** 20 + 1) })),
    "file_too_large",
  );
  assertEquals(large.message, `Cannot write "${PATH}": it would hold more than 16 MiB`);
  assertEquals(await state.update("b", () => ok({ value: 7 })), ok(7));
  assertEquals([...disk.files()].map(([path, bytes]) => [path, fromUtf8(bytes)]), [[PATH, "a"]]);
});

Deno.test("state: its lock says what it is, and that of another is waited for", async () => {
  const { state, disk } = memory();
  let seen = "";
  await state.update(PATH, () => {
    const found = disk.bytes(LOCK);
    seen = typeof found === "string" ? found : fromUtf8(found);
    return ok({ value: 0 });
  });
  const { created_at, token, ...rest } = JSON.parse(seen);
  assertEquals(rest, { schema_id: "gait.gate.rate_limit_lock", schema_version: "1.0.0", pid: 1, kernel: "memory" });
  assert(created_at.startsWith("2026-01-01T00:00:0") && token.length > 0, seen);
});

Deno.test("state: what another process holds is store_busy after three seconds, and is never an answer", async () => {
  const young = "2026-01-01T00:00:00Z"; // the memory host begins then
  for (const text of [lockOf(young)]) {
    const { state, disk } = memory({ files: { [LOCK]: text, [PATH]: utf8("a") } });
    let asked = 0;
    const begun = await state.update(PATH, () => {
      asked++;
      return ok({ value: 1, next: utf8("b") });
    });
    const fault = assertFault(begun, "store_busy", fromUtf8(text));
    assertEquals([fault.message, asked], [`Cannot use "${PATH}": another process holds "${LOCK}"`, 0]);
    assertEquals([disk.bytes(PATH), disk.bytes(LOCK)], [utf8("a"), text]);
  }
});

Deno.test("state: a lock older than fifteen seconds, one never finished and one of the dead are taken over", async () => {
  const dead = utf8(JSON.stringify({ ...JSON.parse(fromUtf8(lockOf("2026-01-01T00:00:00Z"))), kernel: "memory" }));
  const untimed = [lockOf("2027-01-01T00:00:00Z"), utf8("{}"), utf8("7")]; // in memory a file that is there is there since ever
  for (
    const text of [
      lockOf("2025-12-31T23:59:44.9Z"),
      utf8(""),
      lockOf("2026-01-01T00:00:00Z").subarray(0, 30),
      dead,
      ...untimed,
    ]
  ) {
    const { state, disk } = memory({ files: { [LOCK]: text, [PATH]: utf8("a") } });
    assertEquals(assertOk(await letter(state, PATH, "b"), fromUtf8(text)), "a");
    assertEquals([...disk.files()].map(([path, bytes]) => [path, fromUtf8(bytes)]), [[PATH, "ab"]]);
  }
  const { state } = memory({ files: { [LOCK]: lockOf("2025-12-31T23:59:56Z") } });
  assertFault(await letter(state, PATH, "a"), "store_busy", "four seconds old, seven after the wait");
});

const troubled = async (trouble: Trouble | undefined, before: Readonly<Record<string, Uint8Array>>) => {
  const ports = memory({ files: before, ...(trouble === undefined ? {} : { trouble }) });
  return { ports, counted: await count(ports.state, PATH) };
};

Deno.test("state: a disk that fails or dies at any step lets nothing through that is not counted", async () => {
  const { counted, ports } = await troubled(undefined, {});
  const first = ports.disk.bytes(PATH);
  assert(assertOk(counted).used === 1 && typeof first !== "string");
  for (const before of [{}, { [PATH]: first }]) {
    const had = Object.keys(before).length;
    const steps = (await troubled(undefined, before)).ports.disk.steps();
    assert(steps > 15, `${steps} steps`);
    let faults = 0;
    for (let step = 1; step <= steps; step++) {
      for (const kind of ["ENOSPC", "EIO", "crash"] as const) {
        const { counted, ports } = await troubled({ step, kind }, before);
        const where = `${kind} at step ${step} over ${had}`;
        if (!counted.ok) faults++;
        assert(counted.ok || counted.fault.code === "write_failed", where);
        for (const tree of [ports.disk.files(), ...ports.disk.survivors()]) {
          const bytes = tree.get(PATH);
          const now = bytes === undefined ? 0 : used(bytes);
          assert(now === had || now === had + 1, `${where}: ${now}`);
          assert(!counted.ok || now === had + 1, `${where}: let through, and not on the disk`);
        }
        if (kind === "crash") continue;
        assertEquals([...ports.disk.files().keys()].filter((name) => name !== PATH && name !== LOCK), [], where);
        const next = assertOk(await count(ports.state, PATH), `${where}: the next call`); // a lock left behind is taken over
        assert(next.used > had, where);
      }
    }
    assert(faults > steps, `${faults} faults`);
  }
});

const inFolder = (name: string, body: (folder: string) => Promise<void>) =>
  Deno.test(`state on a disk: ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

const KERNEL = Deno.build.os === "linux" ? "this one" : "";
const { state } = denoActing(KERNEL);
const mode = (path: string): string => ((Deno.statSync(path).mode ?? 0) & 0o7777).toString(8);
const names = (path: string): string[] => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

inFolder("the folder is made for its owner and group, the file for its owner alone", async (folder) => {
  const path = `${folder}/a/b/rl.json`;
  assertEquals(assertOk(await count(state, path)).used, 1);
  assertEquals([mode(`${folder}/a`), mode(`${folder}/a/b`), mode(path), names(`${folder}/a/b`)], ["750", "750", "600", [
    "rl.json",
  ]]);
  assertEquals(assertOk(await count(state, path)).used, 2);
});

inFolder("what is no state, or no file, is a fault and stays as it is", async (folder) => {
  const path = `${folder}/rl.json`;
  for (const text of ["", "nope", '{"schema_id":"gait.gate.rate_limit_state"', "\0\0\0"]) {
    Deno.writeTextFileSync(path, text);
    assert(assertFault(await count(state, path), "json_syntax").message.startsWith(`Cannot read "${path}": `));
    assertEquals([Deno.readTextFileSync(path), names(folder)], [text, ["rl.json"]]);
  }
  Deno.writeFileSync(path, new Uint8Array(16 * 2 ** 20 + 1));
  assertFault(await count(state, path), "file_too_large");
  Deno.mkdirSync(`${folder}/f.json`);
  assertFault(await count(state, `${folder}/f.json`), "file_unreadable");
  assertFault(await count(state, `${path}/x.json`), "write_failed");
  if (Deno.build.os === "linux") {
    Deno.symlinkSync("/dev/zero", `${folder}/zero`);
    assertFault(await count(state, `${folder}/zero`), "file_unreadable");
  }
});

inFolder("whoever lost its lock while it was away writes nothing", async (folder) => {
  const path = `${folder}/rl.json`;
  Deno.writeTextFileSync(path, "a");
  const other = fromUtf8(lockOf(new Date().toISOString()));
  const away = await state.update(path, () => {
    Deno.removeSync(`${path}.lock`); // its time was over, and another process came
    Deno.writeTextFileSync(`${path}.lock`, other);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
    return ok({ value: 1, next: utf8("b") });
  });
  assertEquals(assertFault(away, "store_busy").message, `Cannot write "${path}": another process has taken its lock over`);
  assertEquals([Deno.readTextFileSync(path), Deno.readTextFileSync(`${path}.lock`), names(folder).length], ["a", other, 2]);
});

const child = (...args: string[]): Deno.Command =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", "--allow-read", "--allow-write", CHILD, ...args],
    stdout: "piped",
    stderr: "piped",
  });

inFolder("processes at one state let exactly the limit through together, also when one of them is killed", async (folder) => {
  const path = `${folder}/rl.json`;
  const limit = 200;
  const doomed = child("count", path, KERNEL, String(limit), "1000000").spawn(); // it goes on until it is killed
  const reader = doomed.stdout.getReader();
  let through = (await reader.read()).value?.length ?? 0;
  const others = Array.from({ length: 3 }, () => child("count", path, KERNEL, String(limit), String(limit)).output());
  await new Promise((resolve) => setTimeout(resolve, 200));
  doomed.kill("SIGKILL"); // most of the time it holds the lock
  for (let more = await reader.read(); !more.done; more = await reader.read()) through += more.value.length;
  await doomed.stderr.cancel();
  await doomed.status;
  for (const { code, stdout, stderr } of await Promise.all(others)) {
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    through += stdout.length;
  }
  assert(assertOk(await count(state, path, limit)).exceeded, "it is full");
  assertEquals(used(Deno.readFileSync(path)), limit);
  assert(through === limit || through === limit - 1, `${through} of ${limit} were let through`); // one may be killed before its dot
  assertEquals(names(folder).filter((name) => !name.endsWith(".tmp")), ["rl.json"]);
});

// Runs shell words in a mount namespace of their own, in which a small disk is mounted on "$1"; the child is "$@" after a shift.
const onSmallDisk = async (script: string): Promise<readonly string[] | undefined> => {
  const folder = await Deno.makeTempDir();
  const run = [Deno.execPath(), "run", "-A", "-q", "--no-check", "--no-prompt", CHILD, "once"];
  const setup = 'mount -t tmpfs -o size=64k,mode=0755 tmpfs "$1" || exit 77; d="$1"; shift';
  try {
    const args = ["-m", "sh", "-c", `${setup}\n${script}`, "sh", folder, ...run];
    const { code, stdout, stderr } = await new Deno.Command("unshare", { args }).output();
    if (code === 0) return new TextDecoder().decode(stdout).trim().split("\n");
    return void skipped("states on a full and a read-only disk", new TextDecoder().decode(stderr).trim());
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
    return void skipped("states on a full and a read-only disk", "there is no unshare here");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

Deno.test("state on a disk: one that is full or read-only is a fault, and the counters stay", async () => {
  const said = await onSmallDisk(`
"$@" "$d/rl.json" "" 3; dd if=/dev/zero of="$d/fill" bs=1k status=none 2>/dev/null; "$@" "$d/rl.json" "" 3; rm "$d/fill"
mount -o remount,ro "$d" || exit 77; "$@" "$d/rl.json" "" 3; "$@" "$d/new/rl.json" "" 3
mount -o remount,rw "$d"; "$@" "$d/rl.json" "" 3; ls -A "$d"`);
  if (said === undefined) return;
  const answers = said.slice(0, 5).map((line) => JSON.parse(line));
  assertEquals(answers.map(({ ok, used, code }) => ok ? used : code), [1, "write_failed", "write_failed", "write_failed", 2]);
  assert(answers[1].message.endsWith("the disk is full (ENOSPC)"), answers[1].message);
  assert(answers[2].message.endsWith("the file system is read-only (EROFS)"), answers[2].message);
  assertEquals(said.slice(5), ["rl.json"]);
});

inFolder("two names of one file are one state, and a link that leads nowhere is a fault", async (folder) => {
  if (Deno.build.os === "windows") return void skipped("states behind links", "making links takes rights of its own");
  const [path, link] = [`${folder}/real/rl.json`, `${folder}/link.json`];
  Deno.mkdirSync(`${folder}/real`);
  Deno.symlinkSync(path, link);
  Deno.symlinkSync("real", `${folder}/beside`);
  const fault = assertFault(await count(state, link), "file_unreadable");
  assertEquals(fault.message, `Cannot read "${link}": it is a link that leads nowhere`);
  assertFault(await state.read(link), "file_unreadable");
  assertEquals(names(`${folder}/real`), []);
  const all = [path, link, `${folder}/beside/rl.json`];
  const uses: (number | undefined)[] = [];
  for (const name of all) uses.push(assertOk(await count(state, name)).used);
  assertEquals(uses, [1, 2, 3]);
  for (const name of all) assert(assertOk(await count(state, name)).exceeded, name);
  assertEquals([Deno.lstatSync(link).isSymlink, used(Deno.readFileSync(path)), names(folder)], [true, 3, [
    "beside",
    "link.json",
    "real",
  ]]);
  Deno.writeTextFileSync(`${path}.lock`, fromUtf8(lockOf(new Date().toISOString())));
  assertEquals(
    assertFault(await count(state, link), "store_busy").message,
    `Cannot use "${path}": another process holds "${path}.lock"`,
  );
});

inFolder("a lock without a time that can be used is stale by the age of its file", async (folder) => {
  const path = `${folder}/rl.json`;
  const lock = `${path}.lock`;
  for (const text of ["", "\n", '{"schema_id"', "held", "{}", "7", fromUtf8(lockOf("2099-01-01T00:00:00Z"))]) {
    Deno.writeTextFileSync(lock, text);
    Deno.utimeSync(lock, new Date(), new Date(Date.now() - 10_000));
    if (text === "held") assertFault(await count(state, path, 9), "store_busy"); // all are alike, and each waits for three seconds
    assert((Deno.statSync(lock).mtime?.getTime() ?? 0) > 1_000, "its age is not lost by waiting for it");
    Deno.utimeSync(lock, new Date(), new Date(Date.now() - 16_000));
    assertOk(await count(state, path, 9), text);
  }
  // A waiter has marked it, and then the clock went back: what is known is since when it is marked.
  Deno.writeTextFileSync(lock, fromUtf8(lockOf("2099-01-01T00:00:00Z")));
  Deno.utimeSync(lock, 1, 1);
  assertFault(await count(state, path, 9), "store_busy", "marked just now");
});
