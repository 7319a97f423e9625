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
  /** What is there, links followed. `none` also where the program may not look; pipes and devices count as `file`. */
  kind(path: string): Promise<"file" | "folder" | "none">;
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
