// Bytes as they come: from standard input, or from a file, piece by piece, so that a stream of any length takes little memory.
import { ok, type Result } from "../core/base/result.ts";
import { type Input, PortFault, type Ports } from "../core/ports.ts";

/** Pieces of an input, in order; close it when done, also before its end. */
export type Pieces = Input & { close(): void };

const PIECE = 2 ** 17;

/** The bytes of standard input (`-`), or of the file at a path. Faults `file_missing`, `file_unreadable`. */
export async function piecesOf(path: string, { files, input }: Pick<Ports, "files" | "input">): Promise<Result<Pieces>> {
  if (path === "-") return ok({ next: () => input.next(), close: () => {} });
  const opened = await files.open(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  let at = 0;
  return ok({
    async next() {
      try {
        const bytes = Uint8Array.from(await file.read(at, PIECE));
        at += bytes.length;
        return ok(bytes.length === 0 ? undefined : bytes);
      } catch (thrown) {
        if (thrown instanceof PortFault) return { ok: false, fault: thrown.fault };
        throw thrown;
      }
    },
    close: () => file.close(),
  });
}
