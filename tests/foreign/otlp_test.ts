// What we send to a collector reads like what OpenTelemetry's own transformer writes of the same pack: both are read by OpenTelemetry's own
// messages, which refuse what they do not know.
import { packAttributes, packMetrics, spanIds } from "../../core/pack/export_otel.ts";
import { otlpRequests } from "../../core/pack/export_otlp.ts";
import type { PackExport } from "../../core/schema/pack_export.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";
import { inFolder, must } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { npmFolder, python } from "./setup.ts";

const here = (name: string): string => new URL(name, import.meta.url).pathname;

const RECORD: PackExport = {
  pack_id: "0123456789abcdef".repeat(4),
  pack_type: "run",
  source_ref: "run_ä",
  manifest_digest: "c".repeat(64),
  files_checked: 3,
  hash_mismatches: 0,
  missing_files: 0,
  undeclared_files: 0,
  signature_status: "verified",
  signatures_total: 1,
  signatures_valid: 1,
  created_at: "1980-01-01T00:00:00Z",
  metrics: {
    tool_calls_total: 8,
    tool_calls_success: 5,
    tool_calls_success_rate: 5 / 8,
    policy_blocked: 2,
    approval_required: 1,
    regress_failures: 0,
  },
};
const MOMENT = 1932884130123456789n;

// What the transformer adds that says nothing: flags of a span without a parent, of a record whose context has none.
const said = (text: string): unknown =>
  JSON.parse(text, (name, value) => name === "flags" || name === "description" ? undefined : value);

Deno.test("foreign: our OTLP says what OpenTelemetry's transformer says", async () => {
  const [packages, program] = [npmFolder(), python()];
  if (packages === undefined || program === undefined) {
    return skipped("OpenTelemetry's transformer and messages", "run tests/foreign/setup.ts first");
  }
  const ids = spanIds(nodeHost.crypto, RECORD);
  const given = {
    traceId: ids.trace_id,
    spanId: ids.span_id,
    time: String(MOMENT),
    attributes: { ...packAttributes(RECORD, true), "gait.created_at": RECORD.created_at },
    resource: { "service.name": "gait", "service.version": "1.2.3" },
    scope: { name: "gait.pack.export", version: "1.2.3" },
    metrics: packMetrics(RECORD),
  };
  const theirs = await must("node", [here("otlp.mjs"), packages, JSON.stringify(given)]);
  const requests = otlpRequests(nodeHost.crypto, RECORD, true, "1.2.3", MOMENT);
  const ours = JSON.stringify(Object.fromEntries(requests.map(({ path, body }) => [path, body])));
  await inFolder(async (folder) => {
    const read = async (text: string): Promise<unknown> => {
      await Deno.writeTextFile(`${folder}/r.json`, text);
      return said(await must(program, [here("check.py"), "otlp", `${folder}/r.json`]));
    };
    assertEquals(await read(ours), await read(theirs));
  });
});
