// A gate in this process: by a policy that is loaded once, without a file, a clock or a network of its own. Its verdicts, digests and
// trace ids are those of the proxy and the server. What a decision would need shared state for (limits), or somebody's token, is
// lacking here, and lacking never helps a call.
import type { Crypto } from "../base/host.ts";
import { jsonCopy } from "../base/json_copy.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { digestSigner, type SigningKey } from "../base/sign.ts";
import { lower, trim } from "../base/text.ts";
import { millisecondsBetween, toUtc } from "../base/time.ts";
import { type JobStop, withStop, withTrust } from "../flow/boundary.ts";
import { runIdOf } from "../flow/boundary_names.ts";
import { boundContext } from "../flow/context_binding.ts";
import { decideAlone, type ReadyPolicy } from "../flow/gate_alone.ts";
import type { Decided } from "../flow/gate_decided.ts";
import { type Facts, NO_FACTS } from "../flow/gate_finish.ts";
import { checkDefault, isStrict, profileOf } from "../flow/gate_profile.ts";
import { traceOf } from "../flow/gate_trace.ts";
import { intentOf } from "../gate/intent_read.ts";
import { readKillSwitch } from "../gate/kill_switch_state.ts";
import { prepareIntent } from "../gate/prepare.ts";
import type { KillSwitch } from "../gate/types.ts";
import { type TrustDecision, trustDecision, type TrustSnapshotState, trustSnapshotState, trustWarnings } from "../mcp/trust.ts";
import type { ContextSet } from "../run/context.ts";
import type { Profile } from "../schema/gate_words.ts";
import { buildTrace, signTrace, traceLine } from "../trace/build.ts";
import { CALL, type ReadCall, readCall } from "./call.ts";
import { attempt } from "./limit.ts";
import type { Answer, Gate, GateCall } from "./types.ts";

/** Where decisions are recorded. */
export interface GateJournal {
  /**
   * Keeps a line, which is a signed trace with its line break. It is kept when this has come to `ok`; before that no answer leaves, and
   * without it there is none.
   */
  append(line: string): Promise<Result<void>>;
}

/** Bytes of a document that may change, as they are now. */
export type Latest = () => Promise<Result<Uint8Array>>;

/** What a gate decides by. */
export type InProcessSettings = {
  readonly crypto: Crypto;
  readonly policy: ReadyPolicy;
  /** What signs the traces. */
  readonly key: SigningKey;
  readonly journal: GateJournal;
  /** The time now, RFC 3339. */
  readonly now: () => string;
  /** `standard` unless told. */
  readonly profile?: Profile;
  /** The form of calls that name none; the native one unless told. */
  readonly adapter?: string;
  /** Evidence of the context. */
  readonly context?: ContextSet;
  /** The state of the kill switch, asked for at each call; absent where there is none. */
  readonly kill_switch?: Latest;
  /** The trust snapshot, asked for at each call of a policy that demands trust; absent, nobody is trusted. */
  readonly trust_snapshot?: Latest;
  /** Whether a job goes on. Absent, and for any other answer, calls that name a job are blocked. */
  readonly job?: (job_id: string) => Promise<"going" | "stopped">;
  /** What the traces name as their producer. */
  readonly producer_version?: string;
};

const LIBRARY = "0.0.0-dev";

/** Nobody is asked for an approval here. */
const FACTS: Facts = { ...NO_FACTS, unasked: true };

