// The run of `gait demo` (spec 01, section 7.7): three calls of a made-up agent, the same on every machine.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { Json } from "../base/json.ts";
import { readShape } from "../base/shape.ts";
import { RecordInputShape } from "../schema/record_input.ts";
import type { Result } from "../base/result.ts";
import type { RunRecords } from "../schema/runpack.ts";
import { completeRun } from "./complete.ts";

/** The id of the demo run. */
export const DEMO_RUN = "run_demo";

const AT = "2026-02-05T00:00:00Z";
const CALLS = [
  { tool_name: "tool.search", args: { query: "gait demo: offline verification" } },
  { tool_name: "tool.fetch", args: { url: "https://example.local/demo" } },
  { tool_name: "tool.summarize", args: { input_ref: "ref_1" } },
];

const input = (crypto: Crypto): Json => ({
  run: {
    run_id: DEMO_RUN,
    created_at: AT,
    // The other implementation wrote this runtime, and the digest of the demo is compared across both.
    env: { os: "demo", arch: "demo", runtime: "go" },
    timeline: [{ event: "start", ts: AT }, { event: "finish", ts: "2026-02-05T00:00:02Z" }],
  },
  intents: CALLS.map((call, i) => ({ intent_id: `intent_${i + 1}`, ...call })),
  results: CALLS.map((_, i) => ({
    intent_id: `intent_${i + 1}`,
    status: "ok",
    result: { ok: true, message: `demo result ${i + 1}` },
  })),
  refs: {
    receipts: CALLS.map((call, i) => ({
      ref_id: `ref_${i + 1}`,
      source_type: "demo",
      source_locator: call.tool_name,
      query_digest: sha256Hex(crypto, utf8(`query-${i + 1}`)),
      content_digest: sha256Hex(crypto, utf8(`content-${i + 1}`)),
      retrieved_at: AT,
      redaction_mode: "reference",
    })),
  },
});

/** The records of the demo run, in reference capture. Its manifest digest depends on `version` only. */
export function demoRun(crypto: Crypto, version: string): Result<RunRecords> {
  const read = readShape(RecordInputShape, input(crypto), "the demo run");
  if (!read.ok) return read;
  return completeRun(crypto, read.value, "reference", {
    created_at: AT,
    producer_version: version,
    env: { os: "", arch: "", runtime: "" },
  });
}
