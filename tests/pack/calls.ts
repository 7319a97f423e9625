// Call records for tests, as their producer writes them.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { CALL_LINES } from "./packs.ts";

/** A record that holds, some of its members changed; undefined takes one out. */
export function callRecord(change: Readonly<Record<string, Json | undefined>> = {}): JsonObject {
  const record: Record<string, Json | undefined> = {
    created_at: "2031-06-10T16:00:00+02:00",
    call_id: " c1 ",
    runpack_path: "run.zip",
    events: CALL_LINES.events,
    commitments: [CALL_LINES.commitment],
    gate_decisions: [CALL_LINES.decision],
    speak_receipts: [CALL_LINES.receipt],
    ...change,
  };
  return Object.fromEntries(Object.entries(record).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]));
}

/** Its bytes. */
export const callBytes = (change: Readonly<Record<string, Json | undefined>> = {}): Uint8Array =>
  utf8(JSON.stringify(callRecord(change)));
