// The commands of a session: their refusals, and that nothing they write takes the place of what belongs to the session.
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";
import { append, gait, memory, session, start, tools } from "./sessions.ts";
import type { MemoryPorts } from "../../cli/host/memory.ts";

async function two(): Promise<MemoryPorts> {
  const ports = memory();
  await start(ports);
  await append(ports, "a");
  await append(ports, "b");
  return ports;
}

const bytesOf = (ports: MemoryPorts, path: string): Uint8Array => {
  const bytes = ports.disk.bytes(path);
  if (typeof bytes === "string") throw new Error(`there is no ${path}`);
  return bytes;
};

Deno.test("session commands: a refusal names the operation, the journal and the fault, and writes nothing", async () => {
  const ports = await two();
  const before = ports.disk.files();
  const rows: readonly (readonly [string, readonly string[], number, string])[] = [
    ["start", ["--session-id", "s2", "--run-id", "run_s1"], 6, "session_differs"],
    ["start", ["--session-id", "../s", "--run-id", "r"], 6, "path_refused"],
    ["start", ["--session-id", "s", "--run-id", "a/b"], 6, "path_refused"],
    ["start", ["--session-id", "s", "--run-id", "a\\b"], 6, "path_refused"],
    ["start", ["--session-id", "s\0", "--run-id", "r"], 6, "path_refused"],
    ["append", ["--tool", "t", "--verdict", "maybe"], 6, "flag_value"],
    ["append", ["--tool", "t"], 6, "missing_argument"],
    ["checkpoint", ["--out", "../x.zip"], 6, "path_refused"],
    ["checkpoint", ["--out", "s.jsonl"], 6, "path_refused"],
    ["checkpoint", ["--out", "./s.jsonl.lock"], 6, "path_refused"],
    ["checkpoint", ["--out", "s_chain.json"], 6, "path_refused"],
    ["checkpoint", ["--out", "x.zip", "--chain-out", "x.zip"], 6, "path_refused"],
    ["checkpoint", ["--out", "x.zip", "--chain-out", "s.jsonl.state.json"], 6, "path_refused"],
    ["compact", ["--out", "s.jsonl.state.json"], 6, "path_refused"],
    ["compact", ["--out", "../x"], 6, "path_refused"],
  ];
  for (const [verb, argv, exit, fault] of rows) {
    const said = await session(ports, verb, ...argv);
    const { json } = said;
    assertEquals([said.exit, json.ok, json.operation, json.fault], [exit, false, verb, fault], argv.join(" "));
    assert(typeof json.error === "string" && json.error !== "" && json.retryable === false, argv.join(" "));
  }
  assertEquals(ports.disk.files(), before);
});

Deno.test("session commands: a checkpoint never replaces the runpack of an earlier one, nor compaction another file", async () => {
  const ports = await two();
  assertEquals((await session(ports, "checkpoint", "--out", "cp/1.zip", "--chain-out", "new/folder/chain.json")).exit, 0);
  assertEquals(bytesOf(ports, "new/folder/chain.json"), bytesOf(ports, "s_chain.json"));
  await append(ports, "c");
  const pack = bytesOf(ports, "cp/1.zip");
  for (const argv of [["--out", "./cp//1.zip"], ["--out", "cp/2.zip", "--chain-out", "cp/1.zip"]]) {
    assertEquals((await session(ports, "checkpoint", ...argv)).json.fault, "file_exists");
    assertEquals(bytesOf(ports, "cp/1.zip"), pack);
  }
  ports.disk.put("notes.txt", utf8("mine"));
  assertEquals((await session(ports, "compact", "--out", "notes.txt")).json.fault, "file_exists");
  assertEquals(bytesOf(ports, "notes.txt"), utf8("mine"));
  assertEquals((await session(ports, "compact", "--out", "copy.jsonl")).exit, 0);
  assertEquals((await session(ports, "compact", "--out", "copy.jsonl")).exit, 0, "a journal of the same session may be");
  assertEquals([tools(bytesOf(ports, "copy.jsonl")), tools(bytesOf(ports, "s.jsonl"))], [["c"], ["a", "b", "c"]]);
});

Deno.test("session commands: after a compaction that leaves no event the sequence goes on", async () => {
  const ports = await two();
  await session(ports, "checkpoint", "--out", "1.zip");
  const { json } = await session(ports, "compact");
  assertEquals(Reflect.get(Object(json.compaction), "events_after"), 0);
  const status = await session(ports, "status");
  assertEquals(Reflect.get(Object(status.json.status), "last_sequence"), 2);
  assertEquals(Reflect.get(Object((await append(ports, "c")).json.event), "sequence"), 3);
  assertEquals((await session(ports, "compact")).json.ok, true);
  const again = await session(ports, "compact");
  assertEquals(Reflect.get(Object(again.json.compaction), "compacted"), false, "nothing is left to take out");
});

