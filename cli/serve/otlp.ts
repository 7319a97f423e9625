// Spans of decided calls, sent to a collector as OTLP/JSON over HTTP. A reply never waits for it: what the collector does not take in time
// is dropped and counted.
import { hex, utf8 } from "../../core/base/bytes.ts";
import { epochNanoseconds } from "../../core/base/time.ts";
import type { Json } from "../../core/base/json.ts";
import { leftOut } from "../../core/pack/otlp_answer.ts";
import type { Ports } from "../../core/ports.ts";

/** A call as a span tells of it. */
export type CallSpan = {
  readonly tool_name: string;
  readonly session_id: string;
  /** When the call came and when it was answered, UTC. */
  readonly began: string;
  readonly ended: string;
  /** The caller's trace context; empty without one. */
  readonly traceparent: string;
  /** Further facts by name; empty ones are left out. */
  readonly facts: Readonly<Record<string, string | readonly string[] | number>>;
};

/** Where spans go. */
export interface SpanExport {
  add(span: CallSpan): void;
  /** Spans that were sent, and that were dropped. */
  counts(): { readonly sent: number; readonly dropped: number };
  /** Sends what waits, once, and takes no more. */
  close(): Promise<void>;
}

const MOST_WAITING = 2_048;
const MOST_TEXT = 4 * 2 ** 20;
const MOST_SENT = 512;
const PAUSE = 1_000;
const TIME = 5_000;
const CLOSING = 2_000;

type Context = { readonly trace_id: string; readonly parent: string; readonly sampled: boolean };

/** The context that a field names (W3C Trace Context); undefined where it is none. */
export function contextOf(traceparent: string): Context | undefined {
  const parts = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(traceparent);
  const [, version = "", trace_id = "", parent = "", flags = "", more] = parts ?? [];
  if (parts === null || version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (/^0+$/.test(trace_id) || /^0+$/.test(parent)) return undefined;
  return { trace_id, parent, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The trace context that a request holds; empty where it holds none. */
export const traceparentOf = (field: string | undefined): string =>
  field !== undefined && contextOf(field) !== undefined ? field : "";

/** Sends spans to the collector at an address. */
export function spanExport(
  endpoint: string,
  version: string,
  { net, timer, random }: Pick<Ports, "net" | "timer" | "random">,
): SpanExport {
  const url = /\/v1\/traces$/.test(endpoint) ? endpoint : `${endpoint}/v1/traces`;
  let waiting: { readonly span: Json; readonly text: number }[] = [];
  let text = 0;
  let sent = 0;
  let dropped = 0;
  let closed = false;
  let working: Promise<void> | undefined;

  async function send(milliseconds: number): Promise<void> {
    const taken = waiting.slice(0, MOST_SENT);
    waiting = waiting.slice(MOST_SENT);
    for (const one of taken) text -= one.text;
    const spans = taken.map(({ span }) => span);
    const done = await net.post(url, utf8(JSON.stringify(request(spans, version))), JSON_BODY, milliseconds);
    const took = done.ok && done.value.status >= 200 && done.value.status < 300
      ? Math.max(0, spans.length - leftOut(done.value.body).count)
      : 0;
    sent += took;
    dropped += spans.length - took;
  }

  async function work(): Promise<void> {
    while (waiting.length > 0 && !closed) {
      await timer.sleep(PAUSE);
      while (waiting.length > 0 && !closed) await send(TIME);
    }
    working = undefined;
  }

  return {
    add(call) {
      const context = contextOf(call.traceparent);
      if (closed || context?.sampled === false) return;
      // Callers choose the names of tools, and how long they are.
      const length = call.tool_name.length + call.session_id.length;
      if (waiting.length >= MOST_WAITING || text + length > MOST_TEXT) {
        dropped++;
        return;
      }
      text += length;
      waiting.push({ span: spanOf(call, context, random), text: length });
      working ??= work();
    },
    counts: () => ({ sent, dropped }),
    async close() {
      closed = true;
      if (waiting.length > 0) await send(CLOSING);
      dropped += waiting.length;
      waiting = [];
    },
  };
}

const JSON_BODY = { "content-type": "application/json" } as const;

function spanOf(call: CallSpan, context: Context | undefined, random: Ports["random"]): Json {
  const facts = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": call.tool_name,
    "gen_ai.tool.type": "function",
    "gen_ai.conversation.id": call.session_id,
    ...call.facts,
  };
  return {
    traceId: context?.trace_id ?? hex(random.bytes(16)),
    spanId: hex(random.bytes(8)),
    ...(context === undefined ? {} : { parentSpanId: context.parent }),
    name: `execute_tool ${call.tool_name}`,
    kind: 1,
    startTimeUnixNano: String(epochNanoseconds(call.began) ?? 0n),
    endTimeUnixNano: String(epochNanoseconds(call.ended) ?? 0n),
    attributes: Object.entries(facts).filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0))
      .map(([key, value]) => ({ key, value: attribute(value) })),
    status: {},
  };
}

const attribute = (value: string | readonly string[] | number): Json =>
  typeof value === "string"
    ? { stringValue: value }
    : typeof value === "number"
    ? { intValue: String(value) }
    : { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };

const request = (spans: readonly Json[], version: string): Json => ({
  resourceSpans: [{
    resource: {
      attributes: [
        { key: "service.name", value: { stringValue: "gait" } },
        { key: "service.version", value: { stringValue: version } },
      ],
    },
    scopeSpans: [{ scope: { name: "gait.mcp.serve", version }, spans }],
  }],
});
