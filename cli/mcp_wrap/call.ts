// One call through the gate: what is asked is decided, the decision is on the disk, and only then the call may leave.
import { digestOf } from "../../core/base/digest.ts";
import { errors } from "../../core/base/errors.ts";
import { lazy } from "../../core/base/lazy.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { type Fault, ok, type Result } from "../../core/base/result.ts";
import { traceDocument } from "../../core/trace/build.ts";
import { paramsDigest } from "../../core/mcp/call_input.ts";
import { isIntentFlaw } from "../../core/gate/intent_flaws.ts";
import { errorLine, RPC, stoppedLine } from "../../core/mcp/frames.ts";
import type { Verdict } from "../../core/gate/types.ts";
import type { Reported } from "../../core/mcp/reported.ts";
import type { AskedCall } from "../../core/mcp/exchange.ts";
import type { SessionLabels } from "../../core/mcp/session_labels.ts";
import { type ToolDefinition, warningHints } from "../../core/mcp/tool_list.ts";
import type { Asked } from "../approvals_ask.ts";
import type { BoundaryDecision, CallRequest } from "../boundary.ts";
import { noteBlocked } from "../gate_files.ts";
import { askingFor } from "./asking.ts";
import type { ClientVoice, Deciding, Declared } from "./deciding.ts";
import type { AskedUnder } from "./inbox.ts";
import { say } from "./say.ts";
import type { WrapSettings } from "./settings.ts";
import { shortened } from "./shortened.ts";

export type { ClientVoice, Deciding } from "./deciding.ts";

/** What a call came to: it may leave, or its sender is answered. */
export type CallEnd =
  /** `line`, without a break, is what leaves in place of what came: what was said to the gate alone is not in it. */
  | { readonly kind: "leave"; readonly line?: Uint8Array }
  | { readonly kind: "answer"; readonly line: Uint8Array; readonly fault?: Fault };

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
  errorLine(id, RPC.internal, `gait: ${fault.message}`, { fault: fault.code, remedy: errors()[fault.code].remedy });

// Arguments that no intent can be made of are the fault of the call, and nothing is wrong with the gate.
const isOfArguments = (fault: Fault): boolean => isIntentFlaw(fault) && fault.at?.pointer?.startsWith("/args/") === true;

/** A call as it was judged once. */
type Judged = {
  readonly fit: Fit;
  readonly decided: BoundaryDecision;
  readonly under: AskedUnder;
  /** What the session had read by then. */
  readonly labels: readonly string[];
  readonly notes: readonly string[];
};

/** Judges a call by what is known now. `find` is told under what an approval would have to have been asked for. */
async function judge(
  call: AskedCall,
  { tool, reported }: Declared,
  find: (under: AskedUnder) => NonNullable<CallRequest["find"]>,
  { settings, session_id, boundary, pins, labels, ports }: Deciding,
): Promise<Result<Judged>> {
  const fit = fitOf(tool, call.args);
  const drift = await pins.drift(call.tool, tool, reported);
  if (!drift.ok) return drift;
  const drifted = drift.value.map(({ reason }) => reason);
  for (const { words, changes } of drift.value) {
    for (const line of changes.length > 0 ? changes : [words]) say(line, ports);
  }
  const seen = labels.labels();
  const under = {
    asked_for: settings.on_drift === "ask" ? drifted : [],
    definition_digest: tool === undefined ? "" : tool.digest(ports.host.crypto),
    params_digest: lazy(() => paramsDigest(ports.host.crypto, call.frame)),
  };
  const request: CallRequest = {
    call: intentOf(call, tool, settings, session_id, labels),
    name: "call",
    refused_for: [...fit.refused_for, ...(settings.on_drift === "block" ? drifted : [])],
    asked_for: under.asked_for,
    find: find(under),
  };
  const decided = await boundary.decide(request, ports.clock.now());
  if (!decided.ok) return decided;
  const notes = [...fit.notes, ...drift.value.map(({ words }) => words)];
  return ok({ fit, decided: decided.value, under, labels: seen, notes });
}