/** Makes a gate. Fault `profile_refused` for a profile that is none, and for a policy that oss-prod does not take. */
export function inProcessGate(settings: InProcessSettings): Result<Gate> {
  const { crypto, policy, key, journal, now, adapter: own = "", producer_version = LIBRARY } = settings;
  const named = profileOf(settings.profile);
  if (!named.ok) return named;
  const { value: profile } = named;
  const checked = profile === "oss-prod" ? checkDefault(policy.compiled.policy) : ok(undefined);
  if (!checked.ok) return checked;
  const sign = digestSigner(crypto, key);
  const demand = policy.compiled.policy.mcp_trust;

  async function decide(json: Parameters<typeof readCall>[0], adapter: string, at: string): Promise<Result<Call>> {
    const read = readCall(json, trim(adapter) || own, profile);
    if (!read.ok) return read;
    const { call, request } = read.value;
    const risk = call.context.risk_class;
    const kill_switch = await killSwitch(settings.kill_switch, isStrict(profile, lower(risk)));
    if (!kill_switch.ok) return kill_switch;
    const intent = intentOf(request, CALL);
    if (!intent.ok) return intent;
    const envelope = settings.context === undefined ? undefined : boundContext(settings.context, at);
    const claims = profile === "oss-prod" ? "drop" : "count";
    const prepared = prepareIntent(intent.value, { envelope, inventoryClaims: claims });
    if (!prepared.ok) return prepared;
    const conditions = { evaluation_time: at, kill_switch: kill_switch.value, inventory: undefined };
    if (demand === undefined) {
      const decided = decideAlone(crypto, policy, prepared.value, conditions, { facts: FACTS });
      return ok({ call, decided, trust: undefined, warnings: [] });
    }
    const snapshot = await trustSnapshot(settings.trust_snapshot, demand.snapshot);
    const trust = trustDecision(demand, snapshot, call.server, risk, at);
    const decided = decideAlone(crypto, policy, prepared.value, conditions, {
      raise: (decision) => withTrust(decision, demand, trust),
      facts: FACTS,
    });
    return ok({ call, decided, trust, warnings: trustWarnings(snapshot, risk) });
  }

  return ok({
    async evaluate({ call: given, adapter = "", run_id = "" }: GateCall): Promise<Result<Answer>> {
      const copied = jsonCopy(given, CALL);
      if (!copied.ok) return copied;
      const began = toUtc(now());
      if (began === undefined) return fail("internal", "Cannot decide the call: the clock tells no RFC 3339 time");
      const done = await decide(copied.value, adapter, began);
      if (!done.ok) return done;
      const { call, trust, warnings } = done.value;
      const stop = await stopOf(settings.job, done.value.decided.intent.context.job_id);
      const decided = { ...done.value.decided, final: withStop(done.value.decided.final, stop), mcp_trust: trust };
      const observed_at = toUtc(now()) ?? began;
      const latency_ms = Math.max(0, millisecondsBetween(began, observed_at)); // a clock may be set back meanwhile
      const { facts, parties } = traceOf(crypto, decided, {
        observed_at,
        producer_version,
        correlation_id: "",
        latency_ms,
        approval_token_ref: "",
      });
      const trace = await signTrace(crypto, buildTrace(crypto, facts, parties), sign);
      const kept = await keep(journal, traceLine(trace));
      if (!kept.ok) return kept;
      const { final: { verdict, reason_codes, violations }, intent, digests: { intent_digest }, policy_digest } = decided;
      return ok({
        verdict,
        reason_codes,
        violations,
        tool_name: intent.tool_name,
        run_id: runIdOf([run_id, call.context.run_id], intent_digest),
        policy_digest,
        intent_digest,
        trace_id: trace.trace_id,
        trace_path: "",
        warnings,
      });
    },
  });
}

type Call = {
  readonly call: ReadCall["call"];
  readonly decided: Decided;
  readonly trust: TrustDecision | undefined;
  readonly warnings: readonly string[];
};

// What the caller hands in may throw, and may be less than its type says; both are a fault.
async function latest(read: Latest, what: string): Promise<Result<Uint8Array>> {
  const unreadable = (words: string) => ({ code: "file_unreadable", message: `Cannot read ${what}: ${words}` }) as const;
  const bytes = await attempt(read, unreadable);
  if (!bytes.ok) return bytes;
  return bytes.value.ok && !(bytes.value.value instanceof Uint8Array)
    ? { ok: false, fault: unreadable("it must be bytes") }
    : bytes.value;
}

async function killSwitch(read: Latest | undefined, needed: boolean): Promise<Result<KillSwitch>> {
  if (read === undefined) return ok({ status: "none" });
  const bytes = await latest(read, "the kill switch");
  const state = bytes.ok ? readKillSwitch(bytes.value, "kill switch") : bytes;
  if (state.ok) return ok({ status: "read", entries: state.value.entries });
  return needed ? ok({ status: "unavailable" }) : state;
}

async function trustSnapshot(read: Latest | undefined, path: string): Promise<TrustSnapshotState> {
  const bytes = read === undefined
    ? fail("file_missing", `Cannot read the trust snapshot "${path}": the gate was given none`)
    : await latest(read, "the trust snapshot");
  return trustSnapshotState(bytes, path);
}

async function stopOf(job: InProcessSettings["job"], id: string): Promise<JobStop | undefined> {
  if (id === "") return undefined;
  const unknown = "emergency_stop_state_unavailable";
  if (job === undefined) return unknown;
  const asked = await attempt(() => job(id), (message) => ({ code: "job_invalid", message }));
  if (!asked.ok) return unknown;
  switch (asked.value) {
    case "going":
      return undefined;
    case "stopped":
      return "emergency_stop_preempted";
    default:
      return unknown;
  }
}

// INVARIANT: an answer leaves after its record is kept.
async function keep(journal: GateJournal, line: string): Promise<Result<void>> {
  const failed = (words: string) =>
    ({ code: "record_failed", message: `Cannot let the call go ahead: its record was not kept: ${words}` }) as const;
  const appended = await attempt(() => journal.append(line), failed);
  if (!appended.ok) return appended;
  const { value } = appended;
  if (value?.ok === true) return ok(undefined);
  return { ok: false, fault: failed(value?.ok === false ? value.fault.message : "the journal did not say that it was") };
}
