// What a host must offer to the commands: interfaces only, small, each asked for by name. A port says what gait needs,
// not what a runtime can do, and answers with results, never with host exceptions.
import type { Host, Source } from "./base/host.ts";
import type { Fault, Result } from "./base/result.ts";

/**
 * Thrown by a port where its interface has no room for a result: a disk that fails under an open file. The frame of the
 * commands ends with the fault; nothing else is to catch it.
 */
export class PortFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/** Bytes read piece by piece from an open file; close it when done, also after a fault. `read` may throw `PortFault`. */
export interface OpenFile extends Source {
  close(): void;
}

/** Reading. Faults: `file_missing`, `file_unreadable` (a folder, no permission, a damaged disk), `file_too_large`. */
export interface Files {
  /** All bytes of a file, at most `limit`. */
  read(path: string, limit: number): Promise<Result<Uint8Array<ArrayBuffer>>>;
  /** A plain file whose size is fixed at this moment; a later read of a file that shrank gives fewer bytes. */
  open(path: string): Promise<Result<OpenFile>>;
  /** What is there, links followed. `none` also where the program may not look; `other` for pipes and devices. */
  kind(path: string): Promise<"file" | "folder" | "other" | "none">;
  /** The names of what stands in a folder, in byte order. Faults: `file_missing`, `file_unreadable`. */
  list(folder: string): Promise<Result<readonly string[]>>;
}

/** `create` refuses to touch what exists (`file_exists`); `replace` takes its place. */
export type WriteMode = "create" | "replace";

/** Writing. Faults: `write_failed`, `file_exists`, `path_refused` (a folder, a device). */
export interface Store {
  /**
   * Atomic and durable: a reader sees the old bytes or the new ones, never a part, also after a crash. Files are made
   * with mode 0600, missing parent folders with 0750.
   */
  write(path: string, bytes: Uint8Array, mode: WriteMode): Promise<Result<void>>;
}

/** Where an open file that grows stands now. */
export type JournalLook = {
  readonly size: number;
  /** Whether the path still names this file, and not another that took its place. */
  readonly current: boolean;
};

/** How an append ends: `disk` when the bytes are on the disk, `system` when the system has them. */
export type Until = "disk" | "system";

/** A file that grows at its end. Faults: `write_failed`, and in reading `file_unreadable`. */
export interface JournalFile {
  look(): Result<JournalLook>;
  /** Bytes from `at`, at most `length`; fewer only where the file ends. */
  read(at: number, length: number): Result<Uint8Array<ArrayBuffer>>;
  /** Adds bytes to a file of `size` bytes, at once. After a fault it has its old size, unless the disk refuses even that. */
  append(bytes: Uint8Array, size: number, until: Until): Result<void>;
  /** The same, without keeping the program from other work while the disk is waited for. */
  appendLater(bytes: Uint8Array, size: number, until: Until): Promise<Result<void>>;
  /** Cuts the file to its first `size` bytes, lastingly. */
  cut(size: number): Result<void>;
  close(): void;
}

/** Files that grow at their end. */
export interface Journal {
  /** A file that is there. Faults: `file_missing`, `file_unreadable`, `write_failed` when it may not be written. */
  open(path: string): Result<JournalFile>;
}

/** Who takes a lock: the process, and the running system that can tell whether it lives (blank where none can). */
export type LockHolder = { readonly pid: number; readonly kernel: string };

/** What the taker of a lock decides, and how it waits; times in milliseconds. */
export type LockRules = {
  readonly retry: number;
  readonly timeout: number;
  /** For how long a holder can be sure of its lock. */
  readonly lease: number;
  /** The text of the lock, unlike that of any other. */
  write(holder: LockHolder): Uint8Array;
  /** Reads the lock of another: whether its time is over, whether it was never written to its end, the `kernel` that it names. */
  read(bytes: Uint8Array): { readonly expired: boolean; readonly unfinished: boolean; readonly kernel: string };
};

/** A lock that is held. */
export interface HeldLock {
  /** Whether it still is: false after another process took it over. */
  still(): boolean;
  /** Whether others should have a turn: they wait, and it was held for a while; the next `take` then leaves them one. */
  overdue(): boolean;
  /** Gives it back; one that is not held any more is left alone. Its holder's death does the same, sooner or later. */
  release(): void;
}

/** Exclusive use among processes, by a file that only one of them can make. */
export interface Lock {
  /**
   * Takes the lock at `path`, folders are made; undefined when others held it for all the time of `rules`. A lock whose time is over, whose holder is
   * seen to be dead, or that was never finished, is taken over. Fault `write_failed`.
   */
  take(path: string, rules: LockRules): Promise<Result<HeldLock | undefined>>;
}

/** What a program came to. */
export type Ended = {
  /** What it printed on its standard output, cut where the limit was. */
  readonly output: Uint8Array<ArrayBuffer>;
  /** Its exit code; of one that was killed a number that is not 0. */
  readonly code: number;
  /** Whether its time was over before its output and itself had ended; then it was killed, with all that it started. */
  readonly timedOut: boolean;
};

/** Other programs. */
export interface Process {
  /**
   * Runs a program to its end with the environment and folder of gait, without input; its standard error is dropped. Fault
   * `process_failed` when it cannot be started.
   */
  run(argv: readonly string[], limits: { readonly milliseconds: number; readonly bytes: number }): Promise<Result<Ended>>;
}

/** The machine, in the words of the formats. */
export interface Machine {
  /** `linux`, `darwin`, `windows` or the host's own word. */
  readonly os: string;
  /** `amd64`, `arm64` or the host's own word. */
  readonly arch: string;
  /** The runtime that executes gait: `deno`. */
  readonly runtime: string;
  /** The user's home folder, or undefined where none is set. */
  readonly home: string | undefined;
}

/** All that a command may ask for. */
export interface Ports {
  readonly files: Files;
  readonly store: Store;
  readonly journal: Journal;
  readonly lock: Lock;
  readonly process: Process;
  /** Environment variables that a flag names. */
  readonly env: { get(name: string): string | undefined };
  /** Now, as UTC text of up to nine decimals (spec 01, section 1.2). */
  readonly clock: { now(): string };
  /** Unguessable bytes. */
  readonly random: { bytes(length: number): Uint8Array<ArrayBuffer> };
  readonly machine: Machine;
  /** The capabilities that the core itself takes. */
  readonly host: Host;
  /** Says how far a long action is; shown only once it has lasted longer than a second. Units are the caller's. */
  readonly progress: { report(text: string, done: number, total: number): void };
}

/** The ports that act on the world instead of only looking at it. */
export type Acting = Pick<Ports, "store" | "journal" | "lock" | "process">;
