// States as files: each beside its lock, changed only by who holds that, and replaced whole.
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Files, Lock, State } from "../../core/ports.ts";
import { stateLock } from "../../core/schema/rate_limit.ts";

/** What states as files are made of. */
export type StateHost = {
  readonly files: Pick<Files, "kind" | "read" | "isLink" | "real">;
  readonly lock: Lock;
  /** Replaces a file in one step, unless `sure` says no right before it. */
  write(path: string, bytes: Uint8Array, sure: () => boolean): Result<void>;
  /** The time, by which others see how old a lock is. */
  now(): string;
  /** A text unlike any before. */
  token(): string;
};

/** Most bytes of a state: far more than any that is in use, and little enough to be read for every call. */
const MOST = 16 * 2 ** 20;

/** The port over files and locks. */
export function stateOn({ files, lock, write, now, token }: StateHost): State {
  const rules = stateLock(now, token);

  // What is there and cannot be read is never taken for nothing: a limit would begin anew, a kill switch would be forgotten.
  async function whole(path: string): Promise<Result<Uint8Array<ArrayBuffer> | undefined>> {
    if (await files.kind(path) === "other") {
      return fail("file_unreadable", `Cannot read "${path}": it is not a plain file`, { file: path });
    }
    const bytes = await files.read(path, MOST);
    if (bytes.ok || bytes.fault.code !== "file_missing") return bytes;
    const barrier = await barrierTo(path);
    return barrier === undefined
      ? ok(undefined)
      : fail("file_unreadable", `Cannot read "${path}": "${barrier}" is not a folder`, { file: path });
  }

  // What stands where a folder of the path should be: no state can ever be kept there.
  async function barrierTo(path: string): Promise<string | undefined> {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      const kind = await files.kind(folder);
      if (kind !== "none") return kind === "folder" ? undefined : folder;
    }
    return undefined;
  }

  // Two names of one file are one state, with one lock: replaced through a link, the file behind it would stay as it was.
  async function target(path: string): Promise<Result<string>> {
    if (!await files.isLink(path)) return ok(path);
    const real = await files.real(path);
    if (!real.ok) {
      return real.fault.code === "file_missing"
        ? fail("file_unreadable", `Cannot read "${path}": it is a link that leads nowhere`, { file: path })
        : real;
    }
    return await files.kind(real.value) === "file"
      ? real
      : fail("file_unreadable", `Cannot read "${path}": it is a link to what is no plain file`, { file: path });
  }

  return {
    async read(path) {
      const found = await target(path);
      return found.ok ? await whole(found.value) : found;
    },
    async update(name, change) {
      const found = await target(name);
      if (!found.ok) return found;
      const path = found.value;
      const taken = await lock.take(`${path}.lock`, rules);
      if (!taken.ok) return taken;
      const held = taken.value;
      if (held === undefined) {
        return fail("store_busy", `Cannot use "${path}": another process holds "${path}.lock"`, { file: path });
      }
      try {
        const before = await whole(path);
        if (!before.ok) return before;
        const changed = change(before.value);
        if (!changed.ok) return changed;
        const { value, next } = changed.value;
        if (next === undefined) return ok(value);
        if (next.length > MOST) { // it could not be read again
          return fail("file_too_large", `Cannot write "${path}": it would hold more than ${MOST / 2 ** 20} MiB`, {
            file: path,
          });
        }
        const written = write(path, next, () => held.still());
        return written.ok ? ok(value) : written;
      } finally {
        held.release();
      }
    },
  };
}
