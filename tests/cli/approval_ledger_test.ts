// Single use where it is enforced: the ledger on a disk that fails, is held or is damaged never lets a call through.
import { consumeOnce } from "../../cli/approval_ledger.ts";
import { type Memory, memoryPorts } from "../../cli/host/memory.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { ApprovalEntry } from "../../core/schema/approval_audit.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { entryOf } from "./ledger_entry.ts";

const PATH = "out/ledger.json";
const all = (entries: readonly ApprovalEntry[]): boolean => entries.every(({ valid }) => valid);
const none = (): boolean => false;
const memory = (about: Omit<Memory, "host"> = {}) => memoryPorts({ host: nodeHost, ...about });
const clock = { now: () => "2026-03-14T09:26:53Z" };
const use = ({ state }: ReturnType<typeof memory>, entries = [entryOf(1)], suffices = all, simulate = false) =>
  consumeOnce(PATH, entries, { suffices, simulate }, { state, clock });

const codes = (entries: readonly ApprovalEntry[]): readonly string[] => entries.map(({ error_code }) => error_code);

Deno.test("approval ledger: an approval is used once", async () => {
  const ports = memory();
  assertEquals(codes(assertOk(await use(ports))), [""]);
  assertEquals(codes(assertOk(await use(ports))), ["approval_token_replayed"]);
  assertEquals(codes(assertOk(await use(ports, [entryOf(2)]))), [""]);
});

Deno.test("approval ledger: nothing is touched where nothing of it is of single use, is enough, or is meant", async () => {
  const ports = memory();
  assertEquals(assertOk(await use(ports, [{ ...entryOf(1), scope: ["tool:x"] }])).length, 1);
  assertEquals(codes(assertOk(await use(ports, [entryOf(1)], none))), [""]);
  assertEquals(codes(assertOk(await use(ports, [entryOf(1)], all, true))), [""]);
  assertEquals([...ports.disk.files().keys()], []);
  await use(ports);
  assertEquals(codes(assertOk(await use(ports, [entryOf(1)], all, true))), ["approval_token_replayed"]);
});

Deno.test("approval ledger: one that cannot be read, written or held is a fault, and never a yes", async () => {
  assertFault(await use(memory({ files: { [PATH]: utf8("{") } })), "json_syntax");
  const lock = utf8('{"pid":7,"created_at":"2026-01-01T00:00:00Z"}');
  assertFault(await use(memory({ files: { [`${PATH}.lock`]: lock } })), "store_busy");
  const steps = memory();
  assertOk(await use(steps));
  for (let step = 1; step <= steps.disk.steps(); step++) {
    for (const kind of ["EIO", "ENOSPC"] as const) {
      const ports = memory({ trouble: { step, kind } });
      const used = await use(ports);
      const written = ports.disk.bytes(PATH) !== "nothing";
      assert(!used.ok || written, `step ${step}: a yes without a record`);
    }
  }
});

Deno.test("approval ledger: after a crash an approval that was told to count is used up", async () => {
  const steps = memory();
  assertOk(await use(steps));
  for (let step = 1; step <= steps.disk.steps(); step++) {
    const ports = memory({ trouble: { step, kind: "crash" } });
    const used = await use(ports);
    if (!used.ok) continue;
    for (const tree of ports.disk.survivors()) {
      const after = memory({ files: Object.fromEntries([...tree].filter(([path]) => path === PATH)) });
      assertEquals(codes(assertOk(await use(after))), ["approval_token_replayed"], `step ${step}`);
    }
  }
});
