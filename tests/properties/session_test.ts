// What a session promises, for any course that it takes: nothing acknowledged is lost, nothing is there twice, and what is left out
// is sealed.
import fc from "fast-check";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { linkageErrors, readChain } from "../../core/run/chain.ts";
import { chainText } from "../../core/run/session_checkpoint.ts";
import { compactJournal } from "../../core/run/session_compact.ts";
import { sessionPaths } from "../../core/run/session_paths.ts";
import { openSession } from "../../cli/session_writer.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { append, memory, records, sequences, session, start, tools } from "../cli/sessions.ts";
import { type Deed, lines, scan } from "../run/sessions.ts";
import { property } from "./run.ts";

const word = fc.string({ unit: "grapheme", maxLength: 12 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ event: fc.record({ tool_name: word, verdict: fc.constantFrom("allow", "block"), trace_id: word }) }),
  },
  { weight: 1, arbitrary: fc.constant({ checkpoint: true } as const) },
);
const course = fc.array(deed, { maxLength: 12 });

property("a journal cut anywhere is mended to its whole lines and goes on", fc.tuple(course, fc.nat()), async ([deeds, at]) => {
  const all = lines(deeds);
  const bytes = concatBytes(all);
  const cut = bytes.subarray(0, at % (bytes.length + 1));
  const ports = memory({ files: { "s.jsonl": cut } });
  let whole = 0;
  for (let size = 0; whole < all.length; whole++) {
    size += all[whole]?.length ?? 0;
    if (size > cut.length + 1) break; // a record that lacks only its LF is whole
  }
  if (whole === 0) {
    assertEquals((await start(ports)).exit, 0, "nothing was recorded yet");
    return;
  }
  const kept = concatBytes(all.slice(0, whole));
  const said = await append(ports, "next");
  assertEquals(said.exit, 0, JSON.stringify(said.json));
  const after = ports.disk.bytes("s.jsonl");
  assert(typeof after !== "string");
  assertEquals(after.slice(0, kept.length), kept, "what was whole is as it was");
  assertEquals(sequences(after), sequences(kept) + 1);
});

property("compaction keeps every event that no checkpoint seals, and the place in the sequence", course, (deeds) => {
  const content = assertOk(scan(concatBytes(lines(deeds)), true));
  const { bytes, standing } = compactJournal(content);
  const again = assertOk(scan(bytes, true));
  assertEquals(again.standing, standing);
  assertEquals(again.standing.last_sequence, content.standing.last_sequence);
  const sealed = content.standing.last_checkpoint_sequence;
  const unsealed = records(concatBytes(lines(deeds))).flatMap(({ event }) =>
    event !== undefined && event.sequence > sealed ? [event.sequence] : []
  );
  assertEquals(again.pending.map(({ record }) => record.sequence), unsealed);
  assertEquals(again.checkpoints.length, content.checkpoints.length);
});

property("the chain of any journal links, and of no journal with two checkpoints swapped", course, (deeds) => {
  const content = assertOk(scan(concatBytes(lines(deeds)), true));
  const points = content.checkpoints.map(({ record }) => record);
  if (points.length === 0) return;
  const chain = assertOk(readChain(utf8(chainText(content.standing, points, "t")), "c.json"));
  assertEquals(linkageErrors(nodeHost.crypto, chain), []);
  if (points.length > 1) assert(linkageErrors(nodeHost.crypto, { ...chain, checkpoints: points.toReversed() }).length > 0);
});

property(
  "writers that work at once, with checkpoints and compactions between them, lose and duplicate nothing",
  fc.array(
    fc.oneof(fc.record({ writer: fc.nat(2), count: fc.integer({ min: 1, max: 5 }) }), fc.constantFrom("checkpoint", "compact")),
    {
      minLength: 1,
      maxLength: 10,
    },
  ),
  async (course) => {
    const ports = memory({ env: { GAIT_SESSION_LOCK_TIMEOUT: "1h" } }); // hours pass quickly there
    await start(ports);
    const writers = await Promise.all(
      [0, 1, 2].map(async () => assertOk(await openSession(sessionPaths("s.jsonl"), ports, "t", "close"))),
    );
    let given = 0;
    const work: Promise<unknown>[] = [];
    const got: number[] = [];
    for (const [i, step] of course.entries()) {
      if (typeof step === "string") {
        work.push(session(ports, step, ...(step === "checkpoint" ? ["--out", `${i}.zip`] : [])));
        continue;
      }
      for (let k = 0; k < step.count; k++) {
        const one = writers[step.writer]?.append({ tool_name: `tool_${given++}`, verdict: "allow" });
        work.push(Promise.resolve(one).then((event) => event === undefined ? 0 : got.push(assertOk(event).sequence)));
      }
    }
    await Promise.all(work);
    for (const writer of writers) await writer.close();
    const bytes = ports.disk.bytes("s.jsonl");
    assert(typeof bytes !== "string");
    assertEquals(sequences(bytes), given);
    assertEquals(got.toSorted((a, b) => a - b), Array.from({ length: given }, (_, i) => i + 1));
    const there = tools(bytes);
    assertEquals(there.length, new Set(there).size);
  },
);
