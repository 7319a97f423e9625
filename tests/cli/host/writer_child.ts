// Run by real_disk_test.ts. `once <path> <bytes>` writes and says how it went; `loop <path> <bytes>` writes for ever, in turn
// a file of one letter and of another, until it is killed.
import { denoActing } from "../../../cli/host/deno_acting.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { denoPorts } from "../../../cli/host/deno.ts";

const [how = "", path = "", size = "0"] = Deno.args;
const { store } = denoPorts(undefined, { report: () => {} }, denoActing());

if (how === "once") {
  const written = await store.write(path, new Uint8Array(Number(size)).fill(110), "replace");
  console.log(JSON.stringify(written.ok ? { ok: true } : { ok: false, ...written.fault }));
} else {
  for (let round = 0;; round++) {
    const letter = round % 2 === 0 ? 97 : 98;
    const written = await store.write(path, new Uint8Array(Number(size)).fill(letter), "replace");
    if (!written.ok) throw new Error(written.fault.message);
    if (round === 0) Deno.stdout.writeSync(utf8("started\n"));
  }
}
