// The ports in memory, complete and the same on every run: files in a map, a clock that ticks one second a call, counted
// bytes, variables in a map.
import { byBytes } from "../../core/base/text.ts";
import { timeFromClock } from "../../core/base/time.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Host } from "../../core/base/host.ts";
import type { ChildEnd, ChildRules, Ended, Files, OpenFile, Ports, PostAnswer, RunningPeer } from "../../core/ports.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { signedLines } from "../../core/base/signed_lines.ts";
import { removeDurably, writeAllDurably, writeDurably, writePiecesDurably } from "./durable.ts";
import { journalOn } from "./journal.ts";
import { lockOn } from "./lock.ts";
import { type MemoryDisk, memoryDisk, type Trouble } from "./memory_disk.ts";
import { memoryGrowing, memoryLocks } from "./memory_growing.ts";
import { type MemoryServing, memoryServing } from "./memory_serving.ts";
import { stateOn } from "./state.ts";

/** What a memory host is made of; all but `host` may be left out. */
export type Memory = {
  readonly host: Host;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Paths, of files or folders, that are symbolic links; what they lead to stands in `files` under their own names. */
  readonly links?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  /** What is fed to the program, piece by piece. */
  readonly input?: readonly Uint8Array[];
  /** Strikes at the nth primitive step of writing. */
  readonly trouble?: Trouble;
  /** What others do to the disk while the program sleeps. */
  readonly asleep?: (disk: MemoryDisk) => void;
  /** What each program that is run comes to; without it none can be started. */
  readonly process?: (argv: readonly string[]) => Ended;
  /** What each program that is waited for comes to; without it none can be started. */
  readonly child?: (argv: readonly string[], rules: ChildRules) => ChildEnd;
  /** What stands in for each program that gait is to stand before; without it none can be started. */
  readonly peer?: (argv: readonly string[]) => RunningPeer;
  /** When a file was changed last, in milliseconds since 1970; without it at the first moment of the clock. */
  readonly modified?: (path: string) => number;
  /** What a machine answers that something is sent to; 200 without it. */
  readonly answer?: (url: string) => Result<PostAnswer>;
};

/** The ports, with what they hold for tests to look at. */
export type MemoryPorts = Ports & MemoryServing & {
  readonly disk: MemoryDisk;
  /** The programs that were run, in order. */
  readonly programs: readonly (readonly string[])[];
  /** What was written to standard output by a command of its own accord, piece by piece. */
  readonly written: readonly Uint8Array[];
  /** What was reported as progress, in order. */
  readonly reports: readonly { readonly text: string; readonly done: number; readonly total: number }[];
};

const BEGINNING = Date.UTC(2026, 0, 1);

