// The demo run (spec 01, section 7.7), member by member.
import { demoRun } from "../../core/run/demo.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { object, sha, texts } from "./packs.ts";

const seal = async (version: string) =>
  assertOk(await sealRunpack(nodeHost.crypto, assertOk(demoRun(nodeHost.crypto, version)), "reference"));

Deno.test("demo: three calls, their results and receipts, nothing else", async () => {
  const found = await texts((await seal("9.9.9")).bytes);
  const head = { schema_version: "1.0.0", created_at: "2026-02-05T00:00:00Z", producer_version: "9.9.9", run_id: "run_demo" };
  const lines = (path: string) => (found[path] ?? "").split("\n").slice(0, -1).map((line) => object(line));
  assertEquals(object(found["run.json"]), {
    schema_id: "gait.runpack.run",
    ...head,
    env: { os: "demo", arch: "demo", runtime: "go" },
    timeline: [{ event: "start", ts: "2026-02-05T00:00:00Z" }, { event: "finish", ts: "2026-02-05T00:00:02Z" }],
  });
  const args = [
    ["tool.search", `{"query":"gait demo: offline verification"}`],
    ["tool.fetch", `{"url":"https://example.local/demo"}`],
    ["tool.summarize", `{"input_ref":"ref_1"}`],
  ] as const;
  assertEquals(
    lines("intents.jsonl"),
    args.map(([tool_name, text], i) => ({
      schema_id: "gait.runpack.intent",
      ...head,
      intent_id: `intent_${i + 1}`,
      tool_name,
      args_digest: sha(text),
    })),
  );
  assertEquals(
    lines("results.jsonl"),
    [1, 2, 3].map((n) => ({
      schema_id: "gait.runpack.result",
      ...head,
      intent_id: `intent_${n}`,
      status: "ok",
      result_digest: sha(`{"message":"demo result ${n}","ok":true}`),
    })),
  );
  assertEquals(object(found["refs.json"]), {
    schema_id: "gait.runpack.refs",
    ...head,
    context_ref_count: 3,
    receipts: args.map(([tool], i) => ({
      ref_id: `ref_${i + 1}`,
      source_type: "demo",
      source_locator: tool,
      query_digest: sha(`query-${i + 1}`),
      content_digest: sha(`content-${i + 1}`),
      retrieved_at: "2026-02-05T00:00:00Z",
      redaction_mode: "reference",
      immutability: "unknown",
    })),
  });
});

Deno.test("demo: its digest depends on the version and on nothing else", async () => {
  const [once, again, other] = [await seal("1.0.0"), await seal("1.0.0"), await seal("1.0.1")];
  assertEquals(once.bytes, again.bytes);
  assert(once.manifest.manifest_digest !== other.manifest.manifest_digest);
});
