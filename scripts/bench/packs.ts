// Runs of any size for the benchmark, the same bytes on every machine: recorded and sealed by the core itself.
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import type { Result } from "../../core/base/result.ts";
import { bytesSource } from "../../core/base/zip_source.ts";
import { readRecordInput, recordRun } from "../../core/run/record.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { verifyRunpack } from "../../core/run/verify.ts";

/** The value of a result that has one; a bench that meets a fault has no figure to give. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
}

const WORDS = [
  "ledger",
  "invoice",
  "refund",
  "customer",
  "shipment",
  "account",
  "transfer",
  "audit",
  "balance",
  "region",
  "tax",
  "total",
];

/** Text of `length` words that repeat no sooner than the words of real records do. */
export function prose(seed: number, length: number): string {
  let state = seed * 2654435761 % 4294967296;
  return Array.from({ length }, () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return `${WORDS[state % WORDS.length]}${state >>> 20}`;
  }).join(" ");
}

const CREATED = "2026-03-01T10:00:00Z";
const head = { created_at: CREATED, producer_version: "bench" };

/** The JSON input of a run of `count` tool calls, arguments and results kept: some 850 bytes for a call once it is recorded. */
export function runInput(count: number): Uint8Array {
  const ids = Array.from({ length: count }, (_, i) => `intent_${String(i).padStart(6, "0")}`);
  return utf8(JSON.stringify({
    run: { ...head, run_id: `run_bench_${count}`, timeline: [{ event: "run_started", ts: CREATED }] },
    intents: ids.map((intent_id, i) => ({
      intent_id,
      tool_name: "ledger.write",
      args: { note: prose(i, 12), amount: i, path: `/tmp/${i}` },
    })),
    results: ids.map((intent_id, i) => ({ intent_id, status: "ok", result: { row: i, note: prose(i + count, 6) } })),
    refs: {},
    capture_mode: "raw",
  }));
}

/** Records and seals a run; gives the bytes of its runpack. */
export async function record(host: Host, input: Uint8Array): Promise<Uint8Array> {
  const run = value(recordRun(host.crypto, value(readRecordInput(input, "bench.json")), {
    runId: "",
    captureMode: "",
    evidenceMode: "",
    context: undefined,
    unsafeContextRaw: false,
    defaults: { ...head, env: { os: "linux", arch: "amd64", runtime: "deno" } },
  }));
  return value(await sealRunpack(host.crypto, run.records, run.capture)).bytes;
}

/** Verifies a runpack that must hold. */
export async function verify(host: Host, pack: Uint8Array): Promise<void> {
  const trust = { key: undefined, requireSignature: false, refuseUndeclared: false };
  const report = value(await verifyRunpack(host, bytesSource(pack), "bench.zip", trust));
  if (!report.ok) throw new Error("the pack of the benchmark does not verify");
}
