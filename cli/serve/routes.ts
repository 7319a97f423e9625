// The paths of the server, and the order in which a request is refused (spec 05, section 3.2).
import { utf8 } from "../../core/base/bytes.ts";
import { type Fault, ok, type Result } from "../../core/base/result.ts";
import { PortFault } from "../../core/ports.ts";
import type { Answering } from "../http/connection.ts";
import type { HttpReply, HttpRequest } from "../http/message.ts";
import { approvalFile, checkNothing, decideApproval, listApprovals, resubmit, showApproval } from "./approvals.ts";
import { evaluate, type Evaluated } from "./evaluate.ts";
import { checkMethod, checkOrigin, checkToken, checkType } from "./guard.ts";
import { traceparentOf } from "./otlp.ts";
import { dating, faultReply, type Form, jsonReply, NOT_FOUND, resultReply } from "./reply.ts";
import { readEvaluation } from "./request.ts";
import type { Service } from "./service.ts";

/** A path that is served. */
type Route = {
  /** What it is called where it is counted. */
  readonly name: string;
  readonly method: "GET" | "POST";
  /** Whether it is answered without the token. */
  readonly open?: true;
  answer(request: HttpRequest, service: Service): Promise<HttpReply>;
};

const evaluating = (name: string, form: Form): Route => ({
  name,
  method: "POST",
  async answer(request, service) {
    const began = service.ports.clock.now();
    const body = await request.body(service.settings.max_request);
    const evaluation = body.ok ? readEvaluation(body.value) : body;
    if (!evaluation.ok) return faultReply(evaluation.fault);
    const beside = { began, traceparent: traceparentOf(request.header("traceparent")) };
    return verdictReply(form, await evaluate(evaluation.value, beside, service), service);
  },
});

const STRICT = { allow: 200, dry_run: 409, require_approval: 409, block: 403 } as const;

function verdictReply(form: Form, result: Result<Evaluated>, { settings: { strict } }: Service): HttpReply {
  if (!result.ok) return faultReply(result.fault);
  const { decision, data, always } = result.value;
  return resultReply(form, strict ? STRICT[decision.decided.final.verdict] : 200, data, always);
}

const told = (result: Result<object>, status = 200): HttpReply =>
  result.ok ? jsonReply(status, result.value) : faultReply(result.fault);

const FIXED: Readonly<Record<string, Route>> = {
  "/healthz": {
    name: "/healthz",
    method: "GET",
    open: true,
    answer: () => Promise.resolve(jsonReply(200, { ok: true, service: "gait.mcp.serve" })),
  },
  "/livez": { name: "/livez", method: "GET", open: true, answer: () => Promise.resolve(jsonReply(200, { ok: true })) },
  "/readyz": { name: "/readyz", method: "GET", open: true, answer: (_request, service) => readiness(service) },
  "/metrics": { name: "/metrics", method: "GET", answer: (_request, service) => Promise.resolve(counted(service)) },
  "/v1/evaluate": evaluating("/v1/evaluate", "json"),
  "/v1/evaluate/sse": evaluating("/v1/evaluate/sse", "sse"),
  "/v1/evaluate/stream": evaluating("/v1/evaluate/stream", "ndjson"),
};

/** For how long a journal that could not be written keeps callers away, in milliseconds; then one may try again. */
const UNFIT = 10_000;

async function readiness({ ending, boundary, journal_failed, ports }: Service): Promise<HttpReply> {
  if (ending) return faultReply({ code: "server_busy", message: "Cannot take calls: the server is about to end" });
  if (ports.timer.elapsed() - journal_failed < UNFIT) return jsonReply(503, { ok: false, fault: "write_failed" });
  const ready = await boundary.ready();
  // Where the files are is not for everybody who may ask for the health of a server.
  return ready.ok
    ? jsonReply(200, { ok: true, policy_digest: ready.value.policy_digest, key_id: ready.value.key.keyId })
    : jsonReply(503, { ok: false, fault: ready.fault.code });
}

function counted({ metrics, spans, ports }: Service): HttpReply {
  const { sent, dropped } = spans();
  const text = metrics.text([
    { name: "gait_serve_otlp_spans_sent_total", help: "Spans that the collector took", kind: "counter", value: sent },
    { name: "gait_serve_otlp_spans_dropped_total", help: "Spans that it did not", kind: "counter", value: dropped },
    {
      name: "gait_serve_log_lines_dropped_total",
      help: "Lines that nobody took off",
      kind: "counter",
      value: ports.log.dropped(),
    },
  ]);
  return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: utf8(text) };
}

