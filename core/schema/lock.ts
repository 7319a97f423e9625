// The lock of what several processes change: what stands in it, and when it is nobody's any more. A journal and a state lock alike.
import { utf8 } from "../base/bytes.ts";
import { readDocument } from "../base/document.ts";
import { isCutShort } from "../base/json_torn.ts";
import { filled, type Infer, integer, object, text, time, writeShape } from "../base/shape.ts";
import { isZeroTime, millisecondsBetween } from "../base/time.ts";
import { VERSION_1 } from "./heading.ts";

/** The shape of the locks of one kind. */
export const lockShape = (id: string, doc: string) =>
  object(doc, () => ({
    schema_id: text(`Always ${id}`),
    schema_version: text(`Always ${VERSION_1}`),
    pid: integer("Process that holds it"),
    created_at: time("When it was taken; after the lease it may be taken over"),
    token: filled(text("Made up for this one lock, so that its holder knows it again")),
    kernel: filled(text("The running system on which the holder keeps the file locked as long as it lives")),
  }));

const AnyLockShape = lockShape("the id of its kind", "A lock of any kind");

/** Who holds a lock, and since when. */
export type Held = Pick<Infer<typeof AnyLockShape>, "pid" | "created_at" | "token" | "kernel">;

/** What a holder writes into a lock of the kind `schema_id`. */
export const lockText = (schema_id: string, held: Held): Uint8Array<ArrayBuffer> =>
  utf8(JSON.stringify(writeShape(AnyLockShape, { schema_id, schema_version: VERSION_1, ...held })));

/** What a lock says. */
export type LockSays = {
  /** Its lease has run out, by its own time. */
  readonly expired: boolean;
  /** It says when it was taken, and that is not in the future. */
  readonly timed: boolean;
  /** It is empty or ends in the middle: its maker died before it held anything. */
  readonly unfinished: boolean;
  /** The system on which its holder can be seen to live; blank when it names none. */
  readonly kernel: string;
};

/** Reads a lock of this or another program. One that holds something else, or no time, never expires. */
export function readLock(bytes: Uint8Array, now: string, lease: number): LockSays {
  const read = readDocument(AnyLockShape, bytes, "lock", {});
  if (!read.ok) return { expired: false, timed: false, unfinished: isCutShort(bytes), kernel: "" };
  const { created_at, kernel } = read.value.value;
  const age = isZeroTime(created_at) ? -1 : millisecondsBetween(created_at, now);
  return { expired: age > lease, timed: age >= 0, unfinished: false, kernel };
}
