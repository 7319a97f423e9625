// What the server counts, in the text form that Prometheus reads. Every label has few values: names of tools and callers are none, and
// reason codes beyond the first ones are counted together.
import { byBytes } from "../../core/base/text.ts";

/** The most reason codes that are counted by name: policies write them, and nobody bounds what a policy writes. */
const MOST_REASONS = 200;

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const CALLS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

type Labels = Readonly<Record<string, string>>;

type Histogram = { readonly bounds: readonly number[]; readonly counts: number[]; sum: number; count: number };

const histogram = (bounds: readonly number[]): Histogram => ({ bounds, counts: bounds.map(() => 0), sum: 0, count: 0 });

function observe(into: Histogram, value: number): void {
  const at = into.bounds.findIndex((bound) => value <= bound);
  if (at >= 0) into.counts[at] = (into.counts[at] ?? 0) + 1;
  into.sum += value;
  into.count++;
}

/** What the server counts. */
export interface Metrics {
  /** A request came; call what is given back when it is answered, with the status; without one where it has been refused meanwhile. */
  request(route: string): (status?: number) => void;
  /** A request was refused before it was one. */
  refused(status: number): void;
  decided(verdict: string, reason_codes: readonly string[], adapter: string): void;
  committed(calls: number, seconds: number): void;
  journalFailed(): void;
  policyChanged(): void;
  recovered(traces: number): void;
  /** Requests that are being answered now. */
  inFlight(): number;
  /** All of it, with what is only looked up when asked: name, help, kind and value of each. */
  text(gauges: readonly Gauge[]): string;
}

/** A number that is looked up when it is asked for. */
export type Gauge = {
  readonly name: string;
  readonly help: string;
  readonly kind: "gauge" | "counter";
  readonly value: number;
};

/** Starts counting; `elapsed` gives milliseconds that never go back. */
export function metrics(elapsed: () => number, version: string): Metrics {
  const requests = new Map<string, number>();
  const verdicts = new Map<string, number>();
  const reasons = new Map<string, number>();
  const rejected = new Map<string, number>();
  const latency = histogram(SECONDS);
  const commits = histogram(SECONDS);
  const batches = histogram(CALLS);
  const counts = { journal_failures: 0, policy_changes: 0, recovered: 0 };
  let in_flight = 0;

  const add = (to: Map<string, number>, labels: Labels): void => {
    const key = written(labels);
    to.set(key, (to.get(key) ?? 0) + 1);
  };
  const reject = (status: number): void => {
    if (status >= 400 && status !== 409) add(rejected, { status: `${status}` });
  };

  return {
    request(route) {
      const began = elapsed();
      in_flight++;
      return (status) => {
        in_flight--;
        if (status === undefined) return;
        add(requests, { route, status: `${status}` });
        if (route.startsWith("/v1/evaluate")) observe(latency, (elapsed() - began) / 1000);
      };
    },
    refused(status) {
      add(requests, { route: "none", status: `${status}` });
      reject(status);
    },
    decided(verdict, reason_codes, adapter) {
      add(verdicts, { adapter, verdict });
      for (const reason of reason_codes) {
        const known = reasons.has(written({ reason })) || reasons.size < MOST_REASONS;
        add(reasons, { reason: known ? reason : "other" });
      }
    },
    committed(calls, seconds) {
      observe(batches, calls);
      observe(commits, seconds);
    },
    journalFailed: () => void counts.journal_failures++,
    policyChanged: () => void counts.policy_changes++,
    recovered: (traces) => void (counts.recovered += traces),
    inFlight: () => in_flight,
    text: (gauges) =>
      [
        family("gait_serve_info", "gauge", "The program", new Map([[written({ version }), 1]])),
        family("gait_serve_requests_total", "counter", "Requests by route and status", requests),
        family(
          "gait_serve_rejected_total",
          "counter",
          "Requests whose head was refused or that came too slowly, by status",
          rejected,
        ),
        family("gait_serve_verdicts_total", "counter", "Decided calls by verdict and adapter", verdicts),
        family(
          "gait_serve_reason_codes_total",
          "counter",
          "Reason codes of decided calls; the rare ones together as other",
          reasons,
        ),
        spread("gait_serve_request_duration_seconds", "From the head of a call to its reply", latency),
        spread("gait_serve_journal_commit_duration_seconds", "Writing and syncing the journal once", commits),
        spread("gait_serve_journal_batch_calls", "Calls that were written together", batches),
        single(
          "gait_serve_journal_failures_total",
          "counter",
          "Calls that could not be written to the journal",
          counts.journal_failures,
        ),
        single("gait_serve_policy_changes_total", "counter", "How often another policy took effect", counts.policy_changes),
        single("gait_serve_recovered_traces_total", "counter", "Traces made again from the journal", counts.recovered),
        single("gait_serve_in_flight", "gauge", "Requests that are being answered", in_flight),
        ...gauges.map(({ name, help, kind, value }) => single(name, kind, help, value)),
      ].join(""),
  };
}

const ESCAPED = /[\\"\n]/;

const escaped = (value: string): string =>
  !ESCAPED.test(value) ? value : value.replace(/[\\"\n]/g, (char) => char === "\n" ? "\\n" : `\\${char}`);

function written(labels: Labels): string {
  let text = "";
  for (const name of Object.keys(labels)) text += `${text === "" ? "" : ","}${name}="${escaped(labels[name] ?? "")}"`;
  return `{${text}}`;
}

const head = (name: string, kind: string, help: string): string => `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`;

const single = (name: string, kind: string, help: string, value: number): string =>
  `${head(name, kind, help)}${name} ${value}\n`;

const family = (name: string, kind: string, help: string, values: ReadonlyMap<string, number>): string => {
  const rows = [...values].sort(([a], [b]) => byBytes(a, b)).map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `${head(name, kind, help)}${rows.join("")}`;
};

function spread(name: string, help: string, { bounds, counts, sum, count }: Histogram): string {
  let below = 0;
  const rows = bounds.map((bound, i) => `${name}_bucket{le="${bound}"} ${below += counts[i] ?? 0}\n`).join("");
  return `${
    head(name, "histogram", help)
  }${rows}${name}_bucket{le="+Inf"} ${count}\n${name}_sum ${sum}\n${name}_count ${count}\n`;
}
