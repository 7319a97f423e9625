// Where the hooks of a coding agent keep what they decided and saw: for each of its sessions a folder with the journal, the signed traces
// and the evidence of bypasses.
import { fromUtf8, utf8 } from "../core/base/bytes.ts";
import { readDocumentLine } from "../core/base/document.ts";
import { joinPath, outputPath } from "../core/base/paths.ts";
import { ok, type Result } from "../core/base/result.ts";
import { writeShape } from "../core/base/shape.ts";
import type { HookClient } from "../core/hook/clients.ts";
import type { HookKeys } from "../core/hook/event.ts";
import type { Ports } from "../core/ports.ts";
import { type HookRecord, HookRecordShape } from "../core/schema/hook.ts";
import { lineLog, type LogPorts } from "./line_log.ts";

/** Where it is kept unless a flag says otherwise. */
export const HOOK_DIR = ".gait-out/hooks";

/** Most bytes of a journal that are looked through. */
const MOST = 256 * 2 ** 20;

/** The records of one session. */
export interface HookRecords {
  /** Adds a line; it is then on the disk. Faults `store_busy`, `write_failed`. */
  append(record: HookRecord): Promise<Result<void>>;
  /** The lines about one call, in order. Faults of files, and of lines that are none. */
  about(call_key: string): Promise<Result<readonly HookRecord[]>>;
  /** Writes a document about a call under a name of its own, and gives its path. Fault `write_failed`. */
  keep(kind: "trace" | "bypass", call_key: string, bytes: Uint8Array): Promise<Result<string>>;
}

/** The records of a session below a folder. Fault `path_refused`. */
export function hookRecords(
  dir: string,
  client: HookClient,
  { session_key }: Pick<HookKeys, "session_key">,
  ports: LogPorts & Pick<Ports, "files">,
): Result<HookRecords> {
  const root = outputPath(dir, "the folder of the hooks");
  if (!root.ok) return root;
  const folder = joinPath(root.value, `${client}/${session_key.slice(0, 32)}`);
  const path = `${folder}/journal.jsonl`;
  return ok({
    async append(record) {
      const log = lineLog(path, ports);
      try {
        return await log.append(utf8(`${JSON.stringify(writeShape(HookRecordShape, record))}\n`));
      } finally {
        log.close();
      }
    },

    async about(call_key) {
      const bytes = await ports.files.read(path, MOST);
      if (!bytes.ok) return bytes.fault.code === "file_missing" ? ok([]) : bytes;
      const lines = fromUtf8(bytes.value).split("\n");
      lines.pop(); // what stands behind the last line break was never finished
      const found: HookRecord[] = [];
      for (const [index, line] of lines.entries()) {
        if (!line.includes(call_key)) continue;
        const read = readDocumentLine(HookRecordShape, utf8(line), path, { file: path }, index + 1);
        if (!read.ok) return read;
        if (read.value?.call_key === call_key) found.push(read.value);
      }
      return ok(found);
    },

    async keep(kind, call_key, bytes) {
      for (let taken = 0;; taken++) {
        const name = `${folder}/${kind}_${call_key.slice(0, 16)}${taken === 0 ? "" : `_${taken}`}.json`;
        const written = await ports.store.write(name, bytes, "create");
        if (written.ok) return ok(name);
        if (written.fault.code !== "file_exists" || taken === TRIES) return written;
      }
    },
  });
}

const TRIES = 1_000;
