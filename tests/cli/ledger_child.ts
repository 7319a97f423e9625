// Run by approvals_race_test.ts as a process of its own: uses up an approval of single use, and prints a dot when it counts.
import { utf8 } from "../../core/base/bytes.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { consumeOnce } from "../../cli/approval_ledger.ts";
import { entryOf } from "./ledger_entry.ts";

const [path = "", kernel = "", first = "0", last = "0"] = Deno.args;
const { state } = denoActing(kernel);
const clock = { now: () => "2026-03-14T09:26:53Z" };

for (let number = Number(first); number <= Number(last); number++) {
  const suffices = (entries: readonly { readonly valid: boolean }[]) => entries.every(({ valid }) => valid);
  const used = await consumeOnce(path, [entryOf(number)], { suffices, simulate: false }, { state, clock });
  if (!used.ok) throw new Error(used.fault.message);
  if (used.value.every(({ valid }) => valid)) Deno.stdout.writeSync(utf8(`${number} `));
}
