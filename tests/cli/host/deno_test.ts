// The ports on a real disk: what a path can be, which fault each trouble gives, and the modes of what is written.
import { artifactsOn } from "../../../cli/host/artifacts.ts";
import { denoArtifacts } from "../../../cli/host/artifacts_deno.ts";
import { denoActing } from "../../../cli/host/deno_acting.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { denoPorts, now, platform } from "../../../cli/host/deno.ts";
import { memoryPorts } from "../../../cli/host/memory.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const { files, store, journal, lock, env, random, machine, clock } = denoPorts(
  "/home/me",
  { report: () => {} },
  denoActing(),
);

const inFolder = (name: string, body: (at: (name: string) => string) => Promise<void>) =>
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body((name) => `${folder}/${name}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

const UNFINISHED = { unfinished: true, kernel: "" };

const mode = (path: string): string => ((Deno.statSync(path).mode ?? 0) & 0o7777).toString(8);
const names = (path: string): string[] => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

inFolder("deno host: reads whole files up to a limit", async (at) => {
  await Deno.writeFile(at("f"), utf8("12345"));
  assertEquals(assertOk(await files.read(at("f"), 5)), utf8("12345"));
  const fault = assertFault(await files.read(at("f"), 4), "file_too_large");
  assertEquals([fault.message, fault.at], [`Cannot read "${at("f")}": it holds more than 4 bytes`, { file: at("f") }]);
  await Deno.writeFile(at("empty"), new Uint8Array());
  assertEquals(assertOk(await files.read(at("empty"), 0)), new Uint8Array());
  for (const length of [2 ** 14 - 1, 2 ** 14, 2 ** 14 + 1, 2 ** 14 + 2, 2 ** 15 + 2, 2 ** 15 + 3, 200_000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => at % 251);
    await Deno.writeFile(at("longer"), bytes);
    assertEquals(assertOk(await files.read(at("longer"), length)), bytes);
    assertEquals(assertOk(await files.read(at("longer"), 10 * length)), bytes);
    assertFault(await files.read(at("longer"), length - 1), "file_too_large");
  }
  const { message } = assertFault(await files.read("/dev/zero", 2 ** 20), "file_too_large");
  assertEquals(message, 'Cannot read "/dev/zero": it holds more than 1 MiB');
});

inFolder("deno host: what cannot be read has a fault with the system's stable name", async (at) => {
  await Deno.writeFile(at("f"), utf8("x"));
  await Deno.symlink("loop", at("loop"));
  const troubles = [
    [at("none"), "file_missing", "there is no such file or folder (ENOENT)"],
    [at("f/x"), "file_missing", "a part of the path is not a folder (ENOTDIR)"],
    [at(""), "file_unreadable", "it is a folder (EISDIR)"],
    [at("loop"), "file_unreadable", "a link there leads nowhere, or back to itself (ELOOP)"],
    [at("n".repeat(300)), "file_unreadable", "ENAMETOOLONG"],
    [at("a\0b"), "file_unreadable", "EINVAL"],
  ] as const;
  for (const [path, code, why] of troubles) {
    const fault = assertFault(await files.read(path, 10), code);
    assertEquals([fault.message, fault.at], [`Cannot read "${path}": ${why}`, { file: path }]);
    const opened = await files.open(path);
    assert(!opened.ok && opened.fault.code === code, `open ${path}`);
  }
  const device = assertFault(await files.open("/dev/zero"), "file_unreadable");
  assertEquals(device.message, 'Cannot read "/dev/zero": it is not a plain file');
  const folder = assertFault(await files.open(at("")), "file_unreadable");
  assertEquals(folder.message, `Cannot read "${at("")}": it is not a plain file`);
});

inFolder("deno host: an open file is read by place", async (at) => {
  await Deno.writeFile(at("f"), utf8("0123456789"));
  const file = assertOk(await files.open(at("f")));
  assertEquals(file.size, 10);
  assertEquals(await file.read(3, 4), utf8("3456"));
  assertEquals(await file.read(0, 2), utf8("01"));
  assertEquals(await file.read(8, 100), utf8("89"));
  assertEquals(await file.read(50, 1), new Uint8Array());
  await Deno.truncate(at("f"), 4);
  assertEquals(await file.read(2, 8), utf8("23"), "a file that shrank gives fewer bytes");
  file.close();
});

inFolder("deno host: knows files, folders and nothing", async (at) => {
  await Deno.writeFile(at("f"), utf8("x"));
  await Deno.symlink("f", at("link"));
  await Deno.symlink("gone", at("dangling"));
  const kinds = await Promise.all(["f", "link", "", "dangling", "none", "f/x"].map((name) => files.kind(at(name))));
  assertEquals(kinds, ["file", "file", "folder", "none", "none", "none"]);
  if (Deno.build.os === "windows") return;
  assertEquals((await new Deno.Command("mkfifo", { args: [at("pipe")] }).output()).success, true);
  assertEquals(await files.kind(at("pipe")), "other");
  assertFault(await files.open(at("pipe")), "file_unreadable", "a pipe without a writer is not waited for");
  const { message } = assertFault(journal.open(at("pipe")), "file_unreadable");
  assertEquals(message, `Cannot open journal "${at("pipe")}": it is not a plain file`);
  assertFault(journal.openRoomy(at("pipe")), "file_unreadable");
  assertOk(await artifactsOn(denoArtifacts).keep(at("pipe")));
  const rules = { retry: 1, timeout: 5, lease: 10, write: () => utf8("x"), read: () => ({ ...UNFINISHED, expired: true }) };
  const refused = assertFault(await lock.take(at("pipe"), rules), "write_failed");
  assertEquals(refused.message, `Cannot lock "${at("pipe")}": it is not a plain file (ESPIPE)`);
});

inFolder("deno host: writes with mode 0600 into folders of mode 0750, and leaves nothing else", async (at) => {
  assertOk(await store.write(at("new/deep/f"), utf8("one"), "create"));
  assertEquals([mode(at("new")), mode(at("new/deep")), mode(at("new/deep/f"))], ["750", "750", "600"]);
  assertOk(await store.write(at("new/deep/f"), utf8("two"), "replace"));
  assertEquals(await Deno.readTextFile(at("new/deep/f")), "two");
  assertEquals(names(at("new/deep")), ["f"]);
  const fault = assertFault(await store.write(at("new/deep/f"), utf8("three"), "create"), "file_exists");
  assertEquals(fault.message, `Cannot write "${at("new/deep/f")}": it is there already`);
  assertEquals([await Deno.readTextFile(at("new/deep/f")), names(at("new/deep"))], ["two", ["f"]]);
  const large = new Uint8Array(3 * 2 ** 20).fill(7);
  assertOk(await store.write(at("large"), large, "create"));
  assertEquals((await Deno.stat(at("large"))).size, large.length);
});

inFolder("deno host: what is rewritten keeps its mode, and what is new gets that of all files", async (at) => {
  if (Deno.build.os === "windows") return;
  await Deno.writeTextFile(at("p.yaml"), "one");
  await Deno.chmod(at("p.yaml"), 0o444);
  assertOk(await store.write(at("p.yaml"), utf8("two"), "rewrite"));
  assertOk(await store.write(at("q.yaml"), utf8("two"), "rewrite"));
  assertEquals([await Deno.readTextFile(at("p.yaml")), mode(at("p.yaml")), mode(at("q.yaml"))], ["two", "444", "600"]);
});

inFolder("deno host: replaces a link and not what it points at, and never a device or a folder", async (at) => {
  await Deno.writeFile(at("target"), utf8("kept"));
  await Deno.symlink("target", at("link"));
  assertOk(await store.write(at("link"), utf8("new"), "replace"));
  assertEquals([await Deno.readTextFile(at("target")), await Deno.readTextFile(at("link"))], ["kept", "new"]);
  await Deno.symlink("/dev/null", at("null"));
  for (const path of ["/dev/null", at("null"), at("")]) {
    assertFault(await store.write(path, utf8("x"), "replace"), "path_refused");
  }
  assert(Deno.statSync("/dev/null").isCharDevice, "/dev/null is still there");
  assertFault(await store.write(at("target/x"), utf8("x"), "replace"), "write_failed");
});

Deno.test("deno host: relative paths and the root have the right folders", async () => {
  const { denoDisk } = await import("../../../cli/host/deno_disk.ts");
  const parents = ["f", "./f", "a/b", "a/b/", "/f", "/", ".", "", "../f", "/a//b"].map((path) => denoDisk.parent(path));
  assertEquals(parents, [".", ".", "a", "a", "/", undefined, undefined, undefined, "..", "/a/"]);
});

Deno.test("deno host: at an empty path there is nothing", async () => {
  assertFault(await files.read("", 10), "file_missing");
  assertFault(await files.open(""), "file_missing");
  assertFault(await files.list(""), "file_missing");
  assertFault(await files.real(""), "file_missing");
  assertEquals([await files.kind(""), await files.isLink("")], ["none", false]);
  const memory = memoryPorts({ host: nodeHost, files: { a: utf8("a") } }).files;
  assertFault(await memory.read("", 10), "file_missing");
  assertFault(await memory.list(""), "file_missing");
  assertEquals([await memory.kind(""), await memory.isLink("")], ["none", false]);
});

Deno.test("deno host: the clock, the machine, variables and random bytes", () => {
  assert(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z$/.test(clock.now()), clock.now());
  assert(Math.abs(Date.parse(now()) - Date.now()) < 5000);
  assertEquals(machine, { ...platform(), runtime: "deno", home: "/home/me" });
  assert(["linux", "darwin", "windows"].includes(machine.os) && ["amd64", "arm64"].includes(machine.arch));
  Deno.env.set("GAIT_TEST_VARIABLE", "v");
  assertEquals(["GAIT_TEST_VARIABLE", "", "A=B", "A\0B", "GAIT_NOT_SET"].map(env.get), [
    "v",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const [a, b] = [random.bytes(70_000), random.bytes(70_000)];
  assertEquals([a.length, b.length], [70_000, 70_000]);
  assert(a.some((byte, i) => byte !== b[i]) && new Set(a.subarray(66_000)).size > 200, "all of it is random");
});