/** The routes of the inbox: what follows `/v1/approvals`. */
function approvalRoute(path: string): Route | undefined {
  const [id = "", verb, ...more] = path.split("/");
  if (more.length > 0) return undefined;
  if (verb === undefined) {
    return id === "" ? undefined : {
      name: "/v1/approvals/{id}",
      method: "GET",
      answer: ({ query }, service) => shown(id, query, service),
    };
  }
  if (verb === "decision") {
    return {
      name: "/v1/approvals/{id}/decision",
      method: "POST",
      async answer(request, service) {
        const body = await request.body(service.settings.max_request);
        return told(body.ok ? await decideApproval(id, body.value, service) : body, 201);
      },
    };
  }
  if (verb !== "resubmit") return undefined;
  return {
    name: "/v1/approvals/{id}/resubmit",
    method: "POST",
    async answer(request, service) {
      const began = service.ports.clock.now();
      const body = await request.body(service.settings.max_request);
      const nothing = body.ok ? checkNothing(body.value) : body;
      if (!nothing.ok) return faultReply(nothing.fault);
      const beside = { began, traceparent: traceparentOf(request.header("traceparent")) };
      return verdictReply("json", await resubmit(id, beside, service), service);
    },
  };
}

async function shown(id: string, query: string, service: Service): Promise<HttpReply> {
  if (new URLSearchParams(query).get("raw") !== "true") return told(await showApproval(id, query, service));
  const file = await approvalFile(id, service);
  if (!file.ok) return faultReply(file.fault);
  return { status: 200, type: "application/json", headers: { "cache-control": "no-store" }, body: file.value };
}

const INBOX = "/v1/approvals";

const LISTING: Route = {
  name: INBOX,
  method: "GET",
  answer: async ({ query }, service) => told(await listApprovals(query, service)),
};

function routeOf(path: string, { settings }: Service): Route | undefined {
  if (Object.hasOwn(FIXED, path)) return FIXED[path];
  if (settings.pending_dir === "") return undefined;
  if (path === INBOX) return LISTING;
  return path.startsWith(`${INBOX}/`) ? approvalRoute(path.slice(INBOX.length + 1)) : undefined;
}

/** Who answers the requests of a server. */
export function answering(service: Service): Answering {
  const { settings, ports, metrics, log } = service;
  const dated = dating(ports.clock.now);

  async function handle(route: Route, request: HttpRequest): Promise<HttpReply> {
    const method = checkMethod(request, route.method);
    if (!method.ok) return faultReply(method.fault, 405, { allow: route.method });
    const token = route.open ? ok(undefined) : checkToken(request, settings.token, ports.host.crypto);
    if (!token.ok) return faultReply(token.fault);
    const type = route.method === "POST" ? checkType(request) : ok(undefined);
    return type.ok ? await route.answer(request, service) : faultReply(type.fault);
  }

  return {
    async answer(request) {
      const origin = checkOrigin(request, settings);
      const route = origin.ok ? routeOf(request.path, service) : undefined;
      const done = metrics.request(route?.name ?? "none");
      const reply = origin.ok
        ? route === undefined ? NOT_FOUND : await safely(() => handle(route, request), log)
        : faultReply(origin.fault);
      done(request.over() ? undefined : reply.status);
      if (reply.status >= 500) {
        log("error", "request_failed", { route: route?.name ?? "none", status: reply.status, fault: reply.about ?? "" });
      }
      return dated(reply);
    },
    refuse(status, fault) {
      metrics.refused(status);
      return dated(faultReply(fault, status));
    },
  };
}

// A bug in one call must not end the others, and is no verdict.
async function safely(handle: () => Promise<HttpReply>, log: Service["log"]): Promise<HttpReply> {
  try {
    return await handle();
  } catch (thrown) {
    const fault: Fault = thrown instanceof PortFault
      ? thrown.fault
      : { code: "internal", message: "Cannot answer the request: a bug in gait, which its log tells" };
    const words = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
    log("error", thrown instanceof PortFault ? "port_failed" : "bug", { error: words });
    return faultReply(fault);
  }
}
