// Durable writes against a disk in memory that fails, or dies, at every primitive step in turn: the old bytes or the new
// ones, never a part.
import type { WriteMode } from "../../../core/ports.ts";
import { removeDurably, writeDurably, writePiecesDurably } from "../../../cli/host/durable.ts";
import { type MemoryDisk, memoryDisk, type Trouble } from "../../../cli/host/memory_disk.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../../core/base/result.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const OLD = utf8("the old bytes");
const NEW = utf8("new bytes, and more of them than before");

type Case = { readonly path: string; readonly mode: WriteMode; readonly before: Readonly<Record<string, Uint8Array>> };

const CASES: readonly Case[] = [
  { path: "a.zip", mode: "replace", before: { "a.zip": OLD } },
  { path: "a.zip", mode: "replace", before: {} },
  { path: "a.zip", mode: "create", before: { "b.zip": OLD } },
  { path: "out/deep/er/a.zip", mode: "create", before: {} },
  { path: "a.zip", mode: "rewrite", before: { "a.zip": OLD } },
  { path: "a.zip", mode: "rewrite", before: {} },
  { path: "/abs/out/a.zip", mode: "replace", before: { "/abs/x": OLD } },
];

type Attempt = (disk: MemoryDisk, one: Case) => Result<void> | Promise<Result<void>>;

/** Both ways to write: at once, and piece by piece. */
const WAYS: readonly Attempt[] = [
  (disk, { path, mode }) => writeDurably(disk, path, NEW, mode, "t0"),
  (disk, { path, mode }) =>
    writePiecesDurably(disk, path, mode, "t0", async (put) => {
      for (let at = 0; at < NEW.length; at += 15) {
        const given = put(NEW.subarray(at, at + 15));
        if (!given.ok) return given;
        await Promise.resolve();
      }
      return ok(undefined);
    }),
];

const stepsOf = async (attempt: Attempt, one: Case): Promise<number> => {
  const disk = memoryDisk(one.before);
  assertOk(await attempt(disk, one));
  return disk.steps();
};

const EACH = WAYS.flatMap((attempt) => CASES.map((one) => [attempt, one] as const));

const name = ({ path, mode, before }: Case, step?: number) => `${mode} ${path} over ${Object.keys(before)} at ${step}`;

const others = (files: ReadonlyMap<string, Uint8Array>, path: string): string[] =>
  [...files.keys()].filter((other) => other !== path);

Deno.test("durable: a write that succeeds is there, alone, and survives a crash right after", async () => {
  for (const [attempt, one] of EACH) {
    const disk = memoryDisk(one.before);
    assertOk(await attempt(disk, one));
    assertEquals(disk.bytes(one.path), NEW, name(one));
    assertEquals(others(disk.files(), one.path), others(new Map(Object.entries(one.before)), one.path), name(one));
    for (const tree of disk.survivors()) assertEquals(tree.get(one.path), NEW, name(one));
  }
});

Deno.test("durable: pieces that end in a fault, or in a throw, change nothing and leave nothing", async () => {
  const disk = memoryDisk({ a: OLD });
  const begun = (put: (piece: Uint8Array) => unknown) => assertEquals(put(NEW), ok(undefined));
  const given = await writePiecesDurably(disk, "a", "replace", "t", (put) => {
    begun(put);
    return Promise.resolve(fail("store_busy", "Cannot go on"));
  });
  assertFault(given, "store_busy");
  assertEquals([...disk.files()], [["a", OLD]]);
  let thrown: unknown;
  await writePiecesDurably(disk, "a", "replace", "t", (put) => {
    begun(put);
    throw new Error("a bug");
  }).catch((error: unknown) => thrown = error);
  assert(thrown instanceof Error && thrown.message === "a bug");
  assertEquals([...disk.files()], [["a", OLD]]);
});

Deno.test("durable: once a piece is lost nothing takes the place of the old file, whatever its giver says", async () => {
  const steps = await stepsOf((disk) => writePiecesDurably(disk, "a", "replace", "t", () => Promise.resolve(ok(undefined))), {
    path: "a",
    mode: "replace",
    before: { a: OLD },
  });
  const disk = memoryDisk({ a: OLD }, { step: steps - 3, kind: "ENOSPC" }); // the first step after the file was made
  const faults: unknown[] = [];
  const written = await writePiecesDurably(disk, "a", "replace", "t", (put) => {
    for (let i = 0; i < 3; i++) faults.push(assertFault(put(NEW), "write_failed"));
    return Promise.resolve(ok(undefined));
  });
  const fault = assertFault(written, "write_failed");
  assertEquals(faults, [fault, fault, fault]);
  assertEquals([...disk.files()], [["a", OLD]]);
});

Deno.test("durable: only what is rewritten keeps its permissions", () => {
  for (const [mode, kept] of [["replace", 0o600], ["rewrite", 0o640]] as const) {
    const disk = memoryDisk({});
    disk.put("p.yaml", OLD, 0o640);
    assertOk(writeDurably(disk, "p.yaml", NEW, mode, "t0"));
    assertEquals([disk.bytes("p.yaml"), disk.mode("p.yaml")], [NEW, kept], mode);
  }
});

Deno.test("durable: a failure at any step leaves the old bytes or the new, a fault, and no temporary file", async () => {
  for (const [attempt, one] of EACH) {
    const steps = await stepsOf(attempt, one);
    assert(steps >= 8, "the steps are counted");
    for (let step = 1; step <= steps; step++) {
      for (const kind of ["ENOSPC", "EIO"] as const) {
        const disk = memoryDisk(one.before, { step, kind });
        const fault = assertFault(await attempt(disk, one), "write_failed", name(one, step));
        assert(fault.message.startsWith(`Cannot write "${one.path}": `) && fault.message.includes(kind), fault.message);
        oldOrNew(disk.files(), one, step);
        assertEquals(others(disk.files(), one.path), others(new Map(Object.entries(one.before)), one.path), name(one, step));
        for (const tree of disk.survivors()) oldOrNew(tree, one, step);
      }
    }
  }
});

