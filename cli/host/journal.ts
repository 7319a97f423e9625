// Files that grow at their end, over the primitive steps of any disk: an append is there wholly or, as far as the disk lets, not
// at all.
import { fail, type Fault, ok, type Result } from "../../core/base/result.ts";
import type { Journal, JournalFile, RoomyFile, Until } from "../../core/ports.ts";
import { errnoOf, inWords } from "./errno.ts";

/** An open file, as the system has it. All throw system errors. */
export interface GrowingFile {
  /** Tells this file from every other that is there. */
  readonly id: string;
  /** Whether it is a plain file: what is written to a pipe waits for its reader. */
  readonly plain: boolean;
  /** Reads from `at`; 0 at the end. */
  read(at: number, into: Uint8Array): number;
  /** Adds some of the bytes at the end, at least one; says how many. */
  write(bytes: Uint8Array): number;
  /** Returns when bytes and size are on the disk. */
  sync(): void;
  syncLater(): Promise<void>;
  truncate(size: number): void;
  close(): void;
}

/** An open file that is written into. All throw system errors. */
export interface PlacedFile extends Pick<GrowingFile, "id" | "plain" | "sync" | "syncLater" | "truncate" | "close"> {
  /** Writes some of the bytes from `at` on, at least one; says how many. */
  writeAt(bytes: Uint8Array, at: number): number;
}

/** The steps of a disk that files which grow need. */
export interface GrowingDisk {
  open(path: string): GrowingFile;
  openPlaced(path: string): PlacedFile;
  /** What is at a path now: ENOENT when nothing is. */
  stat(path: string): { readonly id: string; readonly size: number };
}

/** The port over a disk. */
export const journalOn = (disk: GrowingDisk): Journal => ({
  open: (path) => opened(path, () => disk.open(path), (file) => fileOn(disk, path, file)),
  openRoomy: (path) => opened(path, () => disk.openPlaced(path), (file) => roomyOn(disk, path, file)),
});

function opened<F extends Pick<GrowingFile, "plain" | "close">, T>(
  path: string,
  open: () => F,
  made: (file: F) => T,
): Result<T> {
  try {
    const file = open();
    if (file.plain) return ok(made(file));
    file.close();
    return fail("file_unreadable", `Cannot open journal "${path}": it is not a plain file`, { file: path });
  } catch (thrown) {
    const errno = errnoOf(thrown);
    const code = errno === "ENOENT" || errno === "ENOTDIR" ? "file_missing" : "file_unreadable";
    return fail(code, `Cannot open "${path}": ${inWords(errno)}`, { file: path });
  }
}

function fileOn(disk: GrowingDisk, path: string, file: GrowingFile): JournalFile {
  const faultOf = (code: Fault["code"], verb: string, thrown: unknown): Result<never> =>
    fail(code, `Cannot ${verb} "${path}": ${inWords(errnoOf(thrown))}`, { file: path });

  // What was written without being acknowledged must not stand in the way of what comes next. Where even that fails, a torn line
  // is left, which the next reader takes away; so only the first error is told.
  const undo = (size: number, thrown: unknown): Result<never> => {
    const fault = faultOf("write_failed", "write", thrown);
    try {
      file.truncate(size);
      file.sync();
    } catch (second) {
      errnoOf(second);
    }
    return fault;
  };

  const write = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length;) done += file.write(bytes.subarray(done));
  };

  return {
    look() {
      try {
        const { id, size } = disk.stat(path);
        return ok({ size, current: id === file.id });
      } catch (thrown) {
        return faultOf("file_unreadable", "read", thrown);
      }
    },
    read(at, length) {
      const bytes = new Uint8Array(length);
      try {
        let done = 0;
        while (done < length) {
          const count = file.read(at + done, bytes.subarray(done));
          if (count === 0) break;
          done += count;
        }
        return ok(bytes.subarray(0, done));
      } catch (thrown) {
        return faultOf("file_unreadable", "read", thrown);
      }
    },
    append(bytes, size, until: Until) {
      try {
        write(bytes);
        if (until === "disk") file.sync();
        return ok(undefined);
      } catch (thrown) {
        return undo(size, thrown);
      }
    },
    async appendLater(bytes, size, until: Until) {
      try {
        write(bytes); // into the system's memory, which takes less than asking another thread to do it
        if (until === "disk") await file.syncLater();
        return ok(undefined);
      } catch (thrown) {
        return undo(size, thrown);
      }
    },
    cut(size) {
      try {
        file.truncate(size);
        file.sync();
        return ok(undefined);
      } catch (thrown) {
        return faultOf("write_failed", "mend", thrown);
      }
    },
    close: () => file.close(),
  };
}

const PIECE = 2 ** 16;

function roomyOn(disk: GrowingDisk, path: string, file: PlacedFile): RoomyFile {
  const refuse = (thrown: unknown): Result<never> =>
    fail("write_failed", `Cannot write "${path}": ${inWords(errnoOf(thrown))}`, { file: path });
  const put = (bytes: Uint8Array, at: number): void => {
    for (let done = 0; done < bytes.length;) done += file.writeAt(bytes.subarray(done), at + done);
  };
  return {
    look() {
      try {
        const { id, size } = disk.stat(path);
        return ok({ size, current: id === file.id });
      } catch (thrown) {
        return refuse(thrown);
      }
    },
    write(bytes, at, until: Until) {
      try {
        put(bytes, at);
        if (until === "disk") file.sync();
        return ok(undefined);
      } catch (thrown) {
        return refuse(thrown);
      }
    },
    async writeLater(bytes, at) {
      try {
        put(bytes, at);
        await file.syncLater();
        return ok(undefined);
      } catch (thrown) {
        return refuse(thrown);
      }
    },
    async room(size) {
      try {
        const zeros = new Uint8Array(PIECE);
        for (let at = disk.stat(path).size; at < size; at += PIECE) put(zeros.subarray(0, Math.min(PIECE, size - at)), at);
        await file.syncLater();
        return ok(undefined);
      } catch (thrown) {
        return refuse(thrown);
      }
    },
    cut(size) {
      try {
        file.truncate(size);
        file.sync();
        return ok(undefined);
      } catch (thrown) {
        return refuse(thrown);
      }
    },
    close: () => file.close(),
  };
}
