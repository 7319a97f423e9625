// Journals in packs: what is left out of one, moved or put in is named, also where the pack was put together anew.
import { utf8 } from "../../core/base/bytes.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { journalFiles } from "../../core/flow/pack_journals.ts";
import { runParts } from "../../core/flow/pack_run.ts";
import { buildPack } from "../../core/pack/build.ts";
import { headOf, lineDigest } from "../../core/pack/sequence.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { machine } from "../cli/commands_world.ts";
import { entriesOf, repacked, runPack, runpack, textOf, verify, withMembers, withText } from "../pack/packs.ts";
import { object } from "../run/packs.ts";

const ENTRY = "journals/01.jsonl";
const SAID = "gait_sequences.json";

/** The journal of a session of four events and a checkpoint, as the program writes it. */
async function session(): Promise<string> {
  const made = machine();
  const run = (verb: string, ...words: readonly string[]) =>
    made.json("run", "session", verb, "--journal", "j.jsonl", ...words);
  await run("start", "--session-id", "s", "--run-id", "r");
  for (let i = 0; i < 4; i++) await run("append", "--tool", `t.${i}`, "--verdict", "allow");
  await run("checkpoint", "--out", "cp.zip", "--chain-out", "chain.json");
  return made.file("j.jsonl");
}

const SESSION = await session();
const SERVED = [
  {
    record_type: "header",
    header: { schema_id: "gait.mcp.serve_journal", schema_version: "1.0.0", segment: 1, trace_dir: "t" },
  },
  ...[1, 2, 3].map((sequence) => ({ record_type: "call", call: { sequence, tool_name: "a.b", verdict: "allow" } })),
].map((record) => `${JSON.stringify(record)}\n`).join("");
const LINES = '{"n":1}\n\n{"n":2}\n{"n":3}\n';

/** The entries of a run's pack with journals. */
async function packWith(...texts: readonly string[]): Promise<readonly ZipFile[]> {
  const { parts } = assertOk(await runParts(nodeHost, bytesSource(await runpack()), "rp.zip", "1.2.3"));
  const sources = texts.map((text, i) => ({ name: `j${i}.jsonl`, path: `d/j${i}.jsonl`, source: bytesSource(utf8(text)) }));
  const files = [...parts.files, ...assertOk(await journalFiles(nodeHost.crypto, sources, "1.2.3"))];
  return await entriesOf(assertOk(await buildPack(nodeHost.crypto, { ...parts, files })).bytes);
}

/** What verifying says of the journals of entries, whose manifest is made anew. */
async function errorsOf(files: readonly ZipFile[]): Promise<readonly string[]> {
  const report = assertOk(await verify(await repacked(files)));
  assertEquals(report.ok, report.sequence_errors.length === 0);
  return report.sequence_errors;
}

const lines = (files: readonly ZipFile[], path = ENTRY): string[] => textOf(files, path).split(/(?<=\n)/);

Deno.test("journals: kind, count and head of each are told; without journals nothing is", async () => {
  const report = assertOk(await verify(await repacked(await packWith(SESSION, SERVED, LINES))));
  assertEquals([report.ok, report.sequence_errors], [true, []]);
  assertEquals(report.sequences.map(({ path, kind, count }) => [path, kind, count]), [
    [ENTRY, "session", 6],
    ["journals/02.jsonl", "serve", 4],
    ["journals/03.jsonl", "lines", 3],
  ]);
  assertEquals(new Set(report.sequences.map(({ head_digest }) => head_digest)).size, 3);
  const plain = assertOk(await verify(await runPack()));
  assertEquals([plain.sequences, plain.sequence_errors], [[], []]);
});

Deno.test("journals: a deleted, cut, moved, changed and spliced record is named, though the manifest was made to fit", async () => {
  const files = await packWith(SESSION);
  const all = lines(files);
  const put = (changed: readonly string[]) => errorsOf(withText(files, ENTRY, changed.join("")));
  assertEquals(await put(all.toSpliced(2, 1)), [`${ENTRY}: record 3 is missing`]);
  assertEquals(await put(all.slice(0, 4)), [`${ENTRY}: records 5 to 6 are missing at the end: the journal was cut short`]);
  const moved = all.toSpliced(1, 1).toSpliced(2, 0, all[1] ?? "");
  assertEquals((await put(moved)).length, 1);
  assertEquals((await put(moved))[0]?.includes("is out of order"), true);
  assertEquals(await put(all.with(1, (all[1] ?? "").replace("allow", "block"))), [`${ENTRY}: record 2 was changed`]);
  assertEquals(await put(all.toSpliced(2, 0, all[1] ?? "")), [`${ENTRY}: line 3 was put in: it is none of the sealed records`]);
  assertEquals(await errorsOf(files.filter(({ path }) => path !== ENTRY)), [`${ENTRY}: all 6 records are missing`]);
});

