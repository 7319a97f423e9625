// `gait hook run`: answers the hook of a coding agent (docs/hooks.md). A call that is to come is decided at the boundary, and all of the
// decision is on the disk before the agent is told. Whatever goes wrong is a fault, and a fault denies.
import { readJson } from "../core/base/json.ts";
import { placed } from "../core/base/document.ts";
import { joinPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { hookCall, NO_COMMAND, shellCommandOf } from "../core/flow/hook_call.ts";
import { INTENT_LIMIT } from "../core/gate/intent_read.ts";
import { answerDocument, answerTo } from "../core/hook/answer.ts";
import { type HookEvent, type HookKeys, hookKeys, readHookEvent } from "../core/hook/event.ts";
import { VERSION_1 } from "../core/schema/heading.ts";
import { HOOK_RECORD_ID } from "../core/schema/hook.ts";
import type { ShellReading } from "../core/shell/reading.ts";
import type { Ports } from "../core/ports.ts";
import { type BoundarySettings, openBoundary } from "./boundary.ts";
import { traceBytes } from "./boundary_out.ts";
import type { Outcome } from "./command.ts";
import { LEDGER_PATH } from "./config.ts";
import { noteBlocked } from "./gate_files.ts";
import { hookRecords } from "./hook_records.ts";
import type { Hooked, HookPorts, HookSettings, HookTold } from "./hook_types.ts";
import { INPUT, requestBytes, tooLarge } from "./request_bytes.ts";

/** Most bytes of what an agent says; of a call that is to come fewer are taken. */
const MOST = 100 * 2 ** 20;

/** Answers the hook that standard input tells of. */
export async function answerHook(settings: HookSettings, ports: HookPorts): Promise<Result<Outcome<HookTold>>> {
  const began = ports.clock.now();
  if (settings.trip && settings.kill_switch === "") {
    return fail("missing_argument", "Cannot stop anything after a bypass: --trip wants --kill-switch-state");
  }
  const bytes = await requestBytes(INPUT, ports, MOST);
  if (!bytes.ok) return bytes;
  const event = await eventIn(bytes.value, settings.client);
  if (!event.ok) return event;
  const keys = hookKeys(ports.host.crypto, event.value);
  const records = hookRecords(settings.dir, settings.client, keys, ports);
  if (!records.ok) return records;
  const hooked = {
    event: event.value,
    keys,
    records: records.value,
    about: aboutOf(event.value, keys, began, settings.version),
  };
  if (event.value.stage === "before") return await before(hooked, settings, began, ports);
  return await (await import("./hook_after.ts")).after(hooked, settings, ports);
}

// Of a call that ran there is more to be recorded than what it gave, whatever that is.
async function eventIn(bytes: Uint8Array, client: HookSettings["client"]): Promise<Result<HookEvent>> {
  const json = readJson(bytes, INPUT);
  if (json.ok) {
    const event = readHookEvent(client, json.value, INPUT);
    if (!event.ok) return { ok: false, fault: placed(event.fault, bytes) };
    return event.value.stage === "before" && bytes.length > INTENT_LIMIT ? tooLarge() : event;
  }
  const { outcomeApart } = await import("../core/hook/outcome_apart.ts");
  const apart = outcomeApart(bytes);
  if (apart === undefined) return json;
  const rest = readJson(apart.rest, INPUT, { text: "replace" });
  const event = rest.ok ? readHookEvent(client, rest.value, INPUT) : rest;
  return event.ok && event.value.stage !== "before" ? ok({ ...event.value, outcome: apart.outcome }) : json;
}

const aboutOf = (
  { client, event, session_id, call_id, tool }: HookEvent,
  { call_key, input_digest }: HookKeys,
  created_at: string,
  producer_version: string,
): Hooked["about"] => ({
  schema_id: HOOK_RECORD_ID,
  schema_version: VERSION_1,
  created_at,
  producer_version,
  client,
  event,
  session_id,
  call_id,
  call_key,
  tool_name: tool,
  input_digest,
  reason_codes: [],
  intent_digest: "",
  policy_digest: "",
  trace_id: "",
  trace_path: "",
  outcome: "",
  outcome_digest: "",
  bypass_reason: "",
  bypass_path: "",
});

// Only shell tools have anything to be read, and only for them the parser is loaded.
async function commandOf(event: HookEvent, ports: Pick<Ports, "machine">): Promise<ShellReading | undefined> {
  const command = shellCommandOf(event);
  if (command === undefined) return undefined;
  if (command.text === undefined) return NO_COMMAND;
  const { readShell } = await import("../core/shell/read.ts");
  return readShell(command.text, { cwd: command.cwd, home: ports.machine.home ?? "" });
}

const boundaryOf = ({ policy, profile, job_root, kill_switch, dir, keys, version }: HookSettings): BoundarySettings => ({
  policy,
  adapter: "mcp",
  profile,
  job_root,
  kill_switch,
  envelope: "",
  client_envelope: false,
  rate_limits: joinPath(dir, "rate_limits.json"),
  approval_ledger: LEDGER_PATH,
  keys: { ...keys, approval: {} },
  version,
});

async function before(
  { event, keys, records, about }: Hooked,
  settings: HookSettings,
  began: string,
  ports: HookPorts,
): Promise<Result<Outcome<HookTold>>> {
  const reading = await commandOf(event, ports);
  const { call, refused_for } = hookCall(event, reading, began, ports.machine.home ?? "");
  const decision = await openBoundary(boundaryOf(settings), ports).decide({ call, name: INPUT, refused_for }, began);
  if (!decision.ok) return decision;
  const { decided: { final, digests, policy_digest }, trace, kill_switch_line } = decision.value;
  const { verdict, reason_codes } = final;
  const answer = answerTo(verdict, settings.ask && settings.profile === "standard" && event.asks);

  const trace_path = await records.keep("trace", keys.call_key, traceBytes(trace));
  if (!trace_path.ok) return trace_path;
  const blocked = await noteBlocked(settings.kill_switch, kill_switch_line, ports, "mcp_proxy");
  if (!blocked.ok) return blocked;
  const recorded = await records.append({
    ...about,
    record_type: "decision",
    verdict,
    answer,
    reason_codes,
    intent_digest: digests.intent_digest,
    policy_digest,
    trace_id: trace.trace_id,
    trace_path: trace_path.value,
  });
  if (!recorded.ok) return recorded;

  const reason = reasonOf(verdict, reason_codes, reading);
  return ok({
    exit: answer === "deny" ? "blocked" : "ok",
    data: {
      ok: answer !== "deny",
      client: event.client,
      event: event.event,
      tool_name: event.tool,
      answer,
      verdict,
      reason_codes,
      trace_path: trace_path.value,
      document: answerDocument(event, answer, reason),
      reason,
    },
  });
}

// What the agent is told of a refusal: the reason codes, and of a command what could not be told of it.
function reasonOf(verdict: string, reason_codes: readonly string[], reading: ShellReading | undefined): string {
  const [unresolved] = reading?.unresolved ?? [];
  const codes = reason_codes.length === 0 ? "" : `: ${reason_codes.join(", ")}`;
  const part = unresolved === undefined || unresolved.text === "" ? "" : ` (${unresolved.code} in: ${unresolved.text})`;
  return `gait: ${verdict}${codes}${part}`;
}
