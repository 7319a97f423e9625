// The one way in which a tool call is decided at the boundary (spec 05, section 2.1, steps 1 to 12): the proxy, the server and the
// library all go through here. Nothing is written of the decision itself; what a decision leaves behind is for its caller to write.
import { ok, type Result } from "../core/base/result.ts";
import { millisecondsBetween } from "../core/base/time.ts";
import { withAsking, withRefusal, withStop } from "../core/flow/boundary.ts";
import { normalRunId, runIdOf } from "../core/flow/boundary_names.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import {
  approverSource,
  envelopeSource,
  killSwitchSource,
  policySource,
  signerSource,
  snapshotSource,
} from "./boundary_sources.ts";
import {
  authorityOf,
  checkMode,
  conditionsOf,
  evaluate,
  fallbacks,
  findFor,
  lookAt,
  receive,
  type Sources,
  STOPS,
} from "./boundary_steps.ts";
import type { Boundary, BoundaryPorts, BoundaryReady, BoundarySettings } from "./boundary_types.ts";
import { conclude } from "./gate_decide.ts";
import { blockedCall, signedTrace } from "./gate_files.ts";

export type {
  ApprovalSet,
  Boundary,
  BoundaryDecision,
  BoundaryPorts,
  BoundaryReady,
  BoundarySettings,
  CallRequest,
  FoundForCall,
} from "./boundary_types.ts";

/** Opens a boundary. A key of mode dev is made once and serves until the boundary is dropped. */
export function openBoundary(settings: BoundarySettings, ports: BoundaryPorts): Boundary {
  const { profile, version, keys } = settings;
  const sources: Sources = {
    policy: policySource(settings.policy, profile, ports),
    killSwitch: killSwitchSource(settings.kill_switch, ports),
    snapshot: snapshotSource(ports),
    envelope: envelopeSource(settings.envelope, ports),
    signer: signerSource(keys.mode, keys.signing, ports),
  };
  const approver = approverSource(keys.approval, ports);
  let told: string | undefined; // the policy by which was decided last; before that, the one that was found usable first

  async function usable(): Promise<Result<BoundaryReady>> {
    const envelope = await sources.envelope();
    if (!envelope.ok) return envelope;
    const mode = checkMode(settings);
    if (!mode.ok) return mode;
    const policy = await sources.policy();
    if (!policy.ok) return policy;
    const signer = await sources.signer();
    if (!signer.ok) return signer;
    const approving = await approver(); // no call that waits could go through without it
    if (!approving.ok) return approving;
    const { key, dev } = signer.value;
    const { policy_digest } = policy.value;
    told ??= policy_digest;
    return ok({ policy_digest, key, dev });
  }

  return {
    async decide(request, began) {
      const received = receive(request, settings);
      if (!received.ok) return received;
      const { call, adapter } = received.value;
      const admitted = request.admits?.(call) ?? ok(undefined);
      if (!admitted.ok) return admitted;
      const given = await conditionsOf(call, began, sources, settings, ports);
      if (!given.ok) return given;
      const evaluated = await evaluate(request.name, call, given.value, sources, settings, ports);
      if (!evaluated.ok) return evaluated;
      const { trust, distrust } = evaluated.value;
      const decision = withAsking(evaluated.value.weighed.decision, request.asked_for ?? []);
      const weighed = { ...evaluated.value.weighed, decision };
      const { session_id, job_id } = weighed.intent.context;
      const look = await lookAt(job_id, settings, ports);
      const stop = STOPS[look.standing.status];

      const signer = await sources.signer();
      if (!signer.ok) return signer;
      const { key, dev, sign } = signer.value;
      const found = await findFor(request, weighed, given.value.policy_digest, ports);
      if (!found.ok) return found;
      const refused = [...request.refused_for ?? [], ...found.value.refused_for];
      const shown = { approvals: request.approvals ?? [], sets: found.value.sets };
      const authority = await authorityOf(shown, stop !== undefined || refused.length > 0, key, settings, ports);
      const concluded = await conclude(given.value, weighed, authority, ports);
      if (!concluded.ok) return concluded;
      const final = withRefusal(withStop(concluded.value.final, stop), refused);
      const decided: Decided = { ...concluded.value, final, mcp_trust: trust };
      const observed_at = ports.clock.now();
      const latency_ms = Math.max(0, millisecondsBetween(began, observed_at)); // a clock may be set back meanwhile
      const observation = { observed_at, producer_version: version, correlation_id: "", latency_ms, approval_token_ref: "" };
      const trace = await signedTrace(decided, observation, sign, ports);

      const { policy_digest } = given.value;
      const before = told;
      told = policy_digest;
      return ok({
        decided,
        trust,
        stop: look.standing,
        adapter,
        run_id: runIdOf([request.run_id ?? "", call.context.run_id], decided.digests.intent_digest),
        asked_run_id: normalRunId(request.run_id ?? ""),
        session_id,
        job_id,
        trace,
        latency_ms,
        warnings: [
          ...weighed.warnings,
          ...look.warnings,
          ...distrust,
          ...fallbacks(call),
          ...(dev ? [DEV_KEY] : []),
        ],
        kill_switch_line: blockedCall(decided, trace, version),
        policy_changed: before === undefined || before === policy_digest ? undefined : { before, after: policy_digest },
        pack: async (parts) => (await import("../core/pack/build.ts")).buildPack(ports.host.crypto, parts, key),
      });
    },

    signer: sources.signer,

    usable,

    killSwitch: sources.killSwitch,

    async ready() {
      const able = await usable();
      const switched = able.ok ? await sources.killSwitch() : able;
      return switched.ok ? able : switched;
    },
  };
}

const DEV_KEY = "The trace is signed by a key that key mode dev made: once the program has ended nobody can verify it";