Deno.test("journals: where only the journal was touched, its digest and its record are both told", async () => {
  const files = await packWith(LINES);
  const report = assertOk(await verify(await writeZip(withText(files, ENTRY, '{"n":1}\n{"n":3}\n'))));
  assertEquals([report.ok, report.hash_mismatches.map(({ path }) => path)], [false, [ENTRY]]);
  assertEquals(report.sequence_errors, [`${ENTRY}: record 2 is missing`]);
});

Deno.test("journals: a gap that was there before packing is refused; one that was sealed all the same is still named", async () => {
  const { crypto } = nodeHost;
  for (const text of [SESSION, SERVED]) {
    const gap = text.split(/(?<=\n)/).toSpliced(2, 1).join("");
    const fault = assertFault(
      await journalFiles(crypto, [{ name: "j", path: "d/j", source: bytesSource(utf8(gap)) }], "1"),
      "journal_damaged",
    );
    assertEquals(fault.message.includes("record 3: "), true, fault.message);
    // Somebody who has the program can seal it by hand: then its own numbers tell.
    const honest = await packWith(text.split(/(?<=\n)/).slice(0, 2).join(""));
    const records = gap.trimEnd().split("\n").map((line) => lineDigest(crypto, utf8(line)));
    const [journal] = JSON.parse(textOf(honest, SAID)).journals;
    const said = { ...journal, count: records.length, records, head_digest: headOf(crypto, records) };
    const forged = withMembers(withText(honest, ENTRY, gap), SAID, { journals: [said] });
    assertEquals((await errorsOf(forged)).map((error) => error.startsWith(`${ENTRY}: record 3: `)), [true]);
  }
});

Deno.test("journals: what says it may not be changed either", async () => {
  const files = await packWith(LINES);
  const said = object(textOf(files, SAID));
  const [journal] = JSON.parse(JSON.stringify(said.journals));
  const told = (change: object) => errorsOf(withMembers(files, SAID, { journals: [{ ...journal, ...change }] }));
  const wrong = `${ENTRY}: count and head_digest are not those of the`;
  for (
    const change of [{ count: 2 }, { head_digest: "0".repeat(64) }, { records: journal.records.slice(1) }, {
      records: journal.records.toReversed(),
    }]
  ) {
    assertEquals((await told(change)).map((error) => error.startsWith(wrong)), [true]);
  }
  assertEquals(await told({ kind: "serve" }), [`${ENTRY}: it is a journal of kind lines up to 0, told was serve up to 0`]);
  assertEquals(await errorsOf(withMembers(files, SAID, { journals: [] })), [`${ENTRY}: "${SAID}" does not know it`]);
  assertFault(await verify(await repacked(withMembers(files, SAID, { journals: [{}] }))), "document_shape");
});

Deno.test("journals: what says it may be spelled in another way, and then says the same", async () => {
  const files = await packWith(SESSION, LINES);
  const pretty = withText(files, SAID, JSON.stringify(JSON.parse(textOf(files, SAID)), undefined, 2));
  const [one, other] = await Promise.all([files, pretty].map(async (all) => assertOk(await verify(await repacked(all)))));
  assertEquals([one?.ok, one?.sequences], [true, other?.sequences]);
  const cut = lines(files).slice(0, 4).join("");
  const words = [`${ENTRY}: records 5 to 6 are missing at the end: the journal was cut short`];
  for (const all of [files, pretty]) assertEquals(await errorsOf(withText(all, ENTRY, cut)), words);
});

Deno.test("journals: what was never written to its end is left out; entries of others with such a name mean nothing", async () => {
  const torn = await packWith('{"n":1}\n{"n":2}\n{"n":');
  assertEquals(textOf(torn, ENTRY), '{"n":1}\n{"n":2}\n');
  const unended = await packWith('{"n":1}\n{"n":2}');
  assertEquals(textOf(unended, ENTRY), '{"n":1}\n{"n":2}\n');
  const broken = { name: "j", path: "d/j", source: bytesSource(utf8("no json\n")) };
  assertFault(await journalFiles(nodeHost.crypto, [broken], "1"), "journal_damaged");
  const others = withText(withText(await entriesOf(await runPack()), SAID, '{"schema_id":"acme"}'), "journals/x", "?");
  assertEquals(await errorsOf(others), []);
  assertEquals(await errorsOf(withText(others, SAID, "no json")), []);
});
