// The inbox behind a gate: a call that waits leaves a request, and when it comes again takes what was approved. A request says nothing of
// the tool's definition, nor how the call was spelled, so whoever left it remembers that.
import type { Result } from "../../core/base/result.ts";
import { ok } from "../../core/base/result.ts";
import type { Decided } from "../../core/flow/gate_decided.ts";
import type { BoundCall } from "../../core/flow/gate_tokens.ts";
import type { PendingGlance } from "../../core/schema/pending_request.ts";
import { askApproval, type Asked } from "../approvals_ask.ts";
import { type Found, requestsAbout } from "../approvals_inbox.ts";
import type { ApprovalSet } from "../boundary.ts";
import type { WrapPorts } from "./ports.ts";
import type { WrapSettings } from "./settings.ts";

/** What an approval of a call has to have been asked for with, beside the call. */
export type AskedUnder = {
  /** Why the gate wants one whatever the policy says. */
  readonly asked_for: readonly string[];
  /** Digest of the tool's definition; empty where it was not listed. */
  readonly definition_digest: string;
  /** Digest of the call's params as they are spelled, made when it is wanted. */
  readonly params_digest: () => string;
};

/** The inbox of a gate. Faults: those of `requestsAbout` and `askApproval`. */
export interface Inbox {
  /** The approvals of requests about a call, those of one request together. */
  approvals(call: BoundCall, under: AskedUnder): Promise<Result<readonly ApprovalSet[]>>;
  /** Leaves a request for a decision that wants an approval, unless one waits already. */
  leave(decided: Decided, under: AskedUnder): Promise<Result<Asked>>;
}

/** The inbox of these settings; without one nothing is left and nothing found. */
export function inboxOf({ pending_dir: dir, boundary: { version } }: WrapSettings, ports: WrapPorts): Inbox {
  const known = new Map<string, string>();
  const left = new Map<string, string>(); // under what a request was left, by id
  const spelled = ({ definition_digest, params_digest }: AskedUnder): string => `${definition_digest} ${params_digest()}`;

  // One that somebody else left says neither how the call was spelled nor how its tool was declared, and does for none.
  const fits = ({ id, request }: Found<PendingGlance>, under: AskedUnder): boolean =>
    left.get(id) === spelled(under) && under.asked_for.every((reason) => request.reason_codes.includes(reason));

  async function about(
    { digests: { intent_digest }, policy_digest, delegation_digest }: BoundCall,
    state: "approved" | "pending",
    under: AskedUnder,
  ): Promise<Result<readonly Found<PendingGlance>[]>> {
    const call = { intent_digest, policy_digest, delegation_binding_digest: delegation_digest };
    const found = await requestsAbout(dir, call, known, ports.clock.now(), ports);
    return found.ok ? ok(found.value.filter((one) => one.standing.state === state && fits(one, under))) : found;
  }

  return {
    async approvals(call, under) {
      if (dir === "") return ok([]);
      const found = await about(call, "approved", under);
      return found.ok
        ? ok(found.value.map(({ standing }) => ({ approvals: standing.approvals, key: "approver" as const })))
        : found;
    },
    async leave(decided, under) {
      if (dir === "" || decided.final.verdict !== "require_approval") return ok({});
      const waiting = await about(decided, "pending", under);
      if (!waiting.ok) return waiting;
      const [first] = waiting.value;
      if (first !== undefined) return ok({ pending_request_id: first.id });
      const asked = await askApproval(dir, decided, version, ports);
      const id = asked.ok ? asked.value.pending_request_id : undefined;
      if (id !== undefined) left.set(id, spelled(under));
      return asked;
    },
  };
}
