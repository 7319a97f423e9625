// One call through the gate: what is asked is decided, the decision is on the disk, and only then the call may leave.
import { ERRORS } from "../../core/base/errors.ts";
import { digestOf } from "../../core/base/digest.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import type { Fault, Result } from "../../core/base/result.ts";
import { traceDocument } from "../../core/trace/build.ts";
import { errorLine, RPC, stoppedLine } from "../../core/mcp/frames.ts";
import type { Reported } from "../../core/mcp/reported.ts";
import type { AskedCall } from "../../core/mcp/exchange.ts";
import { type ToolDefinition, warningHints } from "../../core/mcp/tool_list.ts";
import { askApproval, type Asked } from "../approvals_ask.ts";
import type { Boundary, BoundaryDecision } from "../boundary.ts";
import { safeLine } from "../safe_text.ts";
import type { WrapJournal } from "./journal.ts";
import type { Pins } from "./pins.ts";
import type { WrapPorts } from "./ports.ts";
import type { WrapSettings } from "./settings.ts";

/** What a call came to: it may leave, or its sender is answered. */
export type CallEnd =
  | { readonly kind: "leave" }
  | { readonly kind: "answer"; readonly line: Uint8Array; readonly fault?: Fault };

/** What deciding calls takes. */
export type Deciding = {
  readonly settings: WrapSettings;
  readonly session_id: string;
  readonly boundary: Boundary;
  readonly pins: Pins;
  readonly journal: WrapJournal;
  readonly ports: WrapPorts;
};

type Fit = {
  readonly arguments: "fit" | "misfit" | "unknown";
  readonly refused_for: readonly string[];
  readonly notes: readonly string[];
};

function fitOf(tool: ToolDefinition | undefined, args: JsonObject): Fit {
  if (tool === undefined) return { arguments: "unknown", refused_for: [], notes: [] };
  const answer = tool.check(args);
  switch (answer.kind) {
    case "fits":
      return { arguments: "fit", refused_for: [], notes: [] };
    case "misfit": {
      const where = answer.pointer === "" ? "the arguments do" : `argument "${answer.pointer}" does`;
      return { arguments: "misfit", refused_for: ["mcp_arguments_invalid"], notes: [`${where} not have the declared form`] };
    }
    case "unusable":
      return {
        arguments: "misfit",
        refused_for: ["mcp_schema_unusable"],
        notes: ["the declared form of the arguments cannot be used"],
      };
    default:
      return answer satisfies never;
  }
}

/** Why a request cannot be served, in the form of the protocol. */
export const faultLine = (id: AskedCall["id"] | null, fault: Fault): Uint8Array =>
  errorLine(id, RPC.internal, `gait: ${fault.message}`, { fault: fault.code, remedy: ERRORS[fault.code].remedy });

/** Decides a call of a tool as its server declares it; undefined where it has not. `reported` is what the server calls itself. */
export async function decideCall(
  call: AskedCall,
  tool: ToolDefinition | undefined,
  reported: Reported | undefined,
  { settings, session_id, boundary, pins, journal, ports }: Deciding,
): Promise<CallEnd> {
  const request_id = JSON.stringify(call.id);
  const undecided = async (fault: Fault): Promise<CallEnd> => {
    const draft = { call: call.number, request_id, tool_name: call.tool, fault: fault.code };
    const noted = await journal.append({ record_type: "undecided", undecided: draft }, "disk");
    return { kind: "answer", line: faultLine(call.id, fault), fault: noted.ok ? fault : noted.fault };
  };
  const fit = fitOf(tool, call.args);
  const drift = await pins.drift(call.tool, tool, reported);
  if (!drift.ok) return await undecided(drift.fault);
  const drifted = drift.value.map(({ reason }) => reason);
  for (const { words, changes } of drift.value) {
    for (const line of changes.length > 0 ? changes : [words]) ports.log.line(safeLine(`gait mcp wrap: ${line}`));
  }
  const request = {
    call: intentOf(call, tool, settings, session_id),
    name: "call",
    refused_for: [...fit.refused_for, ...(settings.on_drift === "block" ? drifted : [])],
    asked_for: settings.on_drift === "ask" ? drifted : [],
  };
  const decided = await boundary.decide(request, ports.clock.now());
  if (!decided.ok) return await undecided(decided.fault);
  const { final, intent, digests, policy_digest } = decided.value.decided;
  const asked = await askApproval(settings.pending_dir, decided.value.decided, settings.boundary.version, ports);
  if (!asked.ok) return await undecided(asked.fault);
  const stopped = await blockedByKillSwitch(decided.value, settings, ports);
  if (!stopped.ok) return await undecided(stopped.fault);

  const recorded = await journal.append({
    record_type: "decision",
    decision: {
      call: call.number,
      request_id,
      tool_name: intent.tool_name,
      verdict: final.verdict,
      reason_codes: final.reason_codes,
      arguments: fit.arguments,
      definition_digest: tool === undefined ? "" : digestOf(ports.host.crypto, tool.declared),
      intent_digest: digests.intent_digest,
      args_digest: digests.args_digest,
      policy_digest,
      pending_request_id: asked.value.pending_request_id ?? "",
      trace: traceDocument(decided.value.trace),
    },
  }, "disk");
  if (!recorded.ok) return { kind: "answer", line: faultLine(call.id, recorded.fault), fault: recorded.fault };
  return final.verdict === "allow" ? { kind: "leave" } : {
    kind: "answer",
    line: stopped_(call, decided.value, asked.value, [...fit.notes, ...drift.value.map(({ words }) => words)]),
  };
}

function intentOf(call: AskedCall, tool: ToolDefinition | undefined, settings: WrapSettings, session_id: string): JsonObject {
  const annotations = tool === undefined ? undefined : warningHints(tool);
  const { server_name, context } = settings;
  return {
    name: call.tool,
    args: call.args,
    ...(annotations === undefined ? {} : { targets: [{ kind: "other", value: call.tool, annotations }] }),
    ...(server_name === "" ? {} : { server: { server_name } }),
    context: { ...context, session_id },
  };
}

async function blockedByKillSwitch(
  { kill_switch_line }: BoundaryDecision,
  { boundary: { kill_switch } }: WrapSettings,
  ports: WrapPorts,
): Promise<Result<void>> {
  if (kill_switch_line === undefined) return { ok: true, value: undefined };
  const { appendBlocked } = await import("../kill_switch_journal.ts");
  const added = await appendBlocked(kill_switch, kill_switch_line, ports, "mcp_proxy");
  return added.ok ? { ok: true, value: undefined } : added;
}

const WORDS: Readonly<Record<string, string>> = {
  block: "The call was blocked by policy and was not executed",
  dry_run: "The policy wants a dry run: the call was not executed",
  require_approval: "The call needs an approval and was not executed",
};

function stopped_(
  call: AskedCall,
  { decided: { final, digests, policy_digest }, trace }: BoundaryDecision,
  asked: Asked,
  notes: readonly string[],
) {
  const { pending_request_id } = asked;
  return stoppedLine(call.id, call.modern, {
    verdict: final.verdict,
    reason_codes: final.reason_codes,
    notes: [
      ...(WORDS[final.verdict] === undefined ? [] : [WORDS[final.verdict] ?? ""]),
      ...notes,
      ...(pending_request_id === undefined ? [] : [`pending request: ${pending_request_id}`]),
    ],
    facts: {
      violations: final.violations,
      trace_id: trace.trace_id,
      intent_digest: digests.intent_digest,
      policy_digest,
      ...(pending_request_id === undefined ? {} : { pending_request_id }),
    },
  });
}