Deno.test("session commands: a chain that was not written is made good by the next checkpoint", async () => {
  const ports = await two();
  await session(ports, "checkpoint", "--out", "1.zip");
  const chain = bytesOf(ports, "s_chain.json");
  ports.disk.remove("s_chain.json");
  const said = await session(ports, "checkpoint", "--out", "2.zip");
  assertEquals([said.exit, said.json.fault], [6, "session_nothing_new"]);
  assertEquals(bytesOf(ports, "s_chain.json"), chain);
  assertEquals((await gait(ports, "verify", "session-chain", "s_chain.json")).exit, 0);
});

Deno.test("session commands: a torn end is mended and told, a dry run leaves it", async () => {
  const ports = await two();
  const whole = bytesOf(ports, "s.jsonl");
  const torn = Uint8Array.from([...whole, ...utf8(`{"record_type":"eve`)]);
  ports.disk.put("s.jsonl", torn);
  assertEquals((await session(ports, "compact", "--dry-run")).exit, 0);
  assertEquals(bytesOf(ports, "s.jsonl"), torn);
  const status = await session(ports, "status");
  assertEquals([status.exit, Array.isArray(status.json.warnings)], [0, true]);
  assertEquals(bytesOf(ports, "s.jsonl"), whole);
  ports.disk.put("s.jsonl", whole.slice(0, -1));
  assertEquals((await append(ports, "c")).exit, 0);
  assertEquals(tools(bytesOf(ports, "s.jsonl")), ["a", "b", "c"]);
});

Deno.test("session commands: a journal whose first line was never finished can be started, any other file not", async () => {
  for (
    const [text, exit] of [["", 0], [`{"record_type":"hea`, 0], [`{"record_type":"header","hea`, 0], ["notes", 6], ["{", 0], [
      "\n",
      6,
    ]] as const
  ) {
    const ports = memory({ files: { "s.jsonl": utf8(text) } });
    assertEquals((await start(ports)).exit, exit, JSON.stringify(text));
    if (exit !== 0) assertEquals(bytesOf(ports, "s.jsonl"), utf8(text));
    else assertEquals((await append(ports, "a")).exit, 0);
  }
});

Deno.test("session commands: a journal with a changed byte is refused by each of them, and stays as it is", async () => {
  const ports = await two();
  const bytes = Uint8Array.from(bytesOf(ports, "s.jsonl"));
  const at = bytes.indexOf(0x0a) + 3; // within the first event
  bytes[at] = (bytes[at] ?? 0) ^ 0x15;
  ports.disk.put("s.jsonl", bytes);
  ports.disk.remove("s.jsonl.state.json");
  for (
    const [verb, ...argv] of [["status"], ["append", "--tool", "t", "--verdict", "allow"], ["checkpoint", "--out", "1.zip"], [
      "compact",
    ]]
  ) {
    const said = await session(ports, verb ?? "", ...argv);
    assertEquals([said.exit, said.json.fault, said.json.line, said.json.file], [6, "journal_damaged", 2, "s.jsonl"], verb);
  }
  assertEquals(bytesOf(ports, "s.jsonl"), bytes);
});

Deno.test("session commands: a checkpoint replaces no file of others, only what an unfinished try of its own left", async () => {
  const ports = await two();
  ports.disk.put("other.jsonl", bytesOf(ports, "s.jsonl"));
  ports.disk.put("notes.json", utf8("{}"));
  const before = ports.disk.files();
  for (const argv of [["--out", "other.jsonl"], ["--out", "1.zip", "--chain-out", "notes.json"]]) {
    const { exit, json } = await session(ports, "checkpoint", ...argv);
    assertEquals([exit, json.fault], [6, "file_exists"], argv.join(" "));
    assertEquals(ports.disk.files(), before, argv.join(" "));
  }
  // The runpack of the same checkpoint, sealed before the record was lost.
  const journal = bytesOf(ports, "s.jsonl");
  assertEquals((await session(ports, "checkpoint", "--out", "1.zip")).exit, 0);
  ports.disk.put("s.jsonl", journal);
  assertEquals((await session(ports, "checkpoint", "--out", "1.zip")).exit, 0);
});

Deno.test("session commands: another kind of file is no damaged journal", async () => {
  for (const text of ["hello\n", '{\n  "schema_id": "gait.runpack.session_chain"\n}\n', "PK\u0003\u0004\n"]) {
    const ports = memory();
    ports.disk.put("s.jsonl", utf8(text));
    const { exit, json } = await session(ports, "status");
    assertEquals([exit, json.fault], [6, "document_kind"], text);
  }
});
