// One part of what a session records: a journal, and the runpack that seals it. Most sessions have one; a long one has several, since a
// journal without end would fit no runpack.
import { utf8 } from "../../core/base/bytes.ts";
import { publicKeyText } from "../../core/base/keys.ts";
import { joinPath } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import type { WrapHeader } from "../../core/schema/wrap_session.ts";
import type { BoundaryReady } from "../boundary.ts";
import { type WrapJournal, wrapJournal, type WrapPlace } from "./journal.ts";
import type { WrapPorts } from "./ports.ts";
import { sealSession } from "./seal.ts";

/** A part. */
export interface Part extends Pick<WrapJournal, "append" | "size"> {
  readonly id: string;
  /** Whether it waits for the result of a call. */
  owes(call: number): boolean;
  /** Whether nobody writes to it and each call in it that left has its result. */
  idle(): boolean;
  /** Writes the last record and seals: the path of the runpack, blank where there was nothing to record. Faults of writing and damage. */
  end(why: string): Promise<Result<string>>;
}

/** A part that begins now; nothing is made before its first record. */
export function beginPart(place: WrapPlace, header: WrapHeader, ready: BoundaryReady, ports: WrapPorts): Part {
  const journal = wrapJournal(place, header, ports);
  let calls = 0; // one that could not be written down is not among them, and has not left
  const due = new Set<number>(); // calls that left and have no result
  let writing = 0;
  async function last(why: string): Promise<Result<string>> {
    const ended = await journal.append({ record_type: "end", end: { why, calls } }, "disk");
    const closed = await journal.close();
    if (!ended.ok) return ended;
    return closed.ok
      ? await seal(joinPath(place.session_dir, header.session_id), header.producer_version, ready, ports)
      : closed;
  }
  return {
    id: header.session_id,
    size: journal.size,
    async append(draft, until) {
      writing++;
      const added = await journal.append(draft, until);
      writing--;
      const { decision, undecided, result } = draft;
      if (added.ok && (decision !== undefined || undecided !== undefined)) calls++;
      if (added.ok && decision?.verdict === "allow") due.add(decision.call);
      if (added.ok && result !== undefined) due.delete(result.call);
      return added;
    },
    owes: (call) => due.has(call),
    idle: () => writing === 0 && due.size === 0,
    async end(why) {
      const sealed = journal.begun() ? await last(why) : ok("");
      journal.settle(sealed.ok);
      return sealed;
    },
  };
}

/**
 * Seals a folder whose journal has ended. A key that was made for this run is gone with it: its public half stays, or nobody could check
 * the seal.
 */
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
