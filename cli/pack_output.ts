// What the pack commands answer (spec 04, section 3): one head for all of them.
import { VERSION_1 } from "../core/schema/heading.ts";
import type { Positionals } from "./command.ts";

/** What a pack command says first, in errors too. */
export const packHead = <const O extends string>(operation: O) =>
  ({ operation, schema_id: "gait.pack.output", schema_version: VERSION_1 }) as const;

/** What every answer about one pack says. */
export type PackAnswer<O extends string> = ReturnType<typeof packHead<O>> & {
  readonly ok: boolean;
  readonly path: string;
  readonly pack_id: string;
  readonly pack_type: string;
  readonly source_ref: string;
};

/** The argument of commands that read a pack. */
export const PACK_ARGUMENT: Positionals = { name: "path", doc: "Pack, or a bare runpack", min: 0, max: 1, complete: "path" };

/** The same as a flag. */
export const PACK_FLAG = {
  path: { kind: "text", doc: "The same as the argument", value: "file", complete: "path" },
} as const;
