// Checkpoints: the runpack of recorded sessions comes out entry for entry as another producer wrote it, and its links hold.
import { concatBytes, fromBase64, utf8 } from "../../core/base/bytes.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { checkpointDigest, linkageErrors, readChain } from "../../core/run/chain.ts";
import { openRunpack } from "../../core/run/open.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { chainText, checkpointRecord, planCheckpoint } from "../../core/run/session_checkpoint.ts";
import { journalLine } from "../../core/run/session_journal.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { shared } from "../shared.ts";
import { lines, scan } from "./sessions.ts";

const { crypto } = nodeHost;

async function entries(bytes: Uint8Array): Promise<Record<string, string>> {
  const archive = assertOk(await openZip(nodeHost, bytesSource(bytes), "cp.zip"));
  const all: Record<string, string> = {};
  for (const entry of archive.entries) all[entry.path] = new TextDecoder().decode(assertOk(await archive.read(entry)));
  return all;
}

Deno.test("checkpoint: a recorded session seals into the very entries of its runpacks, and links with the same digests", async () => {
  const path = shared("conformance/artifacts/session-chain-verify.json");
  if (path === undefined) return;
  const { files } = JSON.parse(await Deno.readTextFile(path));
  const recorded = utf8(files["sessone.jsonl"]);
  const all = assertOk(scan(recorded, true));
  const journal = new TextDecoder().decode(recorded).split("\n");
  for (const [index, { record }] of all.checkpoints.entries()) {
    const pack = fromBase64(files[record.runpack_path].base64) ?? new Uint8Array();
    const { env } = assertOk(await openRunpack(nodeHost, bytesSource(pack), record.runpack_path)).records.run;
    const until = journal.findIndex((line) => line.includes(`"checkpoint_index":${index + 1}`));
    const before = assertOk(scan(utf8(`${journal.slice(0, until).join("\n")}\n`), true));
    const made = { created_at: record.created_at, producer_version: record.producer_version, env };
    const plan = assertOk(planCheckpoint(crypto, before, "sessone.jsonl", made));
    const sealed = assertOk(await sealRunpack(crypto, plan.records, "reference"));
    assertEquals(await entries(sealed.bytes), await entries(pack));
    const pointed = { runpack_path: record.runpack_path, manifest_digest: sealed.manifest.manifest_digest };
    const checkpoint = checkpointRecord(crypto, before.standing, plan, pointed);
    const line = assertOk(journalLine({ record_type: "checkpoint", checkpoint }));
    assertEquals(JSON.parse(line), JSON.parse(journal[until] ?? ""));
  }
  const text = chainText(all.standing, all.checkpoints.map(({ record }) => record), "0.0.0-dev");
  assertEquals(JSON.parse(text), JSON.parse(files["sessone_chain.json"]));
});

Deno.test("checkpoint: nothing new is a fault; the safety pair is that of the newest event that has both", () => {
  const made = { created_at: "2026-03-01T10:00:00Z", producer_version: "t", env: { os: "o", arch: "a", runtime: "r" } };
  const empty = assertOk(scan(concatBytes(lines([])), true));
  assertFault(planCheckpoint(crypto, empty, "s.jsonl", made), "session_nothing_new");
  const safe = (version: string, hash: string) => ({
    event: { tool_name: "t", verdict: "allow", safety_invariant_version: version, safety_invariant_hash: hash },
  });
  const content = assertOk(scan(concatBytes(lines([safe("1", "AA"), safe("2", "BB"), safe("3", ""), "x"])), true));
  const plan = assertOk(planCheckpoint(crypto, content, "s.jsonl", made));
  const record = checkpointRecord(crypto, content.standing, plan, { runpack_path: "p", manifest_digest: "m" });
  assertEquals([record.safety_invariant_version, record.safety_invariant_hash], ["2", "bb"]);
  assertEquals(record.checkpoint_digest, checkpointDigest(crypto, record));
  assertEquals([record.sequence_start, record.sequence_end], [1, 4]);
});

Deno.test("chain: every broken link is told, one sentence for each check", () => {
  const journal = assertOk(scan(concatBytes(lines(["a", { checkpoint: true }, "b", { checkpoint: true }])), true));
  const points = journal.checkpoints.map(({ record }) => record);
  const chain = assertOk(readChain(utf8(chainText(journal.standing, points, "t")), "c.json"));
  assertEquals(linkageErrors(crypto, chain), []);
  const [one, two] = chain.checkpoints;
  assert(one !== undefined && two !== undefined);
  const errors = (...checkpoints: (typeof one)[]) => linkageErrors(crypto, { ...chain, checkpoints }).length;
  assertEquals(errors(two, one), 4);
  assertEquals(errors(two), 3 - 1);
  assertEquals(errors(one, { ...two, prev_checkpoint_digest: "0" }), 2);
  assertEquals(errors(one, { ...two, sequence_start: 1 }), 2);
  assertEquals(errors({ ...one, manifest_digest: "0" }, two), 1);
  assertEquals(errors({ ...one, runpack_path: "elsewhere" }, two), 0);
});
