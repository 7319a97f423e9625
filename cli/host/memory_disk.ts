// A disk in memory for tests: it can fail or die at the nth primitive step, and knows what a crash may leave behind: every
// unsynced write wholly, partly or not there, every unsynced change of names there or not.
import { concatBytes } from "../../core/base/bytes.ts";
import type { Disk, Standing, TempFile } from "./durable.ts";

type Inode = { readonly id: string; bytes: Uint8Array<ArrayBuffer>; synced: Uint8Array<ArrayBuffer>; mode: number };

/** An open file of a memory disk. */
export interface MemoryFile extends TempFile {
  /** Tells it from every other file. */
  readonly id: string;
  /** All that it holds now. */
  bytes(): Uint8Array<ArrayBuffer>;
  truncate(size: number): void;
  /** Writes some of the bytes from `at` on, which is not behind the end. */
  writeAt(bytes: Uint8Array, at: number): number;
}

/** A change of names that no folder sync has made lasting yet. */
type Change = { readonly folder: string; apply(names: Map<string, Inode>): void };

/** What the nth step (from 1) meets: an error that the program sees, or the end of the machine. */
export type Trouble = { readonly step: number; readonly kind: "ENOSPC" | "EIO" | "crash" };

/** A disk whose files are bytes in a map. */
export interface MemoryDisk extends Disk {
  createTemp(path: string): MemoryFile;
  /** A file that is there; what is written goes to its end. */
  openFile(path: string): MemoryFile;
  /** Which file is at a path, and its size; ENOENT. */
  stat(path: string): { readonly id: string; readonly size: number };
  /** How many primitive steps were taken. */
  steps(): number;
  /** The paths of all files and what they hold now, sorted. */
  files(): ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** The bytes of a file, or what stands there instead. */
  bytes(path: string): Uint8Array<ArrayBuffer> | Exclude<Standing, "file">;
  /** The permissions of a file. */
  mode(path: string): number;
  /** Puts a file there, synced, with its folders. */
  put(path: string, bytes: Uint8Array, mode?: number): void;
  /** All trees of files that may be found after a crash at this moment. */
  survivors(): ReadonlyMap<string, Uint8Array<ArrayBuffer>>[];
}

