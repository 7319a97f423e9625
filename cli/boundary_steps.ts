// The steps in which a call at the boundary is decided, in the order of the contract (spec 05, section 2.1): the first failure decides.
import { fail, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { lower, trim } from "../core/base/text.ts";
import { type JobStop, withTrust } from "../core/flow/boundary.ts";
import { delegationDigest } from "../core/gate/intent_digest.ts";
import { intentOf } from "../core/gate/intent_read.ts";
import type { BoundContext } from "../core/gate/prepare.ts";
import type { KillSwitch } from "../core/gate/types.ts";
import { adapterOf, readToolCall } from "../core/mcp/adapters.ts";
import { blankContext, intentRequest } from "../core/mcp/call_intent.ts";
import { checkOauth } from "../core/mcp/oauth.ts";
import { type TrustDecision, trustDecision, trustWarnings } from "../core/mcp/trust.ts";
import type { ToolCall } from "../core/schema/tool_call.ts";
import type {
  envelopeSource,
  killSwitchSource,
  policySource,
  ReadyPolicy,
  signerSource,
  snapshotSource,
} from "./boundary_sources.ts";
import type { Shown } from "./boundary_approvals.ts";
import type { BoundaryPorts, BoundarySettings, CallRequest, FoundForCall } from "./boundary_types.ts";
import type { Authority } from "./gate_authority.ts";
import { makeReady, weigh, type Weighed } from "./gate_decide.ts";
import { gateEnvelope, neededKillSwitch } from "./gate_sources.ts";
import type { JobLook, JobStanding } from "./job_stop.ts";

/** What is read anew for each call, and the envelope. */
export type Sources = {
  readonly policy: ReturnType<typeof policySource>;
  readonly killSwitch: ReturnType<typeof killSwitchSource>;
  readonly snapshot: ReturnType<typeof snapshotSource>;
  readonly envelope: ReturnType<typeof envelopeSource>;
  readonly signer: ReturnType<typeof signerSource>;
};

/** What a call is decided with. */
export type Given = ReadyPolicy & {
  readonly at: string;
  readonly kill_switch: KillSwitch;
  readonly envelope: BoundContext | undefined;
};

/** Step 1: the call, read, and the name of its form. Faults of `adapterOf` and `readToolCall`. */
export function receive(
  request: CallRequest,
  settings: BoundarySettings,
): Result<{ readonly call: ToolCall; readonly adapter: string }> {
  const adapter = lower(trim(request.adapter ?? "")) || lower(trim(settings.adapter)) || "mcp";
  const form = adapterOf(adapter);
  if (!form.ok) return form;
  const call = readToolCall(form.value, request.call, request.name);
  return call.ok ? ok({ call: call.value, adapter }) : call;
}

/**
 * Steps 2 to 7: what the call is decided with. Faults of the envelope, the kill switch, the policy; `path_refused` for an envelope that
 * the call must not name, `oauth_refused`, `profile_refused`.
 */
export async function conditionsOf(
  call: ToolCall,
  at: string,
  sources: Sources,
  settings: BoundarySettings,
  ports: BoundaryPorts,
): Promise<Result<Given>> {
  const { context_envelope_path, risk_class } = call.context;
  const envelope = context_envelope_path === ""
    ? await sources.envelope()
    : settings.client_envelope && settings.envelope === ""
    ? await namedEnvelope(context_envelope_path, ports)
    : fail("path_refused", `Cannot decide the call: member "${ENVELOPE}" must not be there`, { pointer: ENVELOPE });
  if (!envelope.ok) return envelope;
  const switched = neededKillSwitch(await sources.killSwitch(), settings.profile, lower(trim(risk_class)));
  if (!switched.ok) return switched;
  const proven = checkOauth(call, settings.profile);
  if (!proven.ok) return proven;
  const mode = checkMode(settings);
  if (!mode.ok) return mode;
  const policy = await sources.policy();
  return policy.ok ? ok({ ...policy.value, at, kill_switch: switched.value, envelope: envelope.value?.(at) }) : policy;
}

const ENVELOPE = "/context/context_envelope_path";

// Reading a pipe or a device may never end, and would hold up all other calls.
const namedEnvelope = async (path: string, ports: BoundaryPorts): ReturnType<typeof gateEnvelope> =>
  await ports.files.kind(path) === "other"
    ? fail("path_refused", `Cannot read the context envelope "${path}": it is not a plain file`, { pointer: ENVELOPE })
    : await gateEnvelope(path, ports);

/** A call that was evaluated, with what is known of the tool's server. */
export type Evaluated = {
  readonly weighed: Weighed;
  readonly trust: TrustDecision | undefined;
  readonly distrust: readonly string[];
};

/**
 * Steps 8 and 9. Trust is weighed with what the policy says, so that an approval can grant what it asks an approval for. `name` is what
 * the call is called. Faults of `intentRequest`, `intentOf`, `makeReady` and `weigh`.
 */
export async function evaluate(
  name: string,
  call: ToolCall,
  { compiled, policy_digest, ...given }: Given,
  sources: Sources,
  { profile, rate_limits }: BoundarySettings,
  ports: BoundaryPorts,
): Promise<Result<Evaluated>> {
  const document = intentRequest(call, profile);
  const intent = document.ok ? intentOf(document.value, name) : document;
  if (!intent.ok) return intent;
  const gate = { settings: { profile, rate_limits, simulate: false }, compiled, policy_digest };
  const evidence = { ...given, inventory: undefined, scripts: [] };
  const ready = makeReady(gate.settings, intent.value, evidence, ports);
  if (!ready.ok) return ready;
  const weighed = await weigh(gate, ready.value, evidence, ports);
  const demand = compiled.policy.mcp_trust;
  if (!weighed.ok || demand === undefined) {
    return weighed.ok ? ok({ weighed: weighed.value, trust: undefined, distrust: [] }) : weighed;
  }
  const snapshot = await sources.snapshot(demand.snapshot);
  const trust = trustDecision(demand, snapshot, call.server, call.context.risk_class, given.at);
  const decision = withTrust(weighed.value.decision, demand, trust);
  return ok({ weighed: { ...weighed.value, decision }, trust, distrust: trustWarnings(snapshot, call.context.risk_class) });
}

/** Step 10: the job that the call names. */
export const lookAt = async (id: string, { job_root }: BoundarySettings, ports: BoundaryPorts): Promise<JobLook> =>
  id === "" ? NO_JOB : await (await import("./job_stop.ts")).lookAtJob(job_root, id, ports);

const NO_JOB: JobLook = { standing: { status: "none" }, warnings: [] };

/** Why the standing of a job keeps a call from going ahead. */
export const STOPS: Readonly<Record<JobStanding["status"], JobStop | undefined>> = {
  none: undefined,
  going: undefined,
  stopped: "emergency_stop_preempted",
  unavailable: "emergency_stop_state_unavailable",
};

/** What the caller finds for a call that was evaluated; nothing where it does not look. Faults of its look. */
export async function findFor(
  { find }: CallRequest,
  { intent, digests, decision }: Weighed,
  policy_digest: string,
  { host }: BoundaryPorts,
): Promise<Result<FoundForCall>> {
  if (find === undefined) return ok({ sets: [], refused_for: [] });
  const delegation_digest = intent.delegation === undefined ? "" : delegationDigest(host.crypto, intent.delegation);
  return await find({ intent, digests, policy_digest, delegation_digest }, decision);
}

/** Who says what a call is approved by. One that is blocked in any case uses up no approval. */
export async function authorityOf(
  shown: Shown,
  blocked: boolean,
  own: VerifyKey,
  { profile, keys, approval_ledger }: BoundarySettings,
  ports: BoundaryPorts,
): Promise<Authority> {
  if (blocked || shown.approvals.length + shown.sets.length === 0) return NOBODY_ASKED;
  const { authorityShown } = await import("./boundary_approvals.ts");
  return authorityShown(shown, { profile, approval: keys.approval, ledger: approval_ledger }, own, ports);
}

const NOBODY_ASKED: Authority = {
  examine: (_policy, _call, _decision, known) => Promise.resolve(ok({ ...known, unasked: true })),
};

/** Step 6. Fault `profile_refused`. */
export function checkMode({ profile, keys }: BoundarySettings): Result<void> {
  const prod = (lower(trim(keys.mode)) || "prod") === "prod";
  return profile === "standard" || prod
    ? ok(undefined)
    : fail("profile_refused", "Cannot decide under profile oss-prod: expected --key-mode prod");
}

/** What is to be said of a call whose context was filled in. */
export function fallbacks(call: ToolCall): readonly string[] {
  const blank = blankContext(call); // profile oss-prod has refused it
  return blank.length === 0 ? [] : [`The call leaves ${blank.join(", ")} blank: profile oss-prod would refuse it`];
}
