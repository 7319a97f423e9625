// The request that a command decides: a file, or standard input where it is called `-`.
import { concatBytes } from "../core/base/bytes.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { INTENT_LIMIT } from "../core/gate/intent_read.ts";
import type { Ports } from "../core/ports.ts";

/** Its bytes, at most those of an intent unless told. Faults of files. */
export const requestBytes = (
  path: string,
  ports: Pick<Ports, "files" | "input">,
  limit = INTENT_LIMIT,
): Promise<Result<Uint8Array>> => path === INPUT ? readInput(ports, limit) : ports.files.read(path, limit);

/** What standard input is called. */
export const INPUT = "-";

/** The fault of a request on standard input that is too large. */
export const tooLarge = (limit = INTENT_LIMIT): Result<never> =>
  fail("file_too_large", `Cannot read "${INPUT}": it holds more than ${limit} bytes`);

async function readInput({ input }: Pick<Ports, "input">, limit: number): Promise<Result<Uint8Array>> {
  const pieces: Uint8Array[] = [];
  for (let size = 0; size <= limit;) {
    const piece = await input.next();
    if (!piece.ok) return piece;
    if (piece.value === undefined) return ok(concatBytes(pieces));
    pieces.push(piece.value);
    size += piece.value.length;
  }
  return tooLarge(limit);
}
