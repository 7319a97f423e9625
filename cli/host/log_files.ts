// Logs on a real disk: lines appended by one process at a time, and a file that is rewritten whole.
import { utf8 } from "../../core/base/bytes.ts";
import { token } from "./deno.ts";
import { denoDisk } from "./deno_disk.ts";
import { makeFolders, writeDurably } from "./durable.ts";
import { errnoOf, inWords } from "./errno.ts";

/** How long to wait for the lock of another process, in milliseconds. */
export type Patience = { readonly retry: number; readonly giveUp: number; readonly stale: number };

/** The waiting times of spec 01, section 9. */
export const PATIENCE: Patience = { retry: 10, giveUp: 30_000, stale: 120_000 };

/**
 * Appends text to a file (0600) while holding `<path>.lock`; folders are made. Says why it could not. Should two processes
 * ever take over one stale lock, each still appends whole lines: the system puts each write at the end.
 */
export async function appendLocked(path: string, text: string, patience: Patience = PATIENCE): Promise<string | undefined> {
  const lock = `${path}.lock`;
  try {
    const folder = denoDisk.parent(path);
    if (folder !== undefined) makeFolders(denoDisk, folder);
    if (!await takeLock(lock, patience)) return `another process holds "${lock}"`;
    try {
      append(path, utf8(text));
    } finally {
      Deno.removeSync(lock);
    }
    return undefined;
  } catch (thrown) {
    return inWords(errnoOf(thrown));
  }
}

/** Puts text in the place of a file (0600) in one step; folders are made. Says why it could not. */
export function rewrite(path: string, text: string): Promise<string | undefined> {
  const written = writeDurably(denoDisk, path, utf8(text), "replace", token());
  return Promise.resolve(written.ok ? undefined : written.fault.message);
}

async function takeLock(lock: string, { retry, giveUp, stale }: Patience): Promise<boolean> {
  for (const begun = performance.now();;) {
    try {
      Deno.openSync(lock, { write: true, createNew: true, mode: 0o600 }).close();
      return true;
    } catch (thrown) {
      if (errnoOf(thrown) !== "EEXIST") throw thrown;
    }
    if (isStale(lock, stale)) remove(lock);
    else if (performance.now() - begun >= giveUp) return false;
    else await new Promise((resolve) => setTimeout(resolve, retry));
  }
}

function isStale(lock: string, age: number): boolean {
  try {
    const { mtime } = Deno.statSync(lock);
    return mtime !== null && Date.now() - mtime.getTime() > age;
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
    return false; // given back just now
  }
}

function remove(lock: string): void {
  try {
    Deno.removeSync(lock);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown; // another process was faster
  }
}

function append(path: string, bytes: Uint8Array): void {
  const file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  try {
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  } finally {
    file.close();
  }
}
