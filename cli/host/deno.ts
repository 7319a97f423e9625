// The ports on a real machine, by Deno. A system error becomes a fault here, by its stable name; no word of the runtime's
// gets through.
import { fail, type Fault, ok, type Result } from "../../core/base/result.ts";
import { type Files, type Machine, type OpenFile, PortFault, type Ports } from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { denoDisk } from "./deno_disk.ts";
import { writeDurably } from "./durable.ts";
import { errnoOf, inWords } from "./errno.ts";

/** The operating system and processor, in the words of the formats. */
export const platform = (): { os: string; arch: string } => {
  const { os, arch } = Deno.build;
  return { os, arch: arch === "x86_64" ? "amd64" : arch === "aarch64" ? "arm64" : arch };
};

/** Now, as UTC text; the clock of the machine counts milliseconds. */
export const now = (): string => new Date().toISOString().replace(/\.?0*Z$/, "Z");

/** Unguessable bytes. */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 2 ** 16) crypto.getRandomValues(bytes.subarray(at, at + 2 ** 16));
  return bytes;
};

/** A name for a temporary file that nobody guesses. */
export const token = (): string => Array.from(randomBytes(9), (byte) => byte.toString(36).padStart(2, "0")).join("");

/** All ports. The home folder is handed in, because the variable that names it is read before power is given up. */
export const denoPorts = (home: string | undefined, progress: Ports["progress"]): Ports => ({
  files,
  store: {
    write: (path, bytes, mode) => Promise.resolve(writeDurably(denoDisk, path, bytes, mode, token())),
  },
  env: { get: (name) => name === "" || /[=\0]/.test(name) ? undefined : Deno.env.get(name) },
  clock: { now },
  random: { bytes: randomBytes },
  machine: { ...platform(), runtime: "deno", home } satisfies Machine,
  host: nodeHost,
  progress,
});

const files: Files = {
  read: (path, limit) => Promise.resolve(withFile(path, (file) => readAll(file, path, limit))),
  open(path) {
    const opened = withErrors<OpenFile>(path, () => {
      const file = Deno.openSync(path);
      const { isFile, size } = file.statSync();
      if (isFile) return ok(openFile(file, path, size));
      file.close();
      return fail("file_unreadable", `Cannot read "${path}": it is not a plain file`, { file: path });
    });
    return Promise.resolve(opened);
  },
  kind(path) {
    try {
      return Promise.resolve(Deno.statSync(path).isDirectory ? "folder" : "file");
    } catch (thrown) {
      errnoOf(thrown);
      return Promise.resolve("none");
    }
  },
};

const withErrors = <T>(path: string, action: () => Result<T>): Result<T> => {
  try {
    return action();
  } catch (thrown) {
    return { ok: false, fault: readFault(path, errnoOf(thrown)) };
  }
};

const withFile = <T>(path: string, action: (file: Deno.FsFile) => Result<T>): Result<T> =>
  withErrors(path, () => {
    const file = Deno.openSync(path);
    try {
      return action(file);
    } finally {
      file.close();
    }
  });

const readFault = (path: string, errno: string): Fault => ({
  code: errno === "ENOENT" || errno === "ENOTDIR" ? "file_missing" : "file_unreadable",
  message: `Cannot read "${path}": ${inWords(errno)}`,
  at: { file: path },
});

// Reads until the end, which the size does not tell for pipes and for files that grow.
function readAll(file: Deno.FsFile, path: string, limit: number): Result<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(file.statSync().size, limit) + 1);
  let length = 0;
  for (;;) {
    const count = file.readSync(bytes.subarray(length));
    if (count === null) return ok(bytes.subarray(0, length));
    length += count;
    if (length > limit) {
      return fail("file_too_large", `Cannot read "${path}": it holds more than ${inBytes(limit)}`, { file: path });
    }
    if (length === bytes.length) {
      const larger = new Uint8Array(Math.min(2 * length + 2 ** 16, limit + 1));
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
