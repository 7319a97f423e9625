// One call from its request to its reply (spec 05, sections 3.2 to 3.5): decided, its trace written, its record on the disk, and only then
// what was asked for beside it and the reply. Whatever fails on the way, the reply is no verdict.
import { joinPath, outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { logLine, otelLine } from "../../core/flow/boundary_lines.ts";
import { boundaryFileName, runIdOf } from "../../core/flow/boundary_names.ts";
import { type BoundaryRefs, boundaryResult } from "../../core/flow/boundary_result.ts";
import type { ToolCall } from "../../core/schema/tool_call.ts";
import { traceLine } from "../../core/trace/build.ts";
import type { Asked } from "../approvals_ask.ts";
import type { BoundaryDecision } from "../boundary.ts";
import { EXIT } from "../render.ts";
import { writeArtifacts } from "./artifacts.ts";
import { callLine } from "./call_line.ts";
import { checkAsked, checkJournalFile, checkRun, checkSession, type Evaluation } from "./request.ts";
import type { Beside, Service } from "./service.ts";
import { eventOf } from "./session_event.ts";

/** A call that was decided and recorded. */
export type Evaluated = {
  readonly decision: BoundaryDecision;
  /** What is answered, and which of its members stay even when empty. */
  readonly data: object;
  readonly always: readonly string[];
};

/** Decides a call and leaves behind all that is to be left. Only an answer counts. */
export async function evaluate(request: Evaluation, beside: Beside, service: Service): Promise<Result<Evaluated>> {
  const { settings, metrics, log } = service;
  const asked = checkAsked(request, settings);
  if (!asked.ok) return asked;
  const journal = await checkJournalFile(request, settings, service.ports.files);
  const { call, adapter, run_id } = request;
  const admits = ({ context }: ToolCall): Result<void> => {
    const run = runIdOf([run_id, context.run_id], "");
    const named = checkRun(run);
    if (!named.ok) return named;
    return checkSession(
      request,
      journal,
      { session_id: trim(request.session_id) || trim(context.session_id), run_id: run },
      settings,
    );
  };
  const given = { call, name: "call", adapter, run_id, admits, approvals: beside.approvals ?? [] };
  const decided = await service.boundary.decide(given, beside.began);
  if (!decided.ok) return decided;
  const decision = decided.value;
  const session_id = trim(request.session_id) || decision.session_id;
  if (decision.policy_changed !== undefined) {
    metrics.policyChanged();
    log("info", "policy_changed", decision.policy_changed);
  }
  const accepted = beside.accepts?.(decision) ?? ok(undefined);
  if (!accepted.ok) return accepted;

  const traced = traceLine(decision.trace);
  const own = await ownTrace(request, traced, service);
  if (!own.ok) return own;
  const pending: Result<Asked> = beside.request_id === undefined ? await service.ask(decision, request) : ok({});
  if (!pending.ok) return pending;
  const about = { session_id, request_id: beside.request_id ?? pending.value.pending_request_id ?? "" };
  const journaled = await service.journal.append({
    put: () => own.value !== "" || !settings.trace_files ? ok("") : putTrace(decision, traced, service),
    line: (sequence, path) => callLine(decision, traced, { ...about, trace_path: path || own.value }, sequence),
  });
  if (!journaled.ok) {
    if (journaled.fault.code === "body_too_large") return journaled; // the call's fault, not the journal's
    metrics.journalFailed();
    service.journal_failed = service.ports.timer.elapsed();
    log("error", "journal_failed", { error: journaled.fault.message });
    return journaled;
  }
  const trace_path = own.value || journaled.value;
  const event = session_id === "" ? ok(undefined) : await service.sessions.record(
    { session_id, run_id: decision.run_id },
    trim(request.session_journal),
    eventOf(decision, trace_path),
    { dir: settings.dirs.runpack, interval: request.checkpoint_interval },
  );
  if (!event.ok) return event;
  const stopped = await service.stopped(decision);
  if (!stopped.ok) return stopped;

  const written = await writeArtifacts(request, decision, event.value, service);
  if (!written.ok) return written;
  const exports = await Promise.all([
    service.exports.log.append(settings.exports.log === "" ? "" : logLine(decision, trace_path)),
    service.exports.otel.append(settings.exports.otel === "" ? "" : otelLine(decision, trace_path)),
  ]);
  for (const one of exports) if (!one.ok) return one;

  const swept = await service.retention.sweep();
  const refs: BoundaryRefs = {
    trace_path,
    ...written.value.refs,
    log_export: settings.exports.log,
    otel_export: settings.exports.otel,
  };
  const result = boundaryResult(decision, refs);
  const { verdict, exit, reason_codes } = decision.decided.final;
  metrics.decided(verdict, reason_codes, decision.adapter);
  service.span(decision, beside, session_id);
  return ok({
    decision,
    data: {
      ...result,
      session_id,
      ...pending.value,
      warnings: [...result.warnings, ...written.value.warnings, ...swept],
      exit_code: EXIT[exit],
    },
    always: ["ok", "executed", "exit_code"],
  });
}

/** Where the trace went that the caller wants elsewhere; it is on the disk. Empty where he does not. */
async function ownTrace({ trace_path }: Evaluation, traced: string, { ports, retention }: Service): Promise<Result<string>> {
  if (trim(trace_path) === "") return ok("");
  const path = outputPath(trace_path, "the trace");
  if (!path.ok) return path;
  const written = await ports.store.write(path.value, utf8(traced), "replace");
  if (!written.ok) return written;
  retention.added(path.value);
  return ok(path.value);
}

const TRIES = 1_000;

// Under the time of the decision: never over the trace of another call of the same moment.
function putTrace(
  { trace, asked_run_id }: BoundaryDecision,
  traced: string,
  { settings, ports, retention, stamps }: Service,
): Result<string> {
  const bytes = utf8(traced);
  for (let tries = 0; tries < TRIES; tries++) {
    const path = joinPath(
      settings.dirs.trace,
      boundaryFileName("trace", asked_run_id, stamps(trace.unsigned.facts.observed_at)),
    );
    const put = ports.artifacts.put(path, bytes);
    if (put.ok) {
      retention.added(path);
      return ok(path);
    }
    if (put.fault.code !== "file_exists") return put;
  }
  return fail("server_busy", `Cannot write the trace: all names of this moment are taken in "${settings.dirs.trace}"`);
}
