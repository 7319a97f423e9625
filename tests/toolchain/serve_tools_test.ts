// What measures and draws the server: limits that must be reached, slopes, quantiles of what came between two looks, the picture.
import { holds, line } from "../../scripts/bench/measure.ts";
import { slope } from "../../scripts/bench/serve.ts";
import { dashboard } from "../../scripts/dashboard.ts";
import { families, quantileOf } from "../../scripts/tools/metrics.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("bench: a rate must come to its limit, a cost must keep within it", () => {
  const row = { what: "a", by: "b", values: [1, 2, 3, 4, 5], limit: 3 };
  assertEquals([holds({ ...row, least: true }), holds({ ...row, limit: 3.1, least: true }), holds({ ...row, limit: 2.9 })], [
    true,
    false,
    false,
  ]);
  assert(line({ ...row, limit: 9, least: true }).startsWith("MISSED") && line({ ...row, least: true }).includes(" least "));
});

Deno.test("bench: memory is judged by the line nearest to all points", () => {
  assertEquals(slope([[0, 5], [10, 5], [20, 5]]), 0);
  assertEquals(slope([[0, 100], [1, 103], [2, 106]]), 3);
  assert(slope([[0, 100], [1, 90], [2, 106], [3, 110]]) > 0);
});

const text = (allow: number, counts: readonly number[]): string =>
  `# HELP gait_serve_verdicts_total x
# TYPE gait_serve_verdicts_total counter
gait_serve_verdicts_total{adapter="mcp",verdict="allow"} ${allow}
# TYPE gait_serve_request_duration_seconds histogram
${
    counts.map((count, i) => `gait_serve_request_duration_seconds_bucket{le="${["0.01", "0.1", "+Inf"][i]}"} ${count}`).join(
      "\n",
    )
  }
gait_serve_request_duration_seconds_sum 1.5
gait_serve_request_duration_seconds_count ${counts.at(-1)}
`;

Deno.test("metrics: values and labels are read, and a quantile lies in the bucket of what came since", () => {
  const [before, after] = [families(text(1, [100, 100, 100])), families(text(5, [100, 110, 110]))];
  assertEquals(after.value("gait_serve_verdicts_total", 'adapter="mcp",verdict="allow"'), 5);
  assertEquals(after.value("gait_serve_request_duration_seconds_sum", ""), 1.5);
  assertEquals(after.families, [
    { name: "gait_serve_verdicts_total", type: "counter", labels: ["adapter", "verdict"] },
    { name: "gait_serve_request_duration_seconds", type: "histogram", labels: ["le"] },
  ]);
  const name = "gait_serve_request_duration_seconds";
  const half = quantileOf(before.buckets(name), after.buckets(name), 0.5) ?? 0;
  assert(Math.abs(half - 0.055) < 1e-9, `${half}`);
  assertEquals(quantileOf(after.buckets(name), after.buckets(name), 0.5), undefined);
  const beyond = families(text(5, [100, 110, 200]));
  assertEquals(quantileOf(after.buckets(name), beyond.buckets(name), 0.99), undefined);
});

Deno.test("dashboard: four panels are drawn of what the server counted", () => {
  const seen = [0, 1, 2, 3].map((i) => ({
    at: i,
    seen: families(text(10 * i, [10 * i, 10 * i, 10 * i])),
    resident: 100 + i,
  }));
  const drawn = dashboard(seen);
  assertEquals([drawn.split("<polyline").length - 1, drawn.split("MiB").length - 1], [9, 1]);
  assert(drawn.includes(">10</text>"), "ten calls a second");
});
