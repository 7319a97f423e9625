// Reading journals: what is torn is told from what is damaged, and every record must follow from those before it.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { checkpointRecord, planCheckpoint } from "../../core/run/session_checkpoint.ts";
import { isUnborn, journalLine } from "../../core/run/session_journal.ts";
import { compactJournal } from "../../core/run/session_compact.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { lines, scan } from "./sessions.ts";

const LINES = lines(["a", "b", { checkpoint: true }, 'c \u00fc\u{1f600}\\"', "d", { checkpoint: true }, "e"]);
const WHOLE = concatBytes(LINES);
const upTo = (count: number): Uint8Array => concatBytes(LINES.slice(0, count));

Deno.test("journal: cut at any byte it reads back to its last whole record, and says how it ends", () => {
  let whole = 0;
  for (let size = 0; size <= WHOLE.length; size++) {
    const cut = WHOLE.subarray(0, size);
    while (whole < LINES.length && upTo(whole + 1).length <= size) whole++;
    const read = scan(cut);
    if (whole === 0) {
      const lacksEnd = size === (LINES[0]?.length ?? 0) - 1;
      assertEquals(read.ok, lacksEnd, `a header cut at ${size}`);
      assertEquals(isUnborn(cut), !lacksEnd, `a header cut at ${size}`);
      continue;
    }
    const { standing, size: sound, ending } = assertOk(read, `cut at ${size}`);
    const lacksEnd = whole < LINES.length && size === upTo(whole + 1).length - 1;
    assertEquals(ending, size === upTo(whole).length ? "whole" : lacksEnd ? "unended" : "torn", `cut at ${size}`);
    assertEquals(sound, lacksEnd ? size : upTo(whole).length, `cut at ${size}`);
    assertEquals(standing, assertOk(scan(upTo(lacksEnd ? whole + 1 : whole))).standing, `cut at ${size}`);
  }
});

Deno.test("journal: what follows a cut line is never lost, whatever stands there", () => {
  const before = upTo(3);
  for (const tail of ["\0\0\0", " ", `{"record_type":"event"`, `{"record_type":"event","event":{"a":"\\u00`, `{"a":tr`]) {
    const { ending, size } = assertOk(scan(concatBytes([before, utf8(tail)])), tail);
    assertEquals([ending, size], ["torn", before.length], tail);
  }
  // A last line whose LF became another byte, or that is no beginning of a record, was not left by an interrupted write.
  const last = LINES.at(-1) ?? utf8("");
  for (const tail of [concatBytes([last.slice(0, -1), utf8("J")]), utf8("x"), utf8("[1"), utf8(`{"a":1}}`), utf8("{a")]) {
    const fault = assertFault(scan(concatBytes([before, tail])), "journal_damaged");
    assertEquals([fault.at?.file, fault.at?.line], ["s.jsonl", 4]);
  }
});

Deno.test("journal: a changed byte is a fault with its line, or leaves a session that is whole", () => {
  const before = assertOk(scan(WHOLE)).standing;
  let found = 0;
  for (let at = 0; at < WHOLE.length; at++) {
    const bytes = Uint8Array.from(WHOLE);
    bytes[at] = (bytes[at] ?? 0) ^ 0x15;
    const read = scan(bytes);
    const line = LINES.findIndex((_, i) => at < upTo(i + 1).length) + 1;
    if (read.ok) {
      assert(read.value.ending !== "torn", `byte ${at}: nothing may be cut off`);
      assertEquals(read.value.standing.last_sequence, before.last_sequence, `byte ${at}`);
      continue;
    }
    found++;
    assertEquals(read.fault.code === "document_kind" || read.fault.code === "journal_damaged", true, read.fault.code);
    const where = read.fault.at?.line ?? 1;
    assert(
      where === line || where === line + 1,
      `byte ${at} of line ${line} was found in line ${where}: ${read.fault.message}`,
    );
  }
  assert(found > 500, `only ${found} changes were seen`);
});

Deno.test("journal: pieces of any size read the same", () => {
  const whole = assertOk(scan(WHOLE, true));
  for (const piece of [1, 7, 4096]) assertEquals(assertOk(scan(WHOLE, true, piece)), whole);
  const blanks = concatBytes([utf8("\n \r\n"), ...LINES.flatMap((line) => [line, utf8("\n")])]);
  assertEquals(assertOk(scan(blanks)).standing, whole.standing);
  assertEquals(assertOk(scan(blanks)).size, blanks.length);
});

Deno.test("journal: a line over 8 MiB is refused", () => {
  const long = utf8(`{"record_type":"event","event":{"tool_name":"${"x".repeat(8 * 2 ** 20)}"}}\n`);
  assertEquals(assertFault(scan(concatBytes([upTo(1), long]), false, 2 ** 20), "journal_damaged").at?.line, 2);
});

Deno.test("compaction: drops what is sealed, keeps every other byte, and goes on with the same sequence", () => {
  const content = assertOk(scan(WHOLE, true));
  const { bytes, standing, tail } = compactJournal(content);
  assertEquals(bytes, concatBytes([0, 3, 6, 7].map((i) => LINES[i] ?? utf8(""))));
  const again = assertOk(scan(bytes, true));
  assertEquals(again.standing, standing);
  assertEquals(again.tail, tail);
  assertEquals(standing.last_sequence, content.standing.last_sequence);
  assertEquals(compactJournal(again).bytes, bytes);
  // With no event left the last checkpoint says where the session stands.
  const sealed = compactJournal(assertOk(scan(concatBytes(lines(["a", "b", { checkpoint: true }])), true)));
  assertEquals([sealed.standing.event_count, sealed.standing.last_sequence], [0, 2]);
  assertEquals(assertOk(scan(sealed.bytes)).standing, sealed.standing);
});

Deno.test("compaction: an event that came before a checkpoint without being sealed by it stays", () => {
  const three = assertOk(scan(concatBytes(lines(["a", "b", "c"])), true));
  const made = { created_at: "2026-03-01T10:00:00Z", producer_version: "t", env: { os: "o", arch: "a", runtime: "r" } };
  const plan = assertOk(planCheckpoint(nodeHost.crypto, { ...three, pending: three.pending.slice(0, 2) }, "s.jsonl", made));
  const checkpoint = checkpointRecord(nodeHost.crypto, three.standing, plan, { runpack_path: "p.zip", manifest_digest: "m" });
  const line = utf8(assertOk(journalLine({ record_type: "checkpoint", checkpoint })));
  const content = assertOk(scan(concatBytes([...lines(["a", "b", "c"]), line]), true));
  assertEquals(content.standing.last_sequence, 3);
  const again = compactJournal(content);
  assertEquals([again.standing.event_count, again.standing.last_sequence], [1, 3]);
  assertEquals(assertOk(scan(again.bytes)).standing, again.standing);
});
