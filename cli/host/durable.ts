// The one way in which gait writes a file: whole beside its place, synced, then moved there in one step, and the folder
// synced. So a reader, and whoever looks after a crash, finds the old bytes or the new ones.
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { WriteMode } from "../../core/ports.ts";
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
  let temp: string | undefined;
  try {
    const standing = disk.look(path);
    if (standing === "folder" || standing === "other") {
      const what = standing === "folder" ? "it is a folder" : "it is not a plain file";
      return fail("path_refused", `Cannot write "${path}": ${what}`, { file: path });
    }
    if (standing === "file" && mode === "create") return exists(path);
    const folder = disk.parent(path) ?? path;
    makeFolders(disk, folder);
    const name = beside(folder, `.gait-${token}.tmp`);
    const file = disk.createTemp(name);
    temp = name;
    if (mode === "rewrite" && standing === "file") copyModeTo(disk, path, name, file);
    fill(file, bytes);
    if (!sure()) {
      discard(disk, name);
      return fail("store_busy", `Cannot write "${path}": another process has taken its lock over`, { file: path });
    }
    if (mode === "create") moveToNew(disk, name, path);
    else disk.rename(name, path);
    temp = undefined;
    disk.syncFolder(folder);
    return ok(undefined);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (temp !== undefined) discard(disk, temp);
    if (errno === "EEXIST" && mode === "create" && temp !== undefined) return exists(path); // another process was faster
    return fail("write_failed", `Cannot write "${path}": ${inWords(errno)}`, { file: path });
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

function copyModeTo(disk: Disk, path: string, temp: string, file: TempFile): void {
  try {
    disk.copyMode(path, temp);
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

function fill(file: TempFile, bytes: Uint8Array): void {
  try {
    for (let done = 0; done < bytes.length;) done += file.write(bytes.subarray(done));
    file.sync();
  } finally {
    file.close();
  }
}

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