/** Ports over a fresh memory disk. The first `clock.now()` is 2026-01-01T00:00:00Z, the first random byte is 0. */
export function memoryPorts(
  { host, files = {}, links = [], env = {}, home, input = [], trouble, asleep, process, child, peer, modified, answer }: Memory,
): MemoryPorts {
  const disk = memoryDisk(files, trouble);
  const programs: (readonly string[])[] = [];
  const written: Uint8Array[] = [];
  const reports: { text: string; done: number; total: number }[] = [];
  let seconds = 0;
  let slept = 0;
  let counted = 0;
  let tokens = 0;
  let fed = 0;
  const find = (path: string): Result<Uint8Array<ArrayBuffer>> => {
    const found = disk.bytes(path);
    if (found === "nothing") {
      return fail("file_missing", `Cannot read "${path}": there is no such file or folder (ENOENT)`, { file: path });
    }
    return typeof found === "string"
      ? fail("file_unreadable", `Cannot read "${path}": it is a folder (EISDIR)`, { file: path })
      : ok(Uint8Array.from(found));
  };
  const looking: Files = {
    read(path, limit) {
      const found = find(path);
      const large = found.ok && found.value.length > limit;
      return Promise.resolve(
        large ? fail("file_too_large", `Cannot read "${path}": it holds more than ${limit} bytes`, { file: path }) : found,
      );
    },
    open(path) {
      const found = find(path);
      return Promise.resolve(found.ok ? ok(openBytes(found.value)) : found);
    },
    kind(path) {
      const found = disk.bytes(path);
      return Promise.resolve(found === "folder" ? "folder" : typeof found === "string" ? "none" : "file");
    },
    list(folder) {
      if (disk.bytes(folder) !== "folder") {
        return Promise.resolve(fail("file_missing", `Cannot read "${folder}": there is no such file or folder (ENOENT)`));
      }
      const above = folder === "." ? "" : `${folder}/`;
      const below = [...disk.files().keys()].filter((path) =>
        path.startsWith(above) && !(above === "" && path.startsWith("/"))
      );
      const names = below.map((path) => path.slice(above.length).split("/")[0] ?? "");
      return Promise.resolve(ok([...new Set(names)].sort(byBytes)));
    },
    isLink: (path) => Promise.resolve(links.includes(path)),
    twin: () => Promise.resolve(undefined),
    real(path) {
      const found = disk.bytes(path);
      return Promise.resolve(
        found === "nothing"
          ? fail("file_missing", `Cannot read "${path}": there is no such file or folder (ENOENT)`)
          : ok(path.startsWith("/") ? path : path === "." ? "/memory" : `/memory/${path}`),
      );
    },
  };
  const locks = memoryLocks(disk);
  const lock = lockOn(locks);
  return {
    ...memoryServing(disk, modified ?? (() => BEGINNING), answer),
    disk,
    programs,
    written,
    reports,
    files: looking,
    input: {
      next() {
        const piece = input[fed++];
        return Promise.resolve(ok(piece === undefined ? undefined : Uint8Array.from(piece)));
      },
    },
    store: {
      write: (path, bytes, mode) => Promise.resolve(writeDurably(disk, path, bytes, mode, String(++tokens))),
      writeAll: (files) => Promise.resolve(writeAllDurably(disk, files, () => String(++tokens))),
      writePieces: (path, mode, give) => writePiecesDurably(disk, path, mode, String(++tokens), give),
      remove: (path) => Promise.resolve(removeDurably(disk, path)),
    },
    journal: journalOn(memoryGrowing(disk)),
    lock,
    state: stateOn({
      files: looking,
      lock,
      write: (path, bytes, sure) => writeDurably(disk, path, bytes, "replace", String(++tokens), sure),
      // The clock below ticks whenever it is looked at: a lock would grow old by being waited for.
      now: () => timeFromClock(BEGINNING + locks.milliseconds()),
      token: () => String(++tokens),
    }),
    process: {
      run(argv) {
        programs.push(argv);
        const ended = process?.(argv);
        return Promise.resolve(
          ended === undefined ? fail("process_failed", `Cannot start "${argv[0]}": it is not there`) : ok(ended),
        );
      },
    },
    threads: {
      signer: (key) => ({
        sign: (texts) => signedLines(host.crypto, digestSigner(host.crypto, key), texts),
        close: () => {},
      }),
    },
    child: {
      run(argv, rules) {
        programs.push(argv);
        const ended = child?.(argv, rules);
        return Promise.resolve(
          ended === undefined ? fail("child_start_failed", `Cannot start "${argv[0]}": it is not there`) : ok(ended),
        );
      },
    },
    peer: {
      start(argv) {
        programs.push(argv);
        const started = peer?.(argv);
        return Promise.resolve(
          started === undefined ? fail("child_start_failed", `Cannot start "${argv[0]}": it is not there`) : ok(started),
        );
      },
      told: () => new Promise(() => {}),
    },
    output: {
      write(bytes) {
        written.push(Uint8Array.from(bytes));
        return Promise.resolve(true);
      },
    },
    env: { get: (name) => Object.hasOwn(env, name) ? env[name] : undefined },
    clock: { now: () => timeFromClock(BEGINNING + 1000 * seconds++) },
    timer: {
      sleep(milliseconds) {
        seconds += Math.ceil(milliseconds / 1000);
        slept += milliseconds;
        asleep?.(disk);
        return Promise.resolve();
      },
      elapsed: () => slept,
    },
    random: { bytes: (length) => Uint8Array.from({ length }, () => counted++ % 256) },
    machine: { os: "memory", arch: "none", runtime: "memory", home },
    host,
    progress: { report: (text, done, total) => void reports.push({ text, done, total }) },
  };
}

const openBytes = (bytes: Uint8Array<ArrayBuffer>): OpenFile => ({
  size: bytes.length,
  read: (at, length) => Promise.resolve(bytes.slice(at, at + length)),
  close: () => {},
});
