// What one session records, in parts: a journal that begins with its first call, and the next one when it has become long. Each is sealed
// when all its calls have their results, the last one when the session ends.
import { hex } from "../../core/base/bytes.ts";
import type { Result } from "../../core/base/result.ts";
import { stampOf } from "../../core/flow/boundary_names.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { WRAP_SESSION_ID, type WrapHeader } from "../../core/schema/wrap_session.ts";
import type { BoundaryReady } from "../boundary.ts";
import { underway } from "../underway.ts";
import type { WrapJournal } from "./journal.ts";
import { beginPart, type Part } from "./part.ts";
import type { WrapPorts } from "./ports.ts";
import { say } from "./say.ts";
import type { WrapSettings } from "./settings.ts";

/** How long the journal of a part may be before the next one begins: some 3,000 calls, for whose seal the others wait half a second. */
const PART_BYTES = 2 ** 23;

/** The records of one session. */
export type SessionRecords = {
  readonly session_id: string;
  readonly journal: Pick<WrapJournal, "append">;
  /**
   * Writes the last record and seals: the path of the last runpack, blank where there was nothing to record. Faults of writing and damage,
   * those of earlier parts too.
   */
  end(why: string): Promise<Result<string>>;
};

/** The records of a session that begins now; nothing is made before the first. `server` is what stands behind the gate. */
export function sessionRecords(
  { server_name, session_dir, room, part_bytes = PART_BYTES, boundary: { policy, version } }: WrapSettings,
  server: Pick<WrapHeader, "program" | "command_digest">,
  ready: BoundaryReady,
  ports: WrapPorts,
): SessionRecords {
  const began = ports.clock.now();
  const plain = server_name.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 40) || "mcp";
  const session_id = `wrap_${plain}_${stampOf(began).replace(".", "_")}_${hex(ports.random.bytes(6))}`;
  let count = 0;
  const begin = (created_at: string, continues: string): Part =>
    beginPart(
      { session_dir, room },
      {
        schema_id: WRAP_SESSION_ID,
        schema_version: VERSION_1,
        created_at,
        producer_version: version,
        session_id: ++count === 1 ? session_id : `${session_id}_${count}`,
        continues,
        server_name,
        ...server,
        policy,
        key_id: ready.key.keyId,
      },
      ready,
      ports,
    );
  let current = begin(began, "");
  const full = new Set<Part>();
  const sealing = underway();
  let failed: Result<string> | undefined;

  function seal(part: Part): void {
    full.delete(part);
    sealing.add(
      part.end("continued").then((path) => {
        if (!path.ok) failed = path;
        say(path.ok ? `session sealed so far: ${path.value}` : path.fault.message, ports);
      }),
    );
  }

  /** The part that a record belongs to: that of its call, or the one that is written to now. */
  function partFor(call: number | undefined): Part {
    const own = call === undefined ? undefined : [current, ...full].find((part) => part.owes(call));
    if (own !== undefined) return own;
    if (current.size() >= part_bytes) {
      const before = current;
      full.add(before);
      current = begin(ports.clock.now(), before.id);
      if (before.idle()) seal(before);
    }
    return current;
  }

  return {
    session_id,
    journal: {
      async append(draft, until) {
        const part = partFor(draft.result?.call);
        const added = await part.append(draft, until);
        if (full.has(part) && part.idle()) seal(part);
        return added;
      },
    },
    async end(why) {
      for (const part of full) seal(part);
      await sealing.all();
      const last = await current.end(why);
      return last.ok && failed !== undefined ? failed : last;
    },
  };
}
