// The contract of `pack build` for jobs, calls and journals, and of `voice pack`: where things are found, what is written, what is refused.
import { utf8 } from "../../core/base/bytes.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { jobInput } from "../../cli/pack_documents.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";
import { logOf, stateOf } from "../job/jobs.ts";
import { callRecord } from "../pack/calls.ts";
import { entriesOf, runpack } from "../pack/packs.ts";
import { machine, PRIVATE_KEY, PUBLIC_KEY } from "./commands_world.ts";

const RUNPACK = await runpack();
const job = (id: string, root = "gait-out/jobs") => ({
  [`${root}/${id}/state.json`]: JSON.stringify(stateOf(1, { job_id: id })),
  [`${root}/${id}/events.jsonl`]: logOf("submitted").replaceAll('"j"', JSON.stringify(id)),
});
const FILES = {
  ...job("nightly"),
  ...job("other", "elsewhere"),
  "calls/call.json": JSON.stringify(callRecord()),
  "calls/run.zip": RUNPACK,
  "s.jsonl": '{"n":1}\n{"n":2}\n',
  k: PRIVATE_KEY,
  p: PUBLIC_KEY,
};

const entriesAt = async (made: ReturnType<typeof machine>, path: string) => {
  const bytes = made.disk.bytes(path);
  if (typeof bytes === "string") throw new Error(`${path}: ${bytes}`);
  return await entriesOf(bytes);
};

Deno.test("pack build: a job by id, by folder and by state gives one pack, in the folder of all output", async () => {
  const made = machine({ files: FILES });
  const ids = [];
  for (const from of ["nightly", "gait-out/jobs/nightly", "./gait-out/jobs/nightly/", "gait-out/jobs/nightly/state.json"]) {
    const [exit, built] = await made.json("pack", "build", "--type", "job", from);
    assertEquals([exit, built.pack_type, built.source_ref, built.path], [
      0,
      "job",
      "nightly",
      `gait-out/pack_${built.pack_id}.zip`,
    ], from);
    ids.push(built.pack_id);
  }
  assertEquals(new Set(ids).size, 1);
  assertEquals((await made.json("pack", "verify", `gait-out/pack_${ids[0]}.zip`))[0], 0);
  const [exit] = await made.json("pack", "build", "--type", "job", "other", "--job-root", "elsewhere", "--out", "o.zip");
  assertEquals(exit, 0);
  for (
    const [from, fault] of [["none", "file_missing"], ["../nightly", "file_missing"], ["k", "file_missing"], [
      "a b",
      "file_missing",
    ]] as const
  ) {
    const [code, said] = await made.json("pack", "build", "--type", "job", from);
    assertEquals([code, said.fault, said.operation], [6, fault, "build"], from);
  }
});

Deno.test("pack build: a job that keeps changing while it is read is a fault to try again after", async () => {
  // Each read of the state finds another revision: the command reads all files twice and compares.
  let reads = 0;
  const bytes = Object.fromEntries(
    Object.entries(FILES).map(([path, text]) => [path, typeof text === "string" ? utf8(text) : text]),
  );
  const ports = memoryPorts({ host: nodeHost, files: bytes });
  const restless = {
    ...ports.files,
    read: (path: string, limit: number) => {
      if (path.endsWith("state.json")) ports.disk.put(path, utf8(JSON.stringify(stateOf(++reads, { job_id: "nightly" }))));
      return ports.files.read(path, limit);
    },
  };
  const found = await jobInput("nightly", "gait-out/jobs", "1", { files: restless, host: nodeHost });
  assertEquals([found.ok, found.ok ? "" : found.fault.code], [false, "store_busy"]);
});

