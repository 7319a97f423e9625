// How a server is opened: what cannot be used is refused before anybody is answered.
import { ok, type Result } from "../../core/base/result.ts";
import { epochNanoseconds } from "../../core/base/time.ts";
import { askApproval } from "../approvals_ask.ts";
import { checkInbox } from "../approvals_inbox.ts";
import { type BoundaryReady, openBoundary } from "../boundary.ts";
import { noteBlocked } from "../gate_files.ts";
import { plainly } from "../plain_files.ts";
import { holdCall } from "./approvals.ts";
import { openServeJournal } from "./journal.ts";
import { sharedLines } from "./lines.ts";
import { serveLog } from "./log.ts";
import { metrics } from "./metrics.ts";
import { type SpanExport, spanExport } from "./otlp.ts";
import { retention } from "./retention.ts";
import type { ServePorts, Service } from "./service.ts";
import { sessionsIn } from "./sessions.ts";
import { stamps } from "./stamps.ts";
import type { ServeSettings } from "./settings.ts";

/** Opens all that calls share; `room` is made in the journal at a time. Faults of what cannot be used. */
export async function openService(
  settings: ServeSettings,
  given: ServePorts,
  room?: number,
): Promise<Result<{ readonly service: Service; readonly ready: BoundaryReady }>> {
  const { dirs, boundary: { version, kill_switch, envelope }, pending_dir } = settings;
  const ports = plainly(given, [envelope]);
  const log = serveLog(ports);
  const counts = metrics(ports.timer.elapsed, version);
  const boundary = openBoundary(settings.boundary, ports);
  const ready = await boundary.usable();
  if (!ready.ok) return ready;
  const inbox = await checkInbox(pending_dir, ports);
  if (!inbox.ok) return inbox;
  for (const dir of [dirs.trace, dirs.session, dirs.runpack, dirs.pack]) {
    const made = dir === "" ? ok(undefined) : ports.artifacts.folder(dir);
    if (!made.ok) return made;
  }
  const logExport = sharedLines(settings.exports.log, "the log export", ports);
  if (!logExport.ok) return logExport;
  const otelExport = sharedLines(settings.exports.otel, "the OTEL export", ports);
  if (!otelExport.ok) return otelExport;
  const opened = await openServeJournal(
    { dir: dirs.journal, trace_dir: dirs.trace, version, key: ready.value.key, room },
    ports,
    {
      committed: (calls, milliseconds) => counts.committed(calls, milliseconds / 1000),
      alone: () => counts.inFlight() <= 1,
      left: (path, why) => log(why === "large" ? "info" : "error", "journal_left", { path, why }),
    },
  );
  if (!opened.ok) return opened;
  const { journal, recovered, notes } = opened.value;
  counts.recovered(recovered);
  for (const note of notes) log("warn", "journal_recovered", { note });
  for (const note of settings.warnings) log("warn", "config", { note });
  const switched = await boundary.killSwitch();
  if (!switched.ok) log("warn", "not_ready", { error: switched.fault.message }); // calls are answered as where it is lost later
  const spans: SpanExport | undefined = settings.otlp === "" ? undefined : spanExport(settings.otlp, version, ports);
  const quiet = { ...ports, progress: { report: () => {} } }; // nobody watches a service
  const milliseconds = () => Number((epochNanoseconds(ports.clock.now()) ?? 0n) / 1_000_000n);
  const kept = retention(settings, ports, milliseconds, journal.removed);
  const sessions = sessionsIn(dirs.session, quiet, version, kept.added);

  const service: Service = {
    settings,
    ports,
    boundary,
    journal,
    sessions,
    retention: kept,
    exports: { log: logExport.value, otel: otelExport.value },
    stamps: stamps(),
    metrics: counts,
    log,
    async ask(decision, request) {
      const asked = await askApproval(pending_dir, decision.decided, version, ports);
      if (!asked.ok || asked.value.pending_request_id === undefined) return asked;
      const held = await holdCall(asked.value.pending_request_id, request, service);
      return held.ok ? asked : held;
    },
    stopped: ({ kill_switch_line }) => noteBlocked(kill_switch, kill_switch_line, ports, "mcp_proxy"),
    span({ decided: { intent, final, policy_digest, digests }, trace, run_id, adapter }, beside, session_id) {
      spans?.add({
        tool_name: intent.tool_name,
        session_id,
        began: beside.began,
        ended: ports.clock.now(),
        traceparent: beside.traceparent,
        facts: {
          "gait.verdict": final.verdict,
          "gait.reason_codes": final.reason_codes,
          "gait.trace_id": trace.trace_id,
          "gait.run_id": run_id,
          "gait.adapter": adapter,
          "gait.policy_digest": policy_digest,
          "gait.intent_digest": digests.intent_digest,
        },
      });
    },
    spans: () => spans?.counts() ?? { sent: 0, dropped: 0 },
    ending: false,
    journal_failed: -Infinity,
    async close(milliseconds) {
      await sessions.close();
      await Promise.all([logExport.value.close(), otelExport.value.close()]);
      await journal.close(milliseconds);
      await spans?.close();
    },
  };
  return ok({ service, ready: ready.value });
}
