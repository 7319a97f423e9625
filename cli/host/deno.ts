// The ports on a real machine, by Deno. A system error becomes a fault here, by its stable name; no word of the runtime's
// gets through.
import { fail, type Fault, ok, type Result } from "../../core/base/result.ts";
import { byBytes } from "../../core/base/text.ts";
import { timeFromClock } from "../../core/base/time.ts";
import {
  type Acting,
  type Files,
  type Input,
  type Machine,
  type OpenFile,
  type Output,
  PortFault,
  type Ports,
  type Serving,
} from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { asked, errnoOf, inWords } from "./errno.ts";

/** The operating system and processor, in the words of the formats. */
export const platform = (): { os: string; arch: string } => {
  const { os, arch } = Deno.build;
  return { os, arch: arch === "x86_64" ? "amd64" : arch === "aarch64" ? "arm64" : arch };
};

/** Now, as UTC text; the clock of the machine counts milliseconds. */
export const now = (): string => timeFromClock(Date.now());

/** Unguessable bytes. */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 2 ** 16) crypto.getRandomValues(bytes.subarray(at, at + 2 ** 16));
  return bytes;
};

/** A name for a temporary file that nobody guesses. */
export const token = (): string => Array.from(randomBytes(9), (byte) => byte.toString(36).padStart(2, "0")).join("");

const NOT_ASKED = fail("internal", "Cannot use a port that the command did not ask for");

/** What stands for the ports of a service in all other commands. */
export const NO_SERVING: Serving = {
  listen: { open: () => Promise.resolve(NOT_ASKED), told: () => new Promise(() => {}) },
  log: { line: () => {}, dropped: () => 0, flush: () => Promise.resolve() },
  net: { post: () => Promise.resolve(NOT_ASKED) },
  upstream: { send: () => ({ answer: Promise.resolve(NOT_ASKED), close: () => {} }) },
  artifacts: {
    put: () => NOT_ASKED,
    keep: () => Promise.resolve(NOT_ASKED),
    folder: () => NOT_ASKED,
    aged: () => Promise.resolve(NOT_ASKED),
    changed: () => NOT_ASKED,
    remove: () => NOT_ASKED,
    hold: () => Promise.resolve(NOT_ASKED),
  },
};

/** What stands for the ports that act where a command asks for none of them. */
export const NO_ACTING: Acting = {
  store: {
    write: () => Promise.resolve(NOT_ASKED),
    writeAll: () => Promise.resolve(NOT_ASKED),
    writePieces: () => Promise.resolve(NOT_ASKED),
    remove: () => Promise.resolve(NOT_ASKED),
  },
  journal: { open: () => NOT_ASKED, openRoomy: () => NOT_ASKED },
  lock: { take: () => Promise.resolve(NOT_ASKED) },
  state: { read: () => Promise.resolve(NOT_ASKED), update: () => Promise.resolve(NOT_ASKED) },
  process: { run: () => Promise.resolve(NOT_ASKED) },
  child: { run: () => Promise.resolve(NOT_ASKED) },
  threads: { signer: () => ({ sign: () => Promise.resolve(undefined), close: () => {} }) },
  peer: { start: () => Promise.resolve(NOT_ASKED), told: () => new Promise(() => {}) },
  ...NO_SERVING,
};

/**
 * All ports. The home folder is handed in, because it is read before power is given up; `printed` writes some of the bytes to standard
 * output and says how many, and is for the program alone to give.
 */
export const denoPorts = (
  home: string | undefined,
  progress: Ports["progress"],
  acting: Acting,
  printed: (bytes: Uint8Array) => Promise<number> = () => Promise.reject(new Error("no standard output was handed in")),
): Ports => ({
  ...acting,
  files: denoFiles,
  input,
  output: outputBy(printed),
  env: { get: variable },
  clock: { now },
  timer: {
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    elapsed: () => performance.now(),
  },
  random: { bytes: randomBytes },
  machine: { ...platform(), runtime: "deno", home } satisfies Machine,
  host: nodeHost,
  progress,
});

// One that may not be read counts as unset.
const variable = (name: string): string | undefined =>
  name !== "" && !/[=\0]/.test(name) && Deno.permissions.querySync({ name: "env", variable: name }).state === "granted"
    ? Deno.env.get(name)
    : undefined;

const PIECE = 2 ** 18;

let spare: Uint8Array<ArrayBuffer> | undefined; // a line of a few bytes is copied: a whole piece for each would be made again and again

const input: Input = {
  async next() {
    const bytes = spare ?? new Uint8Array(PIECE);
    spare = undefined;
    try {
      const count = await Deno.stdin.read(bytes);
      if (count === null) return ok(undefined);
      if (count > PIECE / 4) return ok(bytes.subarray(0, count));
      spare = bytes;
      return ok(bytes.slice(0, count));
    } catch (thrown) {
      return { ok: false, fault: readFault("-", errnoOf(thrown)) };
    }
  },
};

