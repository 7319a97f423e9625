// A pack as OpenTelemetry records, one a line (spec 04, section 6): a span, an event, six metrics. Times are nanoseconds as integers,
// beyond what a double can hold.
import { canonicalText } from "../base/canonical.ts";
import type { Crypto } from "../base/host.ts";
import type { Json, JsonObject } from "../base/json_value.ts";
import { byBytes, isHex64, lower } from "../base/text.ts";
import { epochNanoseconds } from "../base/time.ts";
import type { PackExport } from "../schema/pack_export.ts";

/** The ids that a pack has as a span: hexadecimal, 32 and 16 digits. */
export type SpanIds = { readonly trace_id: string; readonly span_id: string };

/** The ids of a pack: digits of its own id where that is a digest, else of another digest of it. */
export function spanIds(crypto: Crypto, { pack_id, manifest_digest, pack_type, source_ref }: PackExport): SpanIds {
  const digits = [lower(pack_id), lower(manifest_digest)].find(isHex64) ?? crypto.sha256Text(`${pack_type}|${source_ref}`);
  return { trace_id: digits.slice(0, 32), span_id: digits.slice(32, 48) };
}

/** What every record says of the pack. */
export const packAttributes = (record: PackExport, integrityOk: boolean) =>
  ({
    "gait.pack_id": record.pack_id,
    "gait.pack_type": record.pack_type,
    "gait.source_ref": record.source_ref,
    "gait.manifest_digest": record.manifest_digest,
    "gait.files_checked": record.files_checked,
    "gait.hash_mismatches": record.hash_mismatches,
    "gait.missing_files": record.missing_files,
    "gait.undeclared_files": record.undeclared_files,
    "gait.signature_status": record.signature_status,
    "gait.signatures_total": record.signatures_total,
    "gait.signatures_valid": record.signatures_valid,
    "gait.integrity_ok": integrityOk,
    "gait.tool_calls_total": record.metrics.tool_calls_total,
    "gait.tool_calls_ok": record.metrics.tool_calls_success,
    "gait.policy_blocked": record.metrics.policy_blocked,
    "gait.approval_required": record.metrics.approval_required,
    "gait.regress_failures": record.metrics.regress_failures,
  }) as const satisfies JsonObject;

/** One number of a pack: a share between 0 and 1, or a count. */
export type PackMetric = { readonly name: string; readonly unit: "1" | "ratio"; readonly value: number };

/** The numbers of a pack, in their order. */
export const packMetrics = ({ metrics }: PackExport): readonly PackMetric[] => [
  { name: "gait.pack.tool_calls_total", unit: "1", value: metrics.tool_calls_total },
  { name: "gait.pack.tool_calls_success_total", unit: "1", value: metrics.tool_calls_success },
  { name: "gait.pack.tool_calls_success_rate", unit: "ratio", value: metrics.tool_calls_success_rate },
  { name: "gait.pack.policy_blocked_total", unit: "1", value: metrics.policy_blocked },
  { name: "gait.pack.approval_required_total", unit: "1", value: metrics.approval_required },
  { name: "gait.pack.regress_failures_total", unit: "1", value: metrics.regress_failures },
];

/** When a pack was made, in nanoseconds since 1970. */
export const packMoment = ({ created_at }: PackExport): bigint => epochNanoseconds(created_at) ?? 0n;

/** What names the exporter. */
export const EXPORT_SCOPE = "gait.pack.export";

// Members sorted; a whole number of any size is written with all its digits.
const line = (members: Readonly<Record<string, Json | bigint>>): string => {
  const names = Object.keys(members).sort(byBytes);
  const text = (value: Json | bigint | undefined): string =>
    typeof value === "bigint" ? String(value) : canonicalText(value ?? null);
  return `{${names.map((name) => `${JSON.stringify(name)}:${text(members[name])}`).join(",")}}\n`;
};

/** The eight lines of a pack. */
export function otelLines(crypto: Crypto, record: PackExport, integrityOk: boolean): string {
  const ids = spanIds(crypto, record);
  const attributes = packAttributes(record, integrityOk);
  const time_unix_nano = packMoment(record);
  const span = {
    record_type: "span",
    ...ids,
    name: "gait.pack.verify",
    start_time_unix_nano: time_unix_nano,
    end_time_unix_nano: time_unix_nano,
    status: { code: integrityOk ? "ok" : "error" },
    instrumentation_scope: EXPORT_SCOPE,
    attributes,
  };
  const event = {
    record_type: "event",
    time_unix_nano,
    severity_text: "INFO",
    body: "gait.pack.export.metadata",
    ...ids,
    attributes,
  };
  const metrics = packMetrics(record).map(({ name, unit, value }) => ({
    record_type: "metric",
    name,
    time_unix_nano,
    unit,
    ...(unit === "ratio" ? { value_double: value } : { value_int: value }),
    attributes,
  }));
  return [span, event, ...metrics].map(line).join("");
}
