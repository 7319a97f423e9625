// A decision that asks for approval, as a request for its approver; and the check that what a request shows is what it is bound to.
import { type PendingFile, pendingFile, readPending, requestName } from "../authority/pending.ts";
import { hex } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import type { Crypto } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { fail, type Result } from "../base/result.ts";
import { argsDigest, delegationDigest, intentDigests } from "../gate/intent_digest.ts";
import type { Intent } from "../gate/types.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PENDING_REQUEST_ID, type PendingRequest } from "../schema/pending_request.ts";
import { traceId } from "../trace/build.ts";
import type { Decided } from "./gate_decided.ts";
import { approvedCall } from "./gate_tokens.ts";

/** How long somebody waits for an approval, unless told otherwise. */
export const PENDING_TTL = "24h";

/** What a request takes beside the decision. */
export type Asking = {
  /** The folder of the inbox. */
  readonly dir: string;
  readonly now: string;
  /** When nobody waits any more. */
  readonly expires_at: string;
  /** 16 bytes that nobody guesses: the same call, asked for twice, is two requests. */
  readonly nonce: Uint8Array;
  readonly producer_version: string;
};

/** The request for a decision that asks for approval; undefined for one that does not, and for a simulated one. */
export function pendingRequest(crypto: Crypto, decided: Decided, asking: Omit<Asking, "dir">): PendingRequest | undefined {
  const { decision, final, intent, digests, policy_digest, delegation_digest } = decided;
  if (final.verdict !== "require_approval" || final.simulated !== undefined) return undefined;
  const call = approvedCall({ intent, digests, policy_digest, delegation_digest });
  const required_approvals = Math.max(1, decision.required_approvals);
  return {
    schema_id: PENDING_REQUEST_ID,
    schema_version: VERSION_1,
    created_at: asking.now,
    producer_version: asking.producer_version,
    expires_at: asking.expires_at,
    nonce: hex(asking.nonce),
    trace_id: traceId(crypto, { policy_digest, intent_digest: digests.intent_digest, verdict: final.verdict }),
    intent_digest: digests.intent_digest,
    args_digest: argsDigest(crypto, intent),
    policy_digest,
    delegation_binding_digest: delegation_digest,
    intent: { ...intent, script_hash: digests.script_hash },
    reason_codes: final.reason_codes,
    violations: final.violations,
    matched_rules: decision.matched_rules,
    composite_risk_class: decision.script?.composite_risk_class ?? "",
    step_verdicts: decision.script?.steps ?? [],
    required_scope: call.required_scope,
    target_count: call.targets,
    operation_count: call.operations,
    required_approvals,
    distinct_approvers: decision.distinct_approvers && required_approvals > 1,
  };
}

/** The same as a file of an inbox: its path, its id and its bytes. */
export function writePending(
  crypto: Crypto,
  decided: Decided,
  asking: Asking,
): PendingFile & { readonly path: string } | undefined {
  const request = pendingRequest(crypto, decided, asking);
  if (request === undefined) return undefined;
  const file = pendingFile(crypto, request);
  return { ...file, path: joinPath(asking.dir, file.name) };
}

// What is digested of an intent, as the gate has it.
const intentOf = ({ intent, created_at }: PendingRequest): Intent => ({
  ...intent,
  created_at,
  args: intent.args ?? {},
  script: intent.script && { steps: intent.script.steps.map((step) => ({ ...step, args: step.args ?? {} })) },
  relationship: undefined,
});

/** The first member of a request that is not what its call comes to, or undefined: then what it shows is what it is bound to. */
export function requestFlaw(crypto: Crypto, request: PendingRequest): string | undefined {
  const intent = intentOf(request);
  const digests = intentDigests(crypto, intent);
  const { policy_digest, intent_digest } = request;
  const delegation_digest = intent.delegation === undefined ? "" : delegationDigest(crypto, intent.delegation);
  const call = approvedCall({ intent, digests, policy_digest, delegation_digest });
  const trace_id = traceId(crypto, { policy_digest, intent_digest, verdict: "require_approval" });
  const members = [
    ["intent_digest", digests.intent_digest],
    ["args_digest", argsDigest(crypto, intent)],
    ["delegation_binding_digest", delegation_digest],
    ["trace_id", trace_id],
    ["target_count", call.targets],
    ["operation_count", call.operations],
  ] as const;
  const wrong = members.find(([name, value]) => request[name] !== value)?.[0];
  if (wrong !== undefined) return wrong;
  if (request.intent.script_hash !== digests.script_hash) return "intent";
  return canonicalText(request.required_scope) === canonicalText(call.required_scope) ? undefined : "required_scope";
}

/**
 * Reads the file of a request with this id and checks it. Faults: those of `readPending`, and `request_changed` for one that shows
 * another call than it is bound to.
 */
export function openPending(crypto: Crypto, bytes: Uint8Array, id: string, what = requestName(id)): Result<PendingRequest> {
  const read = readPending(crypto, bytes, id, what);
  if (!read.ok) return read;
  const flaw = requestFlaw(crypto, read.value);
  return flaw === undefined ? read : fail(
    "request_changed",
    `Cannot read request "${id}": its member "${flaw}" is not what its call comes to`,
    { file: what, pointer: `/${flaw}` },
  );
}
