// The journal of a wrapped session on a disk that fails: what was acknowledged is there in order, and nothing else.
import { memoryPorts } from "../../../cli/host/memory.ts";
import type { Trouble } from "../../../cli/host/memory_disk.ts";
import { openMark, WRAP_JOURNAL, wrapJournal } from "../../../cli/mcp_wrap/journal.ts";
import { fromUtf8 } from "../../../core/base/bytes.ts";
import type { WrapDraft } from "../../../core/flow/wrap_records.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const AT = "2026-01-01T00:00:00Z";

const HEADER = {
  schema_id: "gait.mcp.wrap_session",
  schema_version: "1.0.0",
  created_at: AT,
  producer_version: "v",
  session_id: "one",
  continues: "",
  server_name: "",
  program: "x",
  command_digest: "",
  policy: "p",
  key_id: "k",
};

const PATH = `s/one/${WRAP_JOURNAL}`;

const stray = (words: string): WrapDraft => ({ record_type: "stray", stray: { from: "server", words, frame_digest: "" } });

function journalOn(trouble?: Trouble, room = 1024) {
  const ports = memoryPorts({ host: nodeHost, ...(trouble === undefined ? {} : { trouble }) });
  const text = (): string => {
    const bytes = ports.disk.bytes(PATH);
    return typeof bytes === "string" ? "" : fromUtf8(bytes);
  };
  return { ports, text, journal: wrapJournal({ session_dir: "s", room }, HEADER, ports) };
}

const linesOf = (text: string): readonly Record<string, Record<string, unknown>>[] =>
  text.split("\n").slice(0, -1).map((line) => JSON.parse(line));

Deno.test("wrap journal: room is made in advance and cut off at the end; a mark stands while it is open", async () => {
  const { ports, text, journal } = journalOn();
  assertEquals([...ports.disk.files().keys()], [], "nothing before the first record");
  assertOk(await journal.append(stray("a"), "disk"));
  assert(text().endsWith("\0".repeat(200)));
  assert(ports.disk.files().has(openMark("s", "one")));
  for (let i = 0; i < 20; i++) assertOk(await journal.append(stray("x".repeat(100)), i % 2 === 0 ? "system" : "disk"));
  assertOk(await journal.close());
  assertEquals(linesOf(text()).map(({ sequence }) => sequence), Array.from({ length: 22 }, (_, i) => i + 1));
  assert(text().endsWith("}\n"));
  journal.settle(true);
  assertEquals([...ports.disk.files().keys()], [PATH]);
});

Deno.test("wrap journal: a record longer than all room", async () => {
  const { text, journal } = journalOn();
  assertOk(await journal.append(stray("y".repeat(5_000)), "disk"));
  assertOk(await journal.close());
  assertEquals(linesOf(text()).length, 2);
});

Deno.test("wrap journal: what could not be written leaves nothing behind that counts, at any step", async () => {
  const words = async (trouble?: Trouble) => {
    const { ports, text, journal } = journalOn(trouble);
    const known: string[] = [];
    const write = async (...all: readonly string[]): Promise<void> => {
      const results = await Promise.all(all.map((one) => journal.append(stray(one), "disk")));
      known.push(...all.filter((_, i) => results[i]?.ok));
    };
    await write("a");
    await write("b".repeat(300), "c".repeat(300), "d".repeat(300)); // written together, and beyond the room
    await write("e");
    await write("f");
    const crashed = text(); // as a gate leaves it that is killed now
    const closed = await journal.close();
    return { known, crashed, text: text(), closed, steps: ports.disk.steps() };
  };
  const { steps } = await words();
  for (let step = 1; step <= steps; step++) {
    const { known, crashed, text, closed } = await words({ step, kind: "EIO" });
    for (const left of [crashed.replaceAll("\0", ""), ...(closed.ok ? [text] : [])]) {
      const lines = linesOf(left).slice(1);
      assertEquals(lines.map(({ stray }) => stray?.["words"]), known, `step ${step}`);
      assertEquals(lines.map(({ sequence }) => sequence), known.map((_, i) => i + 2), `step ${step}`);
    }
  }
});

Deno.test("wrap journal: what is acknowledged to be on the disk survives the end of the machine", async () => {
  const { ports, journal } = journalOn();
  for (const some of [["a"], ["b", "c"], ["d"]]) {
    assertOk(await journal.append(stray("kept by the system"), "system"));
    for (const added of await Promise.all(some.map((one) => journal.append(stray(one), "disk")))) assertOk(added);
    for (const files of ports.disk.survivors()) {
      const bytes = files.get(PATH);
      assert(bytes !== undefined && fromUtf8(bytes).includes(`"words":"${some.at(-1)}"`));
    }
  }
});

Deno.test("wrap journal: one that somebody else keeps, or has changed, takes no record", async () => {
  const { ports, journal } = journalOn();
  const held = assertOk(await ports.artifacts.hold(openMark("s", "one")));
  assertFault(await journal.append(stray("a"), "disk"), "record_failed");
  held?.release();
  assertOk(await journal.append(stray("a"), "disk"));
  ports.disk.put(PATH, new Uint8Array(10));
  await ports.timer.sleep(1_000); // a look counts for a moment
  assertFault(await journal.append(stray("b"), "disk"), "record_failed");
});
