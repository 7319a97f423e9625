// A pack as OTLP over HTTP in JSON: what an OpenTelemetry collector takes. Ids are hexadecimal, numbers of 64 bits are text. Its moment is
// when it was sent: collectors drop what is as old as a pack says that it is.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import type { PackExport } from "../schema/pack_export.ts";
import { EXPORT_SCOPE, packAttributes, packMetrics, spanIds } from "./export_otel.ts";

/** One document for one path below a collector's address. */
export type OtlpRequest = { readonly path: string; readonly body: JsonObject };

const SPAN_INTERNAL = 1;
const STATUS_OK = 1;
const STATUS_ERROR = 2;
const SEVERITY_INFO = 9;

const anyValue = (value: string | number | boolean): JsonObject =>
  typeof value === "string"
    ? { stringValue: value }
    : typeof value === "boolean"
    ? { boolValue: value }
    : { intValue: String(value) };

const attributesOf = (members: Readonly<Record<string, string | number | boolean>>): readonly JsonObject[] =>
  Object.entries(members).map(([key, value]) => ({ key, value: anyValue(value) }));

/** The three requests that tell a collector of a pack; `version` is that of the program, `moment` nanoseconds since 1970. */
export function otlpRequests(
  crypto: Crypto,
  record: PackExport,
  integrityOk: boolean,
  version: string,
  moment: bigint,
): readonly OtlpRequest[] {
  const resource = { attributes: attributesOf({ "service.name": "gait", "service.version": version }) };
  const scope = { name: EXPORT_SCOPE, version };
  const attributes = attributesOf({ ...packAttributes(record, integrityOk), "gait.created_at": record.created_at });
  const ids = spanIds(crypto, record);
  const context = { traceId: ids.trace_id, spanId: ids.span_id };
  const time = String(moment);
  const span = {
    ...context,
    name: "gait.pack.verify",
    kind: SPAN_INTERNAL,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
    status: { code: integrityOk ? STATUS_OK : STATUS_ERROR },
  };
  const event = {
    ...context,
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: SEVERITY_INFO,
    severityText: "INFO",
    body: { stringValue: "gait.pack.export.metadata" },
    attributes,
  };
  const metrics = packMetrics(record).map(({ name, unit, value }) => {
    const point = unit === "ratio" ? { asDouble: value } : { asInt: String(value) };
    return { name, unit, gauge: { dataPoints: [{ attributes, startTimeUnixNano: time, timeUnixNano: time, ...point }] } };
  });
  return [
    { path: "v1/traces", body: { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] } },
    { path: "v1/metrics", body: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] } },
    { path: "v1/logs", body: { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [event] }] }] } },
  ];
}
