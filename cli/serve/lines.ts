// Lines that many calls add to one file: those that wait together are written together, and each is told of it only then.
import { utf8 } from "../../core/base/bytes.ts";
import { outputPath } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { lineLog, type LogPorts, SHARED_LINES } from "../line_log.ts";

/** A file that gets a line a call. */
export interface SharedLines {
  /** Adds a line; it is on the disk when this resolves. Faults `store_busy`, `write_failed`. */
  append(line: string): Promise<Result<void>>;
  close(): Promise<void>;
}

/** Opens the file at a path; nothing is written for an empty one. Fault `path_refused`. */
export function sharedLines(path: string, what: string, ports: LogPorts): Result<SharedLines> {
  if (path === "") return ok({ append: () => Promise.resolve(ok(undefined)), close: () => Promise.resolve() });
  const cleaned = outputPath(path, what);
  if (!cleaned.ok) return cleaned;
  const log = lineLog(cleaned.value, ports, SHARED_LINES);
  let waiting: { readonly line: string; readonly settle: (result: Result<void>) => void }[] = [];
  let working: Promise<void> | undefined;
  async function work(): Promise<void> {
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const added = await log.append(utf8(batch.map(({ line }) => line).join("")));
      for (const { settle } of batch) settle(added);
    }
    working = undefined;
  }
  return ok({
    append: (line) =>
      new Promise((settle) => {
        waiting.push({ line, settle });
        working ??= work();
      }),
    async close() {
      await working;
      log.close();
    },
  });
}
