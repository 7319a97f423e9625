// Sessions whose gate is gone, killed or without power: what they left is sealed by the next gate with the same folder. A session that
// lives is never touched: its gate keeps a file locked for as long as it lives, however it ends.
import { joinPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { MAX_ENTRY_BYTES } from "../../core/base/zip_limits.ts";
import { endInterrupted } from "../../core/flow/wrap_recovery.ts";
import type { BoundaryReady } from "../boundary.ts";
import { OPEN_MARKS, openMark, WRAP_JOURNAL } from "./journal.ts";
import type { WrapPorts } from "./ports.ts";
import { seal } from "./part.ts";
import { say } from "./say.ts";
import { WRAP_RUNPACK } from "./seal.ts";
import type { WrapSettings } from "./settings.ts";

/** Seals what is left below the folder of the sessions; says what it did on standard error. Its faults end nothing. */
export async function sealLeftovers(settings: WrapSettings, ready: BoundaryReady, ports: WrapPorts): Promise<void> {
  const { session_dir, boundary: { version } } = settings;
  const marks = await ports.files.list(joinPath(session_dir, OPEN_MARKS));
  if (!marks.ok) return; // nobody has begun a session here
  for (const session_id of marks.value) {
    const held = await ports.artifacts.hold(openMark(session_dir, session_id));
    if (!held.ok || held.value === undefined) continue; // it lives, or who keeps it cannot be told here
    const sealed = await sealOne(joinPath(session_dir, session_id), version, ready, ports);
    if (sealed.ok) ports.artifacts.remove(openMark(session_dir, session_id));
    held.value.release();
    if (!sealed.ok) say(sealed.fault.message, ports);
    else if (sealed.value !== "") say(`session whose gate is gone sealed: ${sealed.value}`, ports);
  }
}

/** The path of the runpack; blank where there is nothing to seal: its gate died before its first record, or when all was done. */
async function sealOne(folder: string, version: string, ready: BoundaryReady, ports: WrapPorts): Promise<Result<string>> {
  if (await ports.files.kind(joinPath(folder, WRAP_RUNPACK)) !== "none") return ok("");
  const path = joinPath(folder, WRAP_JOURNAL);
  if (await ports.files.kind(path) === "none") return ok("");
  const bytes = await ports.files.read(path, MAX_ENTRY_BYTES);
  if (!bytes.ok) return bytes;
  const left = endInterrupted(bytes.value, path, ports.clock.now());
  if (!left.ok) return left;
  const file = ports.journal.open(path);
  if (!file.ok) return file;
  const { size, rest } = left.value;
  const mended = size < bytes.value.length ? file.value.cut(size) : ok(undefined);
  const ended = mended.ok && rest.length > 0 ? file.value.append(rest, size, "disk") : mended;
  file.value.close();
  return ended.ok ? await seal(folder, version, ready, ports) : fail("record_failed", ended.fault.message, { file: path });
}
