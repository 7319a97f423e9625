// The one way in which gait writes a file: whole beside its place, synced, then moved there in one step, and the folder
// synced. So a reader, and whoever looks after a crash, finds the old bytes or the new ones.
import type { Sink } from "../../core/base/host.ts";
import { fail, type Fault, ok, type Result } from "../../core/base/result.ts";
import type { Whole, WriteMode } from "../../core/ports.ts";
import { errnoOf, inWords } from "./errno.ts";

/** A new file that is being filled. */
export interface TempFile {
  /** Writes some bytes from the front, at least one; says how many. */
  write(bytes: Uint8Array): number;
  /** Returns when the bytes are on the disk. */
  sync(): void;
  close(): void;
}

/** What stands at a path: `other` is a pipe or a device, or a link to one. */
export type Standing = "nothing" | "file" | "folder" | "other";

/** The primitive steps of a disk. They throw system errors as the runtime does. */
export interface Disk {
  look(path: string): Standing;
  /** The folder that holds a path; undefined at the root. */
  parent(path: string): string | undefined;
  /** One folder, mode 0750; its parent is there. */
  makeFolder(path: string): void;
  /** A new file, mode 0600; EEXIST when there is one. */
  createTemp(path: string): TempFile;
  /** Gives a file the permissions of another. */
  copyMode(from: string, to: string): void;
  /** Moves a file over whatever file is there, in one step. */
  rename(from: string, to: string): void;
  /** Gives a file a second name; EEXIST when that is taken. */
  link(from: string, to: string): void;
  remove(path: string): void;
  /** Returns when the names in a folder are on the disk. */
  syncFolder(path: string): void;
}

/** A file on its way: whatever fails has taken it away already. */
interface Begun {
  readonly folder: string;
  /** Adds to its end. After a fault all further steps answer with the same. */
  readonly put: Sink;
  /** Returns when all of it is on the disk. */
  settle(): Result<void>;
  /** Moves it into its place; `sure` is asked right before. */
  place(sure: () => boolean): Result<void>;
  /** Returns when its name is on the disk. */
  last(): Result<void>;
  /** Takes it away, unless it has its place. */
  drop(): void;
}

/** Begins a file beside its place. Faults as of `writeDurably`. */
function begin(disk: Disk, path: string, mode: WriteMode, token: string): Result<Begun> {
  let temp: string | undefined;
  let file: TempFile | undefined;
  let lost: Fault | undefined;
  const close = (): void => {
    const open = file;
    file = undefined;
    open?.close();
  };
  const drop = (): void => {
    try {
      close();
    } catch (thrown) {
      errnoOf(thrown); // as in `discard`
    }
    if (temp !== undefined) discard(disk, temp);
    temp = undefined;
  };
  const refuse = (refusal: Result<never>): Result<never> => {
    drop();
    if (!refusal.ok) lost = refusal.fault;
    return refusal;
  };
  const step = (action: () => Result<void>): Result<void> => {
    if (lost !== undefined) return { ok: false, fault: lost };
    try {
      return action();
    } catch (thrown) {
      const errno = errnoOf(thrown);
      const raced = errno === "EEXIST" && mode === "create" && temp !== undefined; // another process was faster
      return refuse(
        raced ? exists(path) : fail("write_failed", `Cannot write "${path}": ${inWords(errno)}`, { file: path }),
      );
    }
  };
  const folder = disk.parent(path) ?? path;
  const begun = step(() => {
    const standing = disk.look(path);
    if (standing === "folder" || standing === "other") {
      const what = standing === "folder" ? "it is a folder" : "it is not a plain file";
      return fail("path_refused", `Cannot write "${path}": ${what}`, { file: path });
    }
    if (standing === "file" && mode === "create") return exists(path);
    makeFolders(disk, folder);
    const name = beside(folder, `.gait-${token}.tmp`);
    file = disk.createTemp(name);
    temp = name;
    if (mode === "rewrite" && standing === "file") disk.copyMode(path, name);
    return ok(undefined);
  });
  return begun.ok
    ? ok({
      folder,
      put: (piece) =>
        step(() => {
          if (file === undefined) throw new Error(`"${path}" is written already`);
          for (let done = 0; done < piece.length;) done += file.write(piece.subarray(done));
          return ok(undefined);
        }),
      settle: () =>
        step(() => {
          file?.sync();
          close();
          return ok(undefined);
        }),
      place: (sure) =>
        step(() => {
          if (temp === undefined) throw new Error(`"${path}" is written already`);
          if (!sure()) {
            return refuse(
              fail("store_busy", `Cannot write "${path}": another process has taken its lock over`, { file: path }),
            );
          }
          if (mode === "create") moveToNew(disk, temp, path);
          else disk.rename(temp, path);
          temp = undefined;
          return ok(undefined);
        }),
      last: () =>
        step(() => {
          disk.syncFolder(folder);
          return ok(undefined);
        }),
      drop,
    })
    : begun;
}