const outputBy = (write: (bytes: Uint8Array) => Promise<number>): Output => ({
  async write(bytes) {
    try {
      for (let done = 0; done < bytes.length;) done += await write(bytes.subarray(done));
      return true;
    } catch (thrown) {
      errnoOf(thrown); // nobody reads it any more
      return false;
    }
  },
});

/** Reading on the disk that the process sees. */
export const denoFiles: Files = {
  read: (path, limit) => Promise.resolve(withFile(path, (file) => readAll(file, path, limit))),
  open(path) {
    const opened = withErrors<OpenFile>(path, () => {
      // Looked at before it is opened: opening a pipe waits for its writer.
      if (!asked(() => Deno.statSync(path)).isFile) {
        return fail("file_unreadable", `Cannot read "${path}": it is not a plain file`, { file: path });
      }
      const file = Deno.openSync(path);
      return ok(openFile(file, path, file.statSync().size));
    });
    return Promise.resolve(opened);
  },
  kind(path) {
    if (path === "") return Promise.resolve("none");
    try {
      const { isDirectory, isFile } = asked(() => Deno.statSync(path));
      return Promise.resolve(isDirectory ? "folder" : isFile ? "file" : "other");
    } catch (thrown) {
      errnoOf(thrown);
      return Promise.resolve("none");
    }
  },
  list: (folder) =>
    Promise.resolve(withErrors(folder, () => ok(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(byBytes)))),
  isLink(path) {
    if (path === "") return Promise.resolve(false);
    try {
      return Promise.resolve(asked(() => Deno.lstatSync(path)).isSymlink);
    } catch (thrown) {
      return Promise.resolve(!NOTHING.includes(errnoOf(thrown)));
    }
  },
  twin(path) {
    if (path === "") return Promise.resolve(undefined);
    try {
      const { isFile, nlink, dev, ino } = asked(() => Deno.statSync(path));
      return Promise.resolve(isFile && (nlink ?? 1) > 1 && ino !== null ? `${dev}:${ino}` : undefined);
    } catch (thrown) {
      errnoOf(thrown);
      return Promise.resolve(undefined);
    }
  },
  real: (path) => Promise.resolve(withErrors(path, () => ok(asked(() => Deno.realPathSync(path)).replaceAll(SEPARATOR, "/")))),
};

const NOTHING = ["ENOENT", "ENOTDIR"];
const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";

// An empty path is asked of nobody: a runtime that has given up power takes it for a mistake of the program.
const withErrors = <T>(path: string, action: () => Result<T>): Result<T> => {
  if (path === "") return { ok: false, fault: readFault(path, "ENOENT") };
  try {
    return action();
  } catch (thrown) {
    return { ok: false, fault: readFault(path, errnoOf(thrown)) };
  }
};

const withFile = <T>(path: string, action: (file: Deno.FsFile) => Result<T>): Result<T> =>
  withErrors(path, () => {
    const file = asked(() => Deno.openSync(path));
    try {
      return action(file);
    } finally {
      file.close();
    }
  });

const readFault = (path: string, errno: string): Fault => ({
  code: NOTHING.includes(errno) ? "file_missing" : "file_unreadable",
  message: `Cannot read "${path}": ${inWords(errno)}`,
  at: { file: path },
});

/** Most files are shorter, and read without asking how long they are. */
const SHORT = 2 ** 14;

// Reads until the end, which the size does not tell for pipes and for files that grow.
function readAll(file: Deno.FsFile, path: string, limit: number): Result<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(SHORT, limit) + 1);
  let length = 0;
  for (;;) {
    const count = file.readSync(bytes.subarray(length));
    if (count === null) return ok(bytes.subarray(0, length));
    length += count;
    if (length > limit) {
      return fail("file_too_large", `Cannot read "${path}": it holds more than ${inBytes(limit)}`, { file: path });
    }
    if (length === bytes.length) {
      const told = length === SHORT + 1 ? file.statSync().size : 0;
      const larger = new Uint8Array(Math.min(Math.max(told, 2 * length), limit) + 1);
      larger.set(bytes);
      bytes = larger;
    }
  }
}

const inBytes = (count: number): string => count > 0 && count % 2 ** 20 === 0 ? `${count / 2 ** 20} MiB` : `${count} bytes`;

const openFile = (file: Deno.FsFile, path: string, size: number): OpenFile => ({
  size,
  read: (at, length) =>
    new Promise((resolve) => {
      try {
        resolve(readAt(file, at, Math.min(length, Math.max(0, size - at))));
      } catch (thrown) {
        throw new PortFault(readFault(path, errnoOf(thrown))); // inside a promise: a rejection
      }
    }),
  close: () => file.close(),
});

function readAt(file: Deno.FsFile, at: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  file.seekSync(at, Deno.SeekMode.Start);
  let done = 0;
  while (done < length) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