/** A disk that holds `files`; `trouble` strikes once, and after a crash every further step fails. */
export function memoryDisk(files: Readonly<Record<string, Uint8Array>>, trouble?: Trouble): MemoryDisk {
  const folders = new Set(["/", "."]);
  let names = new Map<string, Inode>();
  const lasting = new Map<string, Inode>();
  let changes: Change[] = [];
  let steps = 0;
  let made = 0;
  let dead = false;

  const step = () => {
    steps++;
    if (trouble?.step === steps) dead = trouble.kind === "crash";
    if (dead || trouble?.step === steps) throw systemError(dead ? "EIO" : trouble?.kind ?? "EIO");
  };
  const parent = (path: string): string | undefined => {
    if (path === "." || path === "/") return undefined;
    const at = path.lastIndexOf("/");
    return at < 0 ? "." : at === 0 ? "/" : path.slice(0, at);
  };
  const change = (folder: string, apply: Change["apply"]) => {
    names = new Map(names);
    apply(names);
    changes.push({ folder, apply });
  };
  const inode = (path: string): Inode => {
    const found = names.get(path);
    if (found === undefined) throw systemError("ENOENT");
    return found;
  };
  const opened = (file: Inode): MemoryFile => ({
    id: file.id,
    bytes: () => file.bytes,
    write(bytes) {
      step();
      const some = bytes.subarray(0, Math.max(1, Math.ceil(bytes.length / 2))); // short, as a real write may be
      file.bytes = joined(file.bytes, some);
      return some.length;
    },
    sync() {
      step();
      file.synced = file.bytes;
    },
    truncate(size) {
      step();
      file.bytes = file.bytes.slice(0, size);
    },
    writeAt(bytes, at) {
      step();
      const some = bytes.subarray(0, Math.max(1, Math.ceil(bytes.length / 2)));
      file.bytes = joined(joined(file.bytes.subarray(0, at), some), file.bytes.subarray(at + some.length));
      return some.length;
    },
    close: step,
  });
  const look = (path: string): Standing => names.has(path) ? "file" : folders.has(path) ? "folder" : "nothing";
  const folderOf = (path: string): string => {
    const folder = parent(path) ?? path;
    if (!folders.has(folder)) throw systemError(names.has(folder) ? "ENOTDIR" : "ENOENT");
    return folder;
  };

  const disk: MemoryDisk = {
    look(path) {
      step();
      return look(path);
    },
    parent,
    makeFolder(path) {
      step();
      folderOf(path);
      if (look(path) !== "nothing") throw systemError("EEXIST");
      folders.add(path); // that a folder may be lost in a crash shows as the loss of what was put into it
    },
    createTemp(path) {
      step();
      const folder = folderOf(path);
      if (look(path) !== "nothing") throw systemError("EEXIST");
      const file: Inode = { id: `${++made}`, bytes: new Uint8Array(), synced: new Uint8Array(), mode: 0o600 };
      change(folder, (all) => all.set(path, file));
      return opened(file);
    },
    openFile(path) {
      step();
      return opened(inode(path));
    },
    stat(path) {
      step();
      const { id, bytes } = inode(path);
      return { id, size: bytes.length };
    },
    copyMode(from, to) {
      step();
      inode(to).mode = inode(from).mode;
    },
    rename(from, to) {
      step();
      const moved = inode(from);
      if (folders.has(to)) throw systemError("EISDIR");
      change(folderOf(to), (all) => {
        all.delete(from);
        all.set(to, moved);
      });
    },
    link(from, to) {
      step();
      const named = inode(from);
      if (look(to) !== "nothing") throw systemError("EEXIST");
      change(folderOf(to), (all) => all.set(to, named));
    },
    remove(path) {
      step();
      inode(path);
      change(folderOf(path), (all) => all.delete(path));
    },
    syncFolder(path) {
      step();
      for (const { folder, apply } of changes) if (folder === path) apply(lasting);
      changes = changes.filter(({ folder }) => folder !== path);
    },
    steps: () => steps,
    files: () => new Map([...names].sort(([a], [b]) => a < b ? -1 : 1).map(([path, { bytes }]) => [path, bytes])),
    bytes(path) {
      const standing = look(path);
      return standing === "file" ? inode(path).bytes : standing;
    },
    mode: (path) => inode(path).mode,
    put(path, bytes, mode = 0o644) {
      for (let folder = parent(path); folder !== undefined; folder = parent(folder)) folders.add(folder);
      const copy = Uint8Array.from(bytes);
      const file = { id: `${++made}`, bytes: copy, synced: copy, mode };
      names.set(path, file);
      lasting.set(path, file);
    },
    survivors: () =>
      subsets(changes).flatMap((kept) => {
        const after = new Map(lasting);
        for (const { apply } of kept) apply(after);
        return trees([...after]);
      }),
  };
  for (const [path, bytes] of Object.entries(files)) disk.put(path, bytes);
  return disk;
}

const systemError = (code: string): Error => Object.assign(new Error("memory disk"), { code });

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> => concatBytes([a, b]);

const subsets = <T>(all: readonly T[]): T[][] =>
  all.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);

// Each file as synced, with half of what came after, or with all of it.
const trees = (files: readonly (readonly [string, Inode])[]): Map<string, Uint8Array<ArrayBuffer>>[] =>
  files.reduce<Map<string, Uint8Array<ArrayBuffer>>[]>((sofar, [path, { bytes, synced }]) => {
    const half = bytes.slice(0, synced.length + Math.floor((bytes.length - synced.length) / 2));
    const states = bytes === synced ? [bytes] : [synced, half, bytes];
    return sofar.flatMap((tree) => states.map((state) => new Map(tree).set(path, state)));
  }, [new Map()]);
