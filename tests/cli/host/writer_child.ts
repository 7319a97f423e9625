// Run by real_disk_test.ts. `once <path> <bytes>` writes and says how it went; `loop <path> <bytes>` writes for ever, in turn
// a file of one letter and of another, until it is killed. With `pieces` behind that the bytes are written in pieces.
import { denoActing } from "../../../cli/host/deno_acting.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { ok, type Result } from "../../../core/base/result.ts";
import { denoPorts } from "../../../cli/host/deno.ts";

const [how = "", path = "", size = "0", way = "whole"] = Deno.args;
const { store } = denoPorts(undefined, { report: () => {} }, denoActing());
const PIECE = 2 ** 14;

const write = (bytes: Uint8Array): Promise<Result<void>> =>
  way === "whole" ? store.write(path, bytes, "replace") : store.writePieces(path, "replace", async (put) => {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const given = await Promise.resolve(put(bytes.subarray(at, at + PIECE)));
      if (!given.ok) return given;
    }
    return ok(undefined);
  });

if (how === "once") {
  const written = await write(new Uint8Array(Number(size)).fill(110));
  console.log(JSON.stringify(written.ok ? { ok: true } : { ok: false, ...written.fault }));
} else {
  for (let round = 0;; round++) {
    const letter = round % 2 === 0 ? 97 : 98;
    const written = await write(new Uint8Array(Number(size)).fill(letter));
    if (!written.ok) throw new Error(written.fault.message);
    if (round === 0) Deno.stdout.writeSync(utf8("started\n"));
  }
}
