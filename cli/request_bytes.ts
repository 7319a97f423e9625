// The request that a command decides: a file, or standard input where it is called `-`.
import { concatBytes } from "../core/base/bytes.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { INTENT_LIMIT } from "../core/gate/intent_read.ts";
import type { Ports } from "../core/ports.ts";

/** Its bytes, at most those of an intent. Faults of files. */
export const requestBytes = (path: string, ports: Pick<Ports, "files" | "input">): Promise<Result<Uint8Array>> =>
  path === "-" ? readInput(ports) : ports.files.read(path, INTENT_LIMIT);

async function readInput({ input }: Pick<Ports, "input">): Promise<Result<Uint8Array>> {
  const pieces: Uint8Array[] = [];
  for (let size = 0; size <= INTENT_LIMIT;) {
    const piece = await input.next();
    if (!piece.ok) return piece;
    if (piece.value === undefined) return ok(concatBytes(pieces));
    pieces.push(piece.value);
    size += piece.value.length;
  }
  return fail("file_too_large", `Cannot read "-": it holds more than ${INTENT_LIMIT} bytes`);
}
