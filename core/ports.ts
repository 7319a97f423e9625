// What a host must offer to the commands: interfaces only, small, each asked for by name. A port says what gait needs,
// not what a runtime can do, and answers with results, never with host exceptions.
import type { Host, Sink, Source } from "./base/host.ts";
import type { Fault, Result } from "./base/result.ts";
import type { SigningKey } from "./base/sign.ts";

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
  /** Whether a path is itself a symbolic link, wherever it leads; true also where that cannot be told. */
  isLink(path: string): Promise<boolean>;
  /** Where a path leads: the one spelling of what is there, every link followed. Faults: `file_missing`, `file_unreadable`. */
  real(path: string): Promise<Result<string>>;
  /** What is common to all names of a file that has several (hard links), and to no other file; undefined for all else. */
  twin(path: string): Promise<string | undefined>;
}

/** What is fed to the program. Fault `file_unreadable`. */
export interface Input {
  /** Bytes as they come; undefined at the end. */
  next(): Promise<Result<Uint8Array<ArrayBuffer> | undefined>>;
}

/** `create` refuses to touch what exists (`file_exists`); `replace` takes its place; `rewrite` does so with its permissions. */
export type WriteMode = "create" | "replace" | "rewrite";

/** A whole file to be written. */
export type Whole = { readonly path: string; readonly bytes: Uint8Array; readonly mode: WriteMode };

