// What one session records: a journal that begins with its first call, and at its end the runpack that seals it.
import { hex, utf8 } from "../../core/base/bytes.ts";
import { publicKeyText } from "../../core/base/keys.ts";
import { joinPath } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { stampOf } from "../../core/flow/boundary_names.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { WRAP_SESSION_ID, type WrapHeader } from "../../core/schema/wrap_session.ts";
import type { BoundaryReady } from "../boundary.ts";
import { type WrapJournal, wrapJournal } from "./journal.ts";
import type { WrapPorts } from "./ports.ts";
import { sealSession } from "./seal.ts";
import type { WrapSettings } from "./settings.ts";

/** The records of one session. */
export type SessionRecords = {
  readonly session_id: string;
  readonly journal: WrapJournal;
  /** Writes the last record and seals: the path of the runpack, blank where there was nothing to record. Faults of writing and damage. */
  end(why: string): Promise<Result<string>>;
};

/** The records of a session that begins now; nothing is made before the first. `server` is what stands behind the gate. */
export function sessionRecords(
  { server_name, session_dir, room, boundary: { policy, version } }: WrapSettings,
  server: Pick<WrapHeader, "program" | "command_digest">,
  ready: BoundaryReady,
  ports: WrapPorts,
): SessionRecords {
  const created_at = ports.clock.now();
  const plain = server_name.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 40) || "mcp";
  const session_id = `wrap_${plain}_${stampOf(created_at).replace(".", "_")}_${hex(ports.random.bytes(6))}`;
  const { journal, calls } = counted(wrapJournal({ session_dir, room }, {
    schema_id: WRAP_SESSION_ID,
    schema_version: VERSION_1,
    created_at,
    producer_version: version,
    session_id,
    server_name,
    ...server,
    policy,
    key_id: ready.key.keyId,
  }, ports));
  async function last(why: string): Promise<Result<string>> {
    const ended = await journal.append({ record_type: "end", end: { why, calls: calls() } }, "disk");
    const closed = await journal.close();
    if (!ended.ok) return ended;
    return closed.ok ? await seal(joinPath(session_dir, session_id), version, ready, ports) : closed;
  }
  return {
    session_id,
    journal,
    async end(why) {
      const sealed = journal.begun() ? await last(why) : ok("");
      journal.settle(sealed.ok);
      return sealed;
    },
  };
}

/** A journal, and how many calls it tells of: one that could not be written down is not among them, and has not left. */
function counted(journal: WrapJournal): { readonly journal: WrapJournal; readonly calls: () => number } {
  let calls = 0;
  const append: WrapJournal["append"] = async (draft, until) => {
    const added = await journal.append(draft, until);
    if (added.ok && (draft.decision !== undefined || draft.undecided !== undefined)) calls++;
    return added;
  };
  return { journal: { ...journal, append }, calls: () => calls };
}

/** Seals a folder whose journal has ended. A key that was made for this run is gone with it: its public half stays, or nobody could check the seal. */
export async function seal(
  folder: string,
  version: string,
  { key, dev }: BoundaryReady,
  ports: Pick<WrapPorts, "files" | "store" | "machine" | "host">,
): Promise<Result<string>> {
  // Before the runpack: a session that has one counts as sealed.
  const written = dev
    ? await ports.store.write(joinPath(folder, "signer.pub"), utf8(publicKeyText(key)), "replace")
    : ok(undefined);
  return written.ok ? await sealSession(folder, version, key, ports) : written;
}