// Files that are whole take their places: none before all are on the disk, and a folder is synced once for all that it got.
function commit(begun: readonly Begun[], sure: () => boolean): Result<void> {
  const lasting = new Map(begun.map((one) => [one.folder, one]));
  const steps = [
    ...begun.map((one) => one.settle),
    ...begun.map((one) => () => one.place(sure)),
    ...[...lasting.values()].map((one) => one.last),
  ];
  for (const step of steps) {
    const done = step();
    if (done.ok) continue;
    for (const one of begun) one.drop();
    return done;
  }
  return ok(undefined);
}

/** Writes some files as `writeDurably` does one, in this order. None takes its place before all are on the disk; `token` as there, for each. */
export function writeAllDurably(
  disk: Disk,
  files: readonly Whole[],
  token: () => string,
  sure: () => boolean = () => true,
): Result<void> {
  const all: Begun[] = [];
  for (const { path, bytes, mode } of files) {
    const begun = begin(disk, path, mode, token());
    if (begun.ok) all.push(begun.value);
    const put = begun.ok ? begun.value.put(bytes) : begun;
    if (put.ok) continue;
    for (const one of all) one.drop();
    return put;
  }
  return commit(all, sure);
}

/**
 * Writes a file durably. `token` makes the name of the temporary file one that nobody guesses. Faults: `write_failed`,
 * `file_exists` (mode `create`), `path_refused`; after a fault no temporary file is left, unless the disk refuses even that.
 * `sure` is asked right before the file takes its place, when all that takes long is done; without its consent nothing changes, and
 * the fault is `store_busy`.
 */
export function writeDurably(
  disk: Disk,
  path: string,
  bytes: Uint8Array,
  mode: WriteMode,
  token: string,
  sure: () => boolean = () => true,
): Result<void> {
  return writeAllDurably(disk, [{ path, bytes, mode }], () => token, sure);
}

/**
 * Writes a file of pieces durably: `give` hands them out, and they take the place of the old file when it has ended well. Its own
 * fault, and what it throws, leaves everything as it was. Other faults as of `writeDurably`.
 */
export async function writePiecesDurably(
  disk: Disk,
  path: string,
  mode: WriteMode,
  token: string,
  give: (sink: Sink) => Promise<Result<void>>,
): Promise<Result<void>> {
  const begun = begin(disk, path, mode, token);
  if (!begun.ok) return begun;
  try {
    const given = await give(begun.value.put);
    return given.ok ? commit([begun.value], () => true) : given;
  } finally {
    begun.value.drop();
  }
}

/** Takes a file away, lastingly. Faults `write_failed`, `path_refused` (a folder); no fault where none is. */
export function removeDurably(disk: Disk, path: string): Result<void> {
  try {
    const standing = disk.look(path);
    if (standing === "nothing") return ok(undefined);
    if (standing === "folder") return fail("path_refused", `Cannot remove "${path}": it is a folder`, { file: path });
    disk.remove(path);
    disk.syncFolder(disk.parent(path) ?? path);
    return ok(undefined);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT") return ok(undefined); // another process was faster
    return fail("write_failed", `Cannot remove "${path}": ${inWords(errno)}`, { file: path });
  }
}

const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

// A second name and the removal of the first refuse a taken name in one step. Where files have one name only (FAT on a USB
// stick), looking and then renaming must do: of two that create the same file in the same instant, one is then lost.
function moveToNew(disk: Disk, from: string, to: string): void {
  try {
    disk.link(from, to);
  } catch (thrown) {
    if (!NO_LINKS.has(errnoOf(thrown)) || disk.look(to) !== "nothing") throw thrown;
    disk.rename(from, to);
    return;
  }
  disk.remove(from);
}

const exists = (path: string): Result<never> =>
  fail("file_exists", `Cannot write "${path}": it is there already`, { file: path });

const beside = (folder: string, name: string): string => folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;

/** Makes a folder and those above it, as far as they are missing; each is on the disk before anything is put into it. */
export function makeFolders(disk: Disk, folder: string): void {
  if (disk.look(folder) !== "nothing") return;
  const parent = disk.parent(folder);
  if (parent !== undefined) makeFolders(disk, parent);
  try {
    disk.makeFolder(folder);
  } catch (thrown) {
    if (errnoOf(thrown) !== "EEXIST") throw thrown; // another process was faster
  }
  if (parent !== undefined) disk.syncFolder(parent);
}

function discard(disk: Disk, temp: string): void {
  try {
    disk.remove(temp);
  } catch (thrown) {
    errnoOf(thrown); // the first error is the one to tell; this one only leaves a file behind
  }
}
