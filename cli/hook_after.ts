// A call that a coding agent made: it is recorded and paired with its decision. One that ran without is signed evidence, and may stop all
// further calls of the agent.
import { utf8 } from "../core/base/bytes.ts";
import { prettyText } from "../core/base/pretty.ts";
import { sealRecord } from "../core/base/record.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { digestSigner } from "../core/base/sign.ts";
import { addEntry } from "../core/gate/kill_switch_state.ts";
import { answerDocument } from "../core/hook/answer.ts";
import { outcomeDigest } from "../core/hook/event.ts";
import { type BypassReason, pairing } from "../core/hook/pairing.ts";
import { VERSION_1 } from "../core/schema/heading.ts";
import { HOOK_BYPASS_ID, HookBypassShape, type HookRecord } from "../core/schema/hook.ts";
import type { Outcome } from "./command.ts";
import type { Hooked, HookPorts, HookSettings, HookTold } from "./hook_types.ts";
import { loadSigner } from "./key_sources.ts";
import { changeKillSwitch } from "./kill_switch_file.ts";

/** Records what came of a call. Fault `hook_bypass` for one that ran without a decision, once the evidence is on the disk. */
export async function after(hooked: Hooked, settings: HookSettings, ports: HookPorts): Promise<Result<Outcome<HookTold>>> {
  const { event, keys, records, about } = hooked;
  const known = await records.about(keys.call_key);
  if (!known.ok) return known;
  const paired = pairing(event, keys, known.value);
  const outcome = event.refused ? "" : event.stage === "failed" ? "failed" : "ran";
  const came = { ...about, outcome, outcome_digest: outcomeDigest(ports.host.crypto, event.outcome) };
  switch (paired.status) {
    case "bypass":
      return await bypassed(came, paired.reason, paired.decision, hooked, settings, ports);
    case "refused":
      return await recorded({ ...came, record_type: "result", verdict: "", answer: "deny" }, hooked);
    case "paired": {
      const { verdict, answer, intent_digest, policy_digest, trace_id, trace_path } = paired.decision;
      return await recorded(
        { ...came, record_type: "result", verdict, answer, intent_digest, policy_digest, trace_id, trace_path },
        hooked,
      );
    }
    default:
      return paired satisfies never;
  }
}

async function recorded(record: HookRecord, { event, records }: Hooked): Promise<Result<Outcome<HookTold>>> {
  const added = await records.append(record);
  if (!added.ok) return added;
  const { client, tool_name, verdict, trace_path } = record;
  const document = answerDocument(event, "allow", "");
  return ok({
    exit: "ok",
    data: {
      ok: true,
      client,
      event: event.event,
      tool_name,
      answer: "allow",
      verdict,
      reason_codes: [],
      trace_path,
      document,
      reason: "",
    },
  });
}

async function bypassed(
  came: Omit<HookRecord, "record_type" | "verdict" | "answer">,
  reason: BypassReason,
  decision: HookRecord | undefined,
  { event, keys, records }: Hooked,
  settings: HookSettings,
  ports: HookPorts,
): Promise<Result<never>> {
  const { crypto } = ports.host;
  const signer = await loadSigner(settings.keys.mode, settings.keys.signing, ports);
  if (!signer.ok) return signer;
  const { client, session_id, call_id, tool_name, input_digest, outcome, outcome_digest, created_at, producer_version } = came;
  const evidence = await sealRecord(crypto, HookBypassShape, {
    schema_id: HOOK_BYPASS_ID,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    client,
    event: event.event,
    session_id,
    call_id,
    tool_name,
    input_digest,
    outcome,
    outcome_digest,
    reason,
    decision_verdict: decision?.verdict ?? "",
    decision_trace_id: decision?.trace_id ?? "",
    decision_input_digest: decision?.input_digest ?? "",
    signature: undefined,
  }, digestSigner(crypto, signer.value.key));
  const path = await records.keep("bypass", keys.call_key, utf8(prettyText(evidence)));
  // The stop comes first: a disk that is full must not keep it back.
  const tripped = settings.trip ? await trip(reason, keys.call_key, settings, ports) : ok(undefined);
  if (!path.ok) return path;
  if (!tripped.ok) return tripped;
  const added = await records.append({
    ...came,
    record_type: "bypass",
    verdict: decision?.verdict ?? "",
    answer: "",
    bypass_reason: reason,
    bypass_path: path.value,
  });
  if (!added.ok) return added;
  const stopped = settings.trip ? `; all calls of ${client} are stopped` : "";
  return fail("hook_bypass", `Cannot vouch for tool "${tool_name}": ${WORDS[reason]} (${path.value})${stopped}`);
}

const WORDS: Readonly<Record<BypassReason, string>> = {
  no_decision: "it ran and was never decided",
  denied: "it ran although it was denied",
  other_arguments: "it ran with other arguments than were decided",
  ran_again: "it ran more often than it was decided",
};

async function trip(reason: BypassReason, call_key: string, settings: HookSettings, ports: HookPorts): Promise<Result<void>> {
  const stamp = { now: ports.clock.now(), producer_version: settings.version };
  const draft = {
    entry_id: `hook-bypass-${call_key.slice(0, 16)}`,
    identity: settings.client,
    reason: `bypass: ${reason}`,
    actor: "gait hook run",
  };
  const changed = await changeKillSwitch(
    settings.kill_switch,
    { make: true, change: (state, at) => addEntry(ports.host.crypto, state, draft, at) },
    stamp,
    ports,
  );
  return changed.ok ? ok(undefined) : changed;
}
