// Files that are written together, against a disk that fails or dies at every step: each is old or new, none comes before those named
// before it, and none is moved before all are on the disk.
import { utf8 } from "../../../core/base/bytes.ts";
import type { Whole } from "../../../core/ports.ts";
import { writeAllDurably, writeDurably } from "../../../cli/host/durable.ts";
import { type MemoryDisk, memoryDisk } from "../../../cli/host/memory_disk.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const OLD = utf8("the old bytes");
const BEFORE = { "a/x": OLD, "other": OLD };

const FILES: readonly Whole[] = [
  { path: "a/x", bytes: utf8("new bytes of x"), mode: "replace" },
  { path: "a/y", bytes: utf8("the bytes of y, which was not there"), mode: "create" },
  { path: "b/c/z", bytes: utf8("bytes of z"), mode: "replace" },
];

const attempt = (disk: MemoryDisk, files = FILES) => {
  let token = 0;
  return writeAllDurably(disk, files, () => `t${token++}`);
};

const steps = (() => {
  const disk = memoryDisk(BEFORE);
  assertOk(attempt(disk));
  return disk.steps();
})();

/** Which of the files are new; every other one is as it was. */
const fresh = (tree: ReadonlyMap<string, Uint8Array>, why: string): boolean[] =>
  FILES.map(({ path, bytes }) => {
    const found = tree.get(path);
    if (found?.length === bytes.length) {
      assertEquals(found, bytes, why);
      return true;
    }
    assertEquals(found, new Map(Object.entries(BEFORE)).get(path), why);
    return false;
  });

Deno.test("durable together: all are there, alone, and survive a crash right after", () => {
  const disk = memoryDisk(BEFORE);
  assertOk(attempt(disk));
  assertEquals([...disk.files().keys()], ["a/x", "a/y", "b/c/z", "other"]);
  for (const tree of disk.survivors()) assertEquals(fresh(tree, "done"), [true, true, true]);
});

Deno.test("durable together: a failure at any step leaves a fault, no temporary file, and none new before those that come first", () => {
  for (let step = 1; step <= steps; step++) {
    const disk = memoryDisk(BEFORE, { step, kind: "ENOSPC" });
    const fault = assertFault(attempt(disk), "write_failed");
    assert(FILES.some(({ path }) => fault.message.startsWith(`Cannot write "${path}": `)), fault.message);
    const done = fresh(disk.files(), `step ${step}`);
    assertEquals(done, [...done].sort().reverse(), `step ${step}`);
    assertEquals([...disk.files().keys()].filter((path) => path.includes(".gait-")), [], `step ${step}`);
    for (const tree of disk.survivors()) fresh(tree, `step ${step}`);
  }
});

Deno.test("durable together: a crash at any step leaves each old or new; while one is not on the disk, all are old", () => {
  let moved = 0;
  for (let step = 1; step <= steps; step++) {
    const disk = memoryDisk(BEFORE, { step, kind: "crash" });
    assertFault(attempt(disk), "write_failed");
    const trees = disk.survivors();
    for (const tree of trees) fresh(tree, `step ${step}`);
    if (!fresh(disk.files(), `step ${step}`).includes(true)) continue;
    moved++;
    const waiting = trees.flatMap((tree) => [...tree]).filter(([path]) => path.includes(".gait-"));
    assert(waiting.every(([, bytes]) => FILES.some((file) => file.bytes.length === bytes.length)), `step ${step}`);
  }
  assert(moved > 0, "some die between the moves");
});

Deno.test("durable together: what is refused keeps all back", () => {
  const disk = memoryDisk({ ...BEFORE, "b/c/z": OLD });
  assertFault(attempt(disk, FILES.map((file) => ({ ...file, mode: "create" }))), "file_exists");
  assertEquals([disk.files().size, disk.bytes("b/c/z"), disk.bytes("a/y")], [3, OLD, "nothing"]);
  const last = memoryDisk({ ...BEFORE, "b/c/z/in": OLD });
  assertFault(attempt(last), "path_refused");
  assertEquals([last.bytes("a/x"), last.bytes("a/y")], [OLD, "nothing"]);
});

Deno.test("durable together: a folder is synced once for all that it got", () => {
  const alone = memoryDisk(BEFORE);
  for (const { path, bytes, mode } of FILES) assertOk(writeDurably(alone, path, bytes, mode, "t"));
  assertEquals(steps, alone.steps() - 1);
});
