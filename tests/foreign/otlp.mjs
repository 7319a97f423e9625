// A span, a log record and a metric as OpenTelemetry's own transformer writes them in JSON. Arguments: the folder of packages, and what they
// hold. Prints the three requests.
import { createRequire } from "node:module";

const [packages, given] = process.argv.slice(2);
const require = createRequire(packages);
const { JsonLogsSerializer, JsonMetricsSerializer, JsonTraceSerializer } = require("@opentelemetry/otlp-transformer");
const { DataPointType } = require("@opentelemetry/sdk-metrics");

const { traceId, spanId, time, attributes, resource: resourceAttributes, scope, metrics } = JSON.parse(given);
const moment = BigInt(time);
const hr = [Number(moment / 1_000_000_000n), Number(moment % 1_000_000_000n)];
const resource = { attributes: resourceAttributes, asyncAttributesPending: false };
const spanContext = { traceId, spanId, traceFlags: 0 };
const none = { events: [], links: [], droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 };
const span = {
  ...none,
  name: "gait.pack.verify",
  kind: 0,
  spanContext: () => spanContext,
  startTime: hr,
  endTime: hr,
  status: { code: 1 },
  attributes,
  resource,
  instrumentationScope: scope,
};
const log = {
  hrTime: hr,
  hrTimeObserved: hr,
  severityNumber: 9,
  severityText: "INFO",
  body: "gait.pack.export.metadata",
  attributes,
  droppedAttributesCount: 0,
  spanContext,
  resource,
  instrumentationScope: scope,
};
const data = metrics.map(({ name, unit, value }) => ({
  descriptor: { name, unit, description: "", valueType: unit === "ratio" ? 1 : 0 },
  dataPointType: DataPointType.GAUGE,
  dataPoints: [{ attributes, startTime: hr, endTime: hr, value }],
}));
const text = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
console.log(JSON.stringify({
  "v1/traces": text(JsonTraceSerializer.serializeRequest([span])),
  "v1/metrics": text(JsonMetricsSerializer.serializeRequest({ resource, scopeMetrics: [{ scope, metrics: data }] })),
  "v1/logs": text(JsonLogsSerializer.serializeRequest([log])),
}));
