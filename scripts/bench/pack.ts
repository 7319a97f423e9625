// Building and verifying packs against hashing and compressing, or inflating, the same bytes with nothing checked; whether both stay linear
// up to the longest entry; the same for journals.
import { createHash } from "node:crypto";
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import { bytesSource } from "../../core/base/zip_source.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { journalFiles } from "../../core/flow/pack_journals.ts";
import { runParts } from "../../core/flow/pack_run.ts";
import { verifyPackFile } from "../../core/flow/pack_verify.ts";
import { buildPack } from "../../core/pack/build.ts";
import { ratios, type Row } from "./measure.ts";
import { record, runInput, value } from "./packs.ts";
import { contents, inflateAndHash } from "./plain.ts";

/** Builds the pack of a run, with a journal when there is one. */
async function build(host: Host, runpack: Uint8Array, journal?: Uint8Array): Promise<Uint8Array> {
  const { parts } = value(await runParts(host, bytesSource(runpack), "bench.zip", "bench"));
  const sources = journal === undefined ? [] : [{ name: "j.jsonl", path: "j.jsonl", source: bytesSource(journal) }];
  const files = [...parts.files, ...value(await journalFiles(host.crypto, sources, "bench"))];
  return value(await buildPack(host.crypto, { ...parts, files })).bytes;
}

async function verify(host: Host, pack: Uint8Array): Promise<void> {
  const trust = { key: undefined, requireSignature: false, strict: false };
  const report = value(await verifyPackFile(host, bytesSource(pack), "bench.zip", trust));
  if (!report.ok) throw new Error("the pack of the benchmark does not verify");
}

type File = { readonly path: string; readonly bytes: Uint8Array };

// What a builder cannot do without: each entry of the runpack inflated, hashed and compressed once.
async function hashAndCompress(files: readonly File[]): Promise<void> {
  for (const { bytes } of files) createHash("sha256").update(bytes).digest();
  await writeZip(files);
}

const size = (files: readonly File[]): number => files.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Signed traces, as a gate leaves them: this many lines of some 900 bytes. */
const journalOf = (count: number): Uint8Array =>
  utf8(
    Array.from({ length: count }, (_, i) => {
      const digest = createHash("sha256").update(String(i)).digest("hex");
      const trace = { schema_id: "gait.gate.trace", trace_id: `trace_${i}`, intent_digest: digest, note: digest.repeat(12) };
      return `${JSON.stringify(trace)}\n`;
    }).join(""),
  );

/** The rows. */
export async function packs(host: Host): Promise<Row[]> {
  const runpack = await record(host, runInput(20_000));
  const large = await record(host, runInput(220_000));
  const [files, many] = [contents(runpack), contents(large)];
  const growth = size(many) / size(files);
  const pack = await build(host, runpack);
  const largePack = await build(host, large);
  const journal = journalOf(20_000);
  const small = await record(host, runInput(10));
  const journalled = await build(host, small, journal);
  const what = `the pack of 20,000 calls (${(size(files) / 1e6).toFixed(1)} MB of JSON)`;
  const about = `a pack with a journal of 20,000 records (${(journal.length / 1e6).toFixed(1)} MB)`;
  return [
    {
      what: `building ${what}`,
      by: "hashing and compressing the same bytes",
      values: await ratios(() => build(host, runpack), () => hashAndCompress(files)),
      limit: 3,
    },
    {
      what: `verifying ${what}`,
      by: "hashing and compressing the same bytes",
      values: await ratios(() => verify(host, pack), () => hashAndCompress(contents(pack))),
      limit: 3,
    },
    {
      what: `verifying ${what}`,
      by: "inflating and hashing the same bytes",
      values: await ratios(() => verify(host, pack), () => inflateAndHash(pack)),
      limit: 3,
    },
    {
      what: "building the pack of 220,000 calls, a byte (one run)",
      by: "that of 20,000",
      values: await once(() => build(host, large), () => build(host, runpack), growth),
      limit: 1.5,
    },
    {
      what: "verifying the pack of 220,000 calls, a byte",
      by: "that of 20,000",
      values: (await ratios(() => verify(host, largePack), () => verify(host, pack))).map((ratio) => ratio / growth),
      limit: 1.5,
    },
    {
      what: `building ${about}`,
      by: "hashing and compressing the same bytes",
      values: await ratios(() => build(host, small, journal), () => hashAndCompress(contents(journalled))),
      limit: 3,
    },
    {
      what: `verifying ${about}`,
      by: "hashing and compressing the same bytes",
      values: await ratios(() => verify(host, journalled), () => hashAndCompress(contents(journalled))),
      limit: 3,
    },
  ];
}

async function once(over: () => unknown, under: () => unknown, growth: number): Promise<number[]> {
  const times: number[] = [];
  for (const work of [under, over]) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const [below = 1, above = 0] = times;
  return [above / below / growth];
}