Deno.test("durable: a crash at any step leaves the old bytes or the new, whatever of the unsynced survives", async () => {
  for (const [attempt, one] of EACH) {
    const steps = await stepsOf(attempt, one);
    for (let step = 1; step <= steps; step++) {
      const trouble: Trouble = { step, kind: "crash" };
      const disk = memoryDisk(one.before, trouble);
      assertFault(await attempt(disk, one), "write_failed", name(one, step));
      const trees = disk.survivors();
      assert(trees.length > 0);
      for (const tree of trees) oldOrNew(tree, one, step);
    }
  }
});

function oldOrNew(files: ReadonlyMap<string, Uint8Array>, one: Case, step: number): void {
  const found = files.get(one.path);
  const old = one.before[one.path];
  if (found === undefined) assertEquals(old, undefined, name(one, step));
  else if (found.length === NEW.length) assertEquals(found, NEW, name(one, step));
  else assertEquals(found, old, name(one, step));
  for (const [path, bytes] of Object.entries(one.before)) {
    if (path !== one.path) assertEquals(files.get(path), bytes, name(one, step));
  }
}

Deno.test("durable: the memory disk would show a write that is not synced, or not renamed", () => {
  const unsynced = memoryDisk({ a: OLD });
  const file = unsynced.createTemp("t");
  file.write(NEW);
  unsynced.rename("t", "a");
  unsynced.syncFolder(".");
  const seen = unsynced.survivors().map((tree) => tree.get("a")?.length);
  assertEquals([...new Set(seen)].sort(), [0, 10, 20], "empty, half or whole");
  const direct = memoryDisk({}, { step: 2, kind: "crash" });
  direct.createTemp("a");
  assertEquals([...new Set(direct.survivors().map((tree) => tree.has("a")))].sort(), [false, true]);
});

Deno.test("durable: create refuses what is there, and what appears meanwhile", () => {
  const there = memoryDisk({ a: OLD });
  assertFault(writeDurably(there, "a", NEW, "create", "t"), "file_exists");
  assertEquals([there.bytes("a"), there.files().size], [OLD, 1]);
  const racing = memoryDisk({});
  const late = { ...racing, link: (from: string, to: string) => (racing.put(to, OLD), racing.link(from, to)) };
  assertFault(writeDurably(late, "a", NEW, "create", "t"), "file_exists");
  assertEquals([racing.bytes("a"), racing.files().size], [OLD, 1]);
});

Deno.test("durable: where files can have one name only, create works and still refuses what is there", () => {
  const noLinks = (disk: MemoryDisk): MemoryDisk => ({
    ...disk,
    link() {
      throw Object.assign(new Error("no links"), { code: "EPERM" });
    },
  });
  const disk = noLinks(memoryDisk({ b: OLD }));
  assertOk(writeDurably(disk, "a", NEW, "create", "t"));
  assertFault(writeDurably(disk, "b", NEW, "create", "t"), "file_exists");
  assertEquals([disk.bytes("a"), disk.bytes("b"), disk.files().size], [NEW, OLD, 2]);
  for (const tree of disk.survivors()) assertEquals(tree.get("a"), NEW);
  const steps = disk.steps();
  for (let step = 1; step < steps; step++) {
    const dying = noLinks(memoryDisk({}, { step, kind: "crash" }));
    writeDurably(dying, "a", NEW, "create", "t");
    for (const tree of dying.survivors()) assert((tree.get("a") ?? NEW).length === NEW.length, `step ${step}`);
  }
});

Deno.test("durable: folders and devices are refused, and so is a folder that is a file", () => {
  const disk = memoryDisk({ "d/x": OLD });
  assertFault(writeDurably(disk, "d", NEW, "replace", "t"), "path_refused");
  assertFault(writeDurably({ ...disk, look: () => "other" }, "/dev/null", NEW, "replace", "t"), "path_refused");
  const { message } = assertFault(writeDurably(disk, "d/x/y", NEW, "replace", "t"), "write_failed");
  assertEquals(message, 'Cannot write "d/x/y": a part of the path is not a folder (ENOTDIR)');
  assertEquals(disk.files().size, 1);
});

Deno.test("durable: what is removed is gone for good, at every step the file is there whole or gone, and nothing else is touched", () => {
  const disk = memoryDisk({ "d/a": OLD, "d/b": NEW });
  assertOk(removeDurably(disk, "d/a"));
  for (const tree of disk.survivors()) assertEquals([...tree], [["d/b", NEW]]);
  assertOk(removeDurably(disk, "d/a"), "one that is gone is no fault");
  assertOk(removeDurably(disk, "nowhere/a"));
  assertFault(removeDurably(disk, "d"), "path_refused");
  const steps = disk.steps();
  for (const kind of ["EIO", "crash"] as const) {
    for (let step = 1; step < steps; step++) {
      const failing = memoryDisk({ "d/a": OLD, "d/b": NEW }, { step, kind });
      const removed = removeDurably(failing, "d/a");
      if (!removed.ok) assertEquals(removed.fault.code, "write_failed", `step ${step}`);
      for (const tree of failing.survivors()) {
        assertEquals(tree.get("d/b"), NEW, `step ${step}`);
        assertEquals(tree.get("d/a") ?? (removed.ok ? undefined : OLD), removed.ok ? undefined : OLD, `step ${step}`);
      }
    }
  }
});