/**
 * Decides a call of a tool as its server declares it; undefined where it has not. `reported` is what the server calls itself, `client`
 * whom the gate can ask.
 */
export async function decideCall(
  call: AskedCall,
  tool: ToolDefinition | undefined,
  reported: Reported | undefined,
  client: ClientVoice,
  deciding: Deciding,
): Promise<CallEnd> {
  const { settings, inbox, journal, ports } = deciding;
  const request_id = shortened(ports.host.crypto, JSON.stringify(call.id));
  const undecided = async (fault: Fault): Promise<CallEnd> => {
    const args_digest = digestOf(ports.host.crypto, call.args);
    const draft = { call: call.number, request_id, tool_name: call.tool, args_digest, fault: fault.code };
    const noted = await journal.append({ record_type: "undecided", undecided: draft }, "disk");
    const line = faultLine(call.id, fault);
    if (noted.ok && isOfArguments(fault)) return { kind: "answer", line };
    return { kind: "answer", line, fault: noted.ok ? fault : noted.fault };
  };
  const asking = askingFor(call, client, deciding);
  let judged = await judge(call, { tool, reported }, asking.find, deciding);
  const answered = judged.ok ? await asking.elicit(judged.value.decided, judged.value.under) : undefined;
  if (answered !== undefined) judged = await judge(call, client.current?.() ?? { tool, reported }, answered, deciding);
  if (!judged.ok) return await undecided(judged.fault);
  const { fit, decided, under, labels, notes } = judged.value;
  const { final, intent, digests, policy_digest } = decided.decided;
  const question = await asking.question(decided, under);
  if (!question.ok) return await undecided(question.fault);
  const asked: Result<Asked> = question.value === undefined ? await inbox.leave(decided.decided, under) : ok({});
  if (!asked.ok) return await undecided(asked.fault);
  const blocked = await noteBlocked(settings.boundary.kill_switch, decided.kill_switch_line, ports, "mcp_proxy");
  if (!blocked.ok) return await undecided(blocked.fault);

  const recorded = await journal.append({
    record_type: "decision",
    decision: {
      call: call.number,
      request_id,
      tool_name: intent.tool_name,
      verdict: final.verdict,
      reason_codes: final.reason_codes,
      arguments: fit.arguments,
      definition_digest: under.definition_digest,
      intent_digest: digests.intent_digest,
      args_digest: decided.trace.unsigned.facts.args_digest,
      policy_digest,
      pending_request_id: asked.value.pending_request_id ?? "",
      labels,
      trace: traceDocument(decided.trace),
      approval: asking.record(decided),
    },
  }, "disk");
  if (!recorded.ok) return { kind: "answer", line: faultLine(call.id, recorded.fault), fault: recorded.fault };
  if (final.verdict !== "allow") return { kind: "answer", line: question.value ?? stopped(call, decided, asked.value, notes) };
  const line = asking.leaving();
  return { kind: "leave", ...(line === undefined ? {} : { line }) };
}

function intentOf(
  call: AskedCall,
  tool: ToolDefinition | undefined,
  settings: WrapSettings,
  session_id: string,
  labels: SessionLabels,
): JsonObject {
  const annotations = tool === undefined ? undefined : warningHints(tool);
  const { server_name, context } = settings;
  return {
    name: call.tool,
    args: call.args,
    ...(annotations === undefined ? {} : { targets: [{ kind: "other", value: call.tool, annotations }] }),
    ...(server_name === "" ? {} : { server: { server_name } }),
    arg_provenance: labels.provenance(),
    context: { ...context, session_id },
  };
}

const WORDS: Readonly<Partial<Record<Verdict, string>>> = {
  block: "The call was blocked by policy and was not executed",
  dry_run: "The policy wants a dry run: the call was not executed",
  require_approval: "The call needs an approval and was not executed",
};

function stopped(
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
      WORDS[final.verdict] ?? "The call was not executed",
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