Deno.test("voice pack: a call is built, verified, shown and compared under both names", async () => {
  const made = machine({ files: FILES });
  const [exit, built] = await made.json("voice", "pack", "build", "--from", "calls/call.json", "--private-key", "k");
  assertEquals([exit, built.pack_type, built.source_ref, built.path], [0, "call", "c1", `calls/pack_${built.pack_id}.zip`]);
  const path = String(built.path);
  const [again, same] = await made.json(
    "pack",
    "build",
    "--type",
    "call",
    "calls/call.json",
    "--private-key",
    "k",
    "--out",
    "b.zip",
  );
  assertEquals([again, same.pack_id], [0, built.pack_id]);
  const [verified, report] = await made.json("voice", "pack", "verify", path, "--profile", "strict", "--public-key", "p");
  assertEquals([verified, report.ok], [0, true]);
  assertEquals((await made.json("voice", "pack", "inspect", path))[1].pack_type, "call");
  assertEquals((await made.json("voice", "pack", "diff", path, "b.zip"))[0], 0);
  const files = await entriesAt(made, path);
  const kept = files.find((file) => file.path === "source/runpack.zip");
  assertEquals(kept?.bytes, RUNPACK, "the runpack is copied as it is");
  assertEquals((await made.json("voice", "pack", "build", "calls/call.json", "--type", "run"))[1].fault, "unknown_flag");
});

Deno.test("voice pack: a call whose runpack is gone or damaged, and speech after a block, are refused and nothing is written", async () => {
  const damaged = RUNPACK.with(60, (RUNPACK[60] ?? 0) ^ 1);
  const blocked = { call_id: "c1", turn_index: 1, commitment_class: "refund", call_seq: 4, verdict: "block" };
  const record = callRecord();
  const decisions = Array.isArray(record.gate_decisions) ? record.gate_decisions : [];
  const cases = [
    ["file_missing", 6, { ...FILES, "calls/call.json": JSON.stringify(callRecord({ runpack_path: "gone.zip" })) }],
    [undefined, 6, { ...FILES, "calls/run.zip": damaged }],
    ["speech_refused", 1, {
      ...FILES,
      "calls/call.json": JSON.stringify(callRecord({ gate_decisions: [...decisions, blocked] })),
    }],
    ["same_file", 6, FILES],
  ] as const;
  for (const [fault, exit, files] of cases) {
    const made = machine({ files });
    const before = [...made.disk.files().keys()];
    const [code, said] = await made.json("voice", "pack", "build", "calls/call.json", "--out", "calls/run.zip");
    assertEquals([code, said.ok, said.retryable], [exit, false, false], String(fault));
    if (fault !== undefined) assertEquals(said.fault, fault);
    assertEquals([...made.disk.files().keys()], before);
  }
});

Deno.test("pack build: journals go into a pack of any type; verify tells their heads, and names what is gone", async () => {
  const made = machine({ files: { ...FILES, "cut.jsonl": '{"n":1}\n' } });
  const words = ["pack", "build", "--type", "job", "nightly", "--private-key", "k", "--out"];
  assertEquals((await made.json(...words, "a.zip", "--journal", "s.jsonl, cut.jsonl"))[0], 0);
  const [exit, report] = await made.json("pack", "verify", "a.zip", "--profile", "strict", "--public-key", "p");
  const verify = JSON.parse(JSON.stringify(report.verify));
  assertEquals([exit, verify.sequences.map((one: { count: number }) => one.count)], [0, [2, 1]]);
  const [, lines] = await made.text("pack", "verify", "a.zip");
  assertEquals(lines.filter((line) => line.startsWith("journal journals/01.jsonl: lines, 2 records, head ")).length, 1);
  assertEquals((await made.json(...words, "s.jsonl", "--journal", "s.jsonl"))[1].fault, "same_file");
  assertEquals((await made.json(...words, "b.zip", "--journal", "none.jsonl"))[1].fault, "file_missing");
  assertEquals((await made.json(...words, "b.zip", "--journal", "k"))[1].fault, "journal_damaged");
  made.disk.put("a/s.jsonl", new TextEncoder().encode("no json\n"));
  const { error, file } = (await made.json(...words, "b.zip", "--journal", "s.jsonl,a/s.jsonl"))[1];
  assertEquals([String(error).startsWith('Cannot pack journal "a/s.jsonl": '), file], [true, "a/s.jsonl"]);
  assertEquals(made.disk.files().has("b.zip"), false);
});