/** Writing. Faults: `write_failed`, `file_exists`, `path_refused` (a folder, a device). */
export interface Store {
  /**
   * Atomic and durable: a reader sees the old bytes or the new ones, never a part, also after a crash. Files are made
   * with mode 0600 unless they are rewritten, missing parent folders with 0750.
   */
  write(path: string, bytes: Uint8Array, mode: WriteMode): Promise<Result<void>>;
  /** The same for files that belong together, in this order: none takes its place before all are on the disk. */
  writeAll(files: readonly Whole[]): Promise<Result<void>>;
  /**
   * The same for what is too large to hold: `give` hands the pieces out in order, and the file takes its place when it has ended well.
   * Until then nothing changes; its fault is handed on, and what it throws is thrown.
   */
  writePieces(path: string, mode: WriteMode, give: (sink: Sink) => Promise<Result<void>>): Promise<Result<void>>;
  /** Takes a file away, lastingly; one that is not there is gone already. */
  remove(path: string): Promise<Result<void>>;
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

/**
 * A file with room made in advance: what is written into it changes neither its size nor any name, so that nobody waits for anything but
 * its own bytes. Faults as of `JournalFile`.
 */
export interface RoomyFile {
  look(): Result<JournalLook>;
  /** Writes into room that was made, at once. */
  write(bytes: Uint8Array, at: number, until: Until): Result<void>;
  /** The same until it is on the disk, without keeping the program from other work meanwhile. */
  writeLater(bytes: Uint8Array, at: number): Promise<Result<void>>;
  /** Makes room from the end of the file up to `size` bytes: zeros, on the disk. */
  room(size: number): Promise<Result<void>>;
  /** Cuts the file to its first `size` bytes, lastingly. */
  cut(size: number): Result<void>;
  close(): void;
}

/** Files that grow at their end. */
export interface Journal {
  /** A file that is there, to make room in. Faults as of `open`. */
  openRoomy(path: string): Result<RoomyFile>;
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
  /**
   * Reads the lock of another: whether its time is over (undefined: its file's age tells that, by `lease`), whether it was never
   * written to its end, the `kernel` that it names.
   */
  read(bytes: Uint8Array): { readonly expired: boolean | undefined; readonly unfinished: boolean; readonly kernel: string };
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

/** What a change of a state came to: its answer, and the bytes that take the place of the old ones; without them nothing is written. */
export type Changed<T> = { readonly value: T; readonly next?: Uint8Array | undefined };

/**
 * Small documents that several programs change: counters of limits, the kill switch. Files with locks today; a database may do the
 * same. Faults: `store_busy`, `file_unreadable`, `file_too_large`, `write_failed`, `path_refused`.
 */
export interface State {
  /** The document as it is now, whole; undefined when there is none. */
  read(path: string): Promise<Result<Uint8Array<ArrayBuffer> | undefined>>;
  /**
   * Changes a document in one step among all processes: nobody else changes it between what `change` is given and what it gives
   * back. `change` looks at nothing else, since it may be asked again; its faults are handed on. After a fault no answer of it
   * counts; where the answer is there, its bytes are on the disk.
   */
  update<T>(path: string, change: (now: Uint8Array<ArrayBuffer> | undefined) => Result<Changed<T>>): Promise<Result<T>>;
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

/** How a program that is waited for may run; times in milliseconds. */
export type ChildRules = {
  /** The folder that it runs in. */
  readonly folder: string;
  /** Variables beside those of gait. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of gait that it must not see. */
  readonly hidden?: readonly string[];
  /** What it reads on its standard input; nothing unless given. */
  readonly input?: Uint8Array;
  readonly milliseconds: number;
  /** How long it may take to end by itself once it was told to. */
  readonly grace: number;
  /** The most that is kept of each of its outputs. */
  readonly bytes: number;
};

/** What a program that was waited for came to. */
export type ChildEnd = {
  readonly output: Uint8Array<ArrayBuffer>;
  /** Its standard error. */
  readonly errors: Uint8Array<ArrayBuffer>;
  /** Its exit code; -1 when a signal ended it. */
  readonly code: number;
  /** Whether its time was over before its outputs and itself had ended. */
  readonly timedOut: boolean;
  /** Whether all that it printed until then is here. */
  readonly whole: boolean;
};

/** A program that gait runs in the place of its user. */
export interface Child {
  /**
   * Runs a program to its end. When its time is over, or gait is told to end, it is told to end with all that it
   * started, and killed after the grace. Fault `child_start_failed`.
   */
  run(argv: readonly string[], rules: ChildRules): Promise<Result<ChildEnd>>;
}

/** A program that gait stands before. Its standard error is that of gait. */
export interface RunningPeer {
  /** Some of what it prints, as it comes; undefined when no more does. */
  read(): Promise<Uint8Array | undefined>;
  /** Hands it all of the bytes; false when it takes no more. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Says that nothing more will be handed to it. */
  finish(): Promise<void>;
  /** Its exit code once it has ended; -1 when a signal ended it. */
  readonly ended: Promise<number>;
  /** Tells it to end, with all that it started, and kills what is left after so many milliseconds; resolves when it has ended. */
  end(grace: number): Promise<void>;
}

/** A program that gait stands before, as long as both run. */
export interface Peer {
  /** Starts it with the folder and the variables of gait, but for those in `hidden`. Fault `child_start_failed`. */
  start(argv: readonly string[], rules: { readonly hidden: readonly string[] }): Promise<Result<RunningPeer>>;
  /** The signal that tells gait to end, when it comes; each call waits for the next one. */
  told(): Promise<string>;
}

/** Standard output, for bytes that are no text of gait. */
export interface Output {
  /** Writes all of the bytes; false when nobody reads them any more. */
  write(bytes: Uint8Array): Promise<boolean>;
}

/** One end of a connection. What others do to it is no fault: it just ends. */
export interface Connection {
  /** Reads some bytes, at least one; 0 when no more come, whatever the reason. */
  read(into: Uint8Array): Promise<number>;
  /** Sends all of the bytes; false when that cannot be done any more. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Says that nothing more will be sent; what comes in can still be read. */
  finish(): Promise<void>;
  /** Ends it at once: whatever waits on it has its answer. */
  close(): void;
}

/** Where a program can be reached. */
export type Reach =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** A place where connections come in. */
export interface Listener {
  /** Where it is: `host:port` with the port that the system chose, or the path. */
  readonly address: string;
  /** The next connection; undefined once it is closed. */
  accept(): Promise<Connection | undefined>;
  /** Takes no more connections; those that were taken stay. */
  close(): void;
}

/** Being reached by others, until gait is told to end. */
export interface Listen {
  /** Fault `listen_failed`. With `alone` the program gives up all other use of the network, for good, as soon as it listens. */
  open(at: Reach, rules: { readonly alone: boolean }): Promise<Result<Listener>>;
  /** The signal that tells gait to end, when it comes; each call waits for the next one. */
  told(): Promise<string>;
}

/** Lines for whoever operates a service: written as they come, and dropped where nobody takes them off fast enough. */
export interface Log {
  line(text: string): void;
  /** How many lines were dropped. */
  dropped(): number;
  /** Resolves when all that was said is written, or nobody has taken it off for a while. */
  flush(): Promise<void>;
}

/** What another machine answered: the status, and the first 64 KiB of what it said, or as much of them as came. */
export type PostAnswer = { readonly status: number; readonly body: Uint8Array };

/** Other machines. */
export interface Net {
  /** Sends a body and gives the answer. Fault `network_failed`, also when the time is over. */
  post(
    url: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    milliseconds: number,
  ): Promise<Result<PostAnswer>>;
}

/** A request to a server that gait stands before. */
export type UpstreamRequest = {
  readonly method: string;
  readonly url: string;
  /** By names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
};

/** What it answers: the head, and the body as it comes. */
export interface UpstreamAnswer {
  readonly status: number;
  /** By names in lowercase; those that came more than once are joined by commas, but for cookies. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Some of the body; undefined when it has come to its end. Fault `network_failed` when it was cut short, or closed here. */
  read(): Promise<Result<Uint8Array | undefined>>;
}

/** A request that was sent. */
export interface SentRequest {
  /** Fault `network_failed`. */
  readonly answer: Promise<Result<UpstreamAnswer>>;
  /** Ends it at once, wherever it is: whoever waits on it has his answer. */
  close(): void;
}

/** A server that gait stands before. */
export interface Upstream {
  /** Sends a request, once, and follows the answer nowhere else. A host may add fields of its own where the request has none. */
  send(request: UpstreamRequest): SentRequest;
}

/** A plain file of a folder, with the moment of its last change in milliseconds. */
export type Aged = { readonly name: string; readonly modified: number };

/** A path that this process alone has, until it lets go of it or ends, however that is. */
export interface HeldPath {
  release(): void;
}

/** Files that can be made again from a journal, and what is kept of them. Faults `write_failed`, `file_exists`, `path_refused`. */
export interface Artifacts {
  /**
   * A new file, folders made: the system has it when this answers, the disk only later. A crash of the machine may leave it empty or
   * in part, or take it away.
   */
  put(path: string, bytes: Uint8Array): Result<void>;
  /** Resolves when a file that was put is on the disk. */
  keep(path: string): Promise<Result<void>>;
  /** Makes a folder and those above it. */
  folder(path: string): Result<void>;
  /** The plain files of a folder, links left out. */
  aged(folder: string): Promise<Result<readonly Aged[]>>;
  /** When a plain file was changed last, as `Aged` has it; undefined when none is there. */
  changed(path: string): Result<number | undefined>;
  /** Takes a file away; one that is gone already is no fault. */
  remove(path: string): Result<void>;
  /** Has the file at a path, made where it is not there, for this process alone; undefined when another has it. */
  hold(path: string): Promise<Result<HeldPath | undefined>>;
}

/** A second thread that signs documents by one key. */
export interface SideSigner {
  /** Signs as `signedLines` of core/base does. Undefined when the thread is lost: then nothing was signed. */
  sign(texts: Uint8Array): Promise<Uint8Array | undefined>;
  /** Ends the thread; what it has not answered is answered by undefined. */
  close(): void;
}

/** Threads beside that of the program. */
export interface Threads {
  /** Starts one that signs by this key. */
  signer(key: SigningKey): SideSigner;
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
  readonly input: Input;
  readonly store: Store;
  readonly journal: Journal;
  readonly lock: Lock;
  readonly state: State;
  readonly process: Process;
  readonly child: Child;
  readonly threads: Threads;
  readonly peer: Peer;
  readonly output: Output;
  readonly listen: Listen;
  readonly log: Log;
  readonly net: Net;
  readonly upstream: Upstream;
  readonly artifacts: Artifacts;
  /** Environment variables that a flag names. */
  readonly env: { get(name: string): string | undefined };
  /** Now, as UTC text of up to nine decimals (spec 01, section 1.2). */
  readonly clock: { now(): string };
  /** Lets time pass without doing anything. */
  readonly timer: {
    sleep(milliseconds: number): Promise<void>;
    /** Milliseconds since some moment, with fractions; they never go back. */
    elapsed(): number;
  };
  /** Unguessable bytes. */
  readonly random: { bytes(length: number): Uint8Array<ArrayBuffer> };
  readonly machine: Machine;
  /** The capabilities that the core itself takes. */
  readonly host: Host;
  /** Says how far a long action is; shown only once it has lasted longer than a second. Units are the caller's. */
  readonly progress: { report(text: string, done: number, total: number): void };
}

/** The ports that a service has beside those of other commands. */
export type Serving = Pick<Ports, "listen" | "log" | "net" | "upstream" | "artifacts">;

/** The ports that act on the world instead of only looking at it. */
export type Acting = Pick<Ports, "threads" | "store" | "journal" | "lock" | "state" | "process" | "child" | "peer"> & Serving;
