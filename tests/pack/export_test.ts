// A pack as OpenTelemetry lines and as SQL: exact numbers, quoted words.
import { otelLines, spanIds } from "../../core/pack/export_otel.ts";
import { otlpRequests } from "../../core/pack/export_otlp.ts";
import { sqlText, tableName } from "../../core/pack/export_sql.ts";
import type { PackExport } from "../../core/schema/pack_export.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const RECORD: PackExport = {
  pack_id: "A".repeat(32) + "b".repeat(32),
  pack_type: "run",
  source_ref: "it's",
  manifest_digest: "c".repeat(64),
  files_checked: 3,
  hash_mismatches: 0,
  missing_files: 0,
  undeclared_files: 0,
  signature_status: "missing",
  signatures_total: 0,
  signatures_valid: 0,
  created_at: "2031-04-02T10:15:30.123456789+02:00",
  metrics: {
    tool_calls_total: 128,
    tool_calls_success: 1,
    tool_calls_success_rate: 1 / 128,
    policy_blocked: 0,
    approval_required: 0,
    regress_failures: 0,
  },
};

const sql = (change: Partial<PackExport> = {}, table = "t", ddl = false) =>
  sqlText({ ...RECORD, ...change }, assertOk(tableName(table)), ddl);

Deno.test("pack export: ids are digits of the pack's id, else of its manifest, else of what it is about", () => {
  const { crypto } = nodeHost;
  assertEquals(spanIds(crypto, RECORD), { trace_id: "a".repeat(32), span_id: "b".repeat(16) });
  assertEquals(spanIds(crypto, { ...RECORD, pack_id: "x" }), { trace_id: "c".repeat(32), span_id: "c".repeat(16) });
  const own = crypto.sha256Text("run|it's");
  const ids = spanIds(crypto, { ...RECORD, pack_id: "x", manifest_digest: "" });
  assertEquals(ids, { trace_id: own.slice(0, 32), span_id: own.slice(32, 48) });
});

Deno.test("pack export: eight lines, times to the nanosecond, a pack that does not hold is an error", () => {
  const lines = otelLines(nodeHost.crypto, RECORD, false).split("\n");
  assertEquals([lines.length, lines[8]], [9, ""]);
  for (const line of lines.slice(0, 8)) assert(line.includes('_unix_nano":1932884130123456789'), line);
  assert(lines[0]?.includes('"status":{"code":"error"}'));
  assertEquals(lines.slice(2, 8).map((line) => JSON.parse(line).name), [
    "gait.pack.tool_calls_total",
    "gait.pack.tool_calls_success_total",
    "gait.pack.tool_calls_success_rate",
    "gait.pack.policy_blocked_total",
    "gait.pack.approval_required_total",
    "gait.pack.regress_failures_total",
  ]);
  assertEquals(JSON.parse(lines[4] ?? "").value_double, 1 / 128);
});

Deno.test("pack export: to a collector numbers of 64 bits are text, and the moment is that of sending", () => {
  const requests = otlpRequests(nodeHost.crypto, RECORD, true, "1.2.3", 1932884130123456789n);
  assertEquals(requests.map(({ path }) => path), ["v1/traces", "v1/metrics", "v1/logs"]);
  const text = JSON.stringify(requests);
  assert(text.includes('"startTimeUnixNano":"1932884130123456789"'));
  assert(text.includes('{"key":"gait.files_checked","value":{"intValue":"3"}}'));
  assert(text.includes('{"key":"gait.created_at","value":{"stringValue":"2031-04-02T10:15:30.123456789+02:00"}}'));
});

Deno.test("pack export: SQL quotes what comes from outside, and rounds a rate to the even digit of two", () => {
  const text = assertOk(sql());
  assert(text.includes("  'it''s',\n") && text.includes("  0.007812,\n"), text);
  assert(text.includes("  '2031-04-02T08:15:30.123456789Z'::timestamptz\n"));
  const rate = (tool_calls_success: number, tool_calls_total: number): string => {
    const metrics = { ...RECORD.metrics, tool_calls_success, tool_calls_total };
    return assertOk(sql({ metrics })).split("\n").find((line) => /^ {2}\d\.\d{6},$/.test(line)) ?? "";
  };
  assertEquals([rate(0, 0), rate(3, 3), rate(2, 3), rate(3, 128)], [
    "  0.000000,",
    "  1.000000,",
    "  0.666667,",
    "  0.023438,",
  ]);
  assertFault(sql({ source_ref: "a\0b" }), "document_shape");
});

Deno.test("pack export: a table has a name of one or two words, its case kept; its indexes are in lowercase", () => {
  assertEquals(assertOk(tableName(" ops . Pack_Index ")), { quoted: '"ops"."Pack_Index"', plain: "ops_pack_index" });
  for (const odd of ["", "a.b.c", "x; drop", "9x", "a.", ".b", "ä", 'a"b', "a\nb"]) {
    assertFault(tableName(odd), "flag_value", odd);
  }
  const made = assertOk(sql({}, "Packs", true));
  assert(made.startsWith('CREATE TABLE IF NOT EXISTS "Packs" ('));
  assert(made.includes('"idx_packs_pack_type_created_at" ON "Packs" (pack_type, created_at DESC);'));
  assert(!assertOk(sql({}, "Packs")).includes("CREATE"));
});
