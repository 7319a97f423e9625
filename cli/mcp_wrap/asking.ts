// The approval of one call: taken from the inbox, or asked of the user of its client. What a client of the stateless generation was asked
// is kept nowhere but in the state that it brings back.
import { requestWord } from "../../core/authority/single_use.ts";
import { expiry } from "../../core/authority/token.ts";
import { hex } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { recordDigest } from "../../core/base/record.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { safeLine } from "../../core/base/safe_text.ts";
import { trim } from "../../core/base/text.ts";
import { later } from "../../core/base/time.ts";
import { userApproval, userCanHelp, userMayApprove } from "../../core/flow/asking.ts";
import type { BoundCall } from "../../core/flow/gate_tokens.ts";
import type { Decision } from "../../core/gate/types.ts";
import { inputOf, withInput } from "../../core/mcp/call_input.ts";
import { type Answer, answerIn, inputRequiredLine, QUESTION, questionParams } from "../../core/mcp/elicit.ts";
import type { AskedCall } from "../../core/mcp/exchange.ts";
import { CALL } from "../../core/mcp/protocol.ts";
import { isGateState, readState, type StateFlaw, stateFlaw, writeState } from "../../core/mcp/request_state.ts";
import type { ApprovalEntry } from "../../core/schema/approval_audit.ts";
import { ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import type { McpRequestState } from "../../core/schema/mcp_request_state.ts";
import type { WrapApproval } from "../../core/schema/wrap_session.ts";
import type { ApprovalSet, BoundaryDecision, FoundForCall } from "../boundary.ts";
import type { ClientVoice, Deciding } from "./deciding.ts";
import type { AskedUnder } from "./inbox.ts";
import { questionText } from "./question_text.ts";

/** Most characters of what a call has for its server that a question carries along. */
const MOST_CARRIED = 65_536;

/** The approval of one call, as it is looked for. */
export interface Asking {
  /** What there is for the call when it is decided for the first time. */
  find(under: AskedUnder): (call: BoundCall, decision: Decision) => Promise<Result<FoundForCall>>;
  /** Asks the user of a client of the older generation where that can help; undefined where nobody is asked. Then decide again, with this. */
  elicit(decided: BoundaryDecision, under: AskedUnder): Promise<Asking["find"] | undefined>;
  /** The line that asks a client of the stateless generation; undefined where nobody is asked. Faults of the key. */
  question(decided: BoundaryDecision, under: AskedUnder): Promise<Result<Uint8Array | undefined>>;
  /** How the approval was sought or given, for the record. */
  record(decided: BoundaryDecision): WrapApproval | undefined;
  /** What leaves in place of the call's frame; undefined for the frame as it is. */
  leaving(): Uint8Array | undefined;
}

/** What is known of an answer: which way it came, what it was, to which question. */
type Known = Pick<WrapApproval, "way" | "answer" | "state_id">;

const REFUSALS: Readonly<Record<Exclude<Answer, "accepted">, string>> = {
  declined: "mcp_elicitation_declined",
  cancelled: "mcp_elicitation_cancelled",
  unanswered: "mcp_elicitation_unanswered",
  malformed: "mcp_elicitation_malformed",
};

const NOTHING: FoundForCall = { sets: [], refused_for: [] };

/** Looks for the approval of a call. */
export function askingFor(
  call: AskedCall,
  client: ClientVoice,
  { settings, boundary, inbox, ports }: Pick<Deciding, "settings" | "boundary" | "inbox" | "ports">,
): Asking {
  const { crypto } = ports.host;
  const { profile, version, approval_ledger } = settings.boundary;
  let known: Known | undefined;
  let sets: readonly ApprovalSet[] = [];
  let state: McpRequestState | undefined;

  const mayHelp = (decided: BoundaryDecision): boolean => settings.elicit && userCanHelp(decided.decided, profile);

  // What an answer comes to; only an accept is an approval, and it is signed like any other.
  async function after(answer: Answer, bound: BoundCall): Promise<Result<FoundForCall>> {
    if (answer !== "accepted") return ok({ sets: [], refused_for: [REFUSALS[answer]] });
    const signer = await boundary.signer();
    if (!signer.ok) return signer;
    const created_at = ports.clock.now();
    const expires_at = expiry(created_at, "1m");
    if (!expires_at.ok) return expires_at;
    const accept = { approver_identity: approverOf(call), created_at, expires_at: expires_at.value, producer_version: version };
    const token = await userApproval(crypto, bound, accept, signer.value.sign);
    sets = [{ approvals: [{ token, written_scope: token.scope, batch: undefined }], key: "own" }];
    return ok({ sets, refused_for: [] });
  }

  // A state that came with a call: whatever does not fit is no answer, and each is taken once among all gates that share a ledger.
  async function answered(
    text: string,
    bound: BoundCall,
    decision: Decision,
    under: AskedUnder,
  ): Promise<Result<FoundForCall>> {
    const refused = (flaw: StateFlaw): Result<FoundForCall> => {
      known = { way: "input_required", answer: "refused", state_id: state?.state_id ?? "" };
      return ok({ sets: [], refused_for: [flaw] });
    };
    const signer = await boundary.signer();
    if (!signer.ok) return signer;
    state = await readState(crypto, text, signer.value.key);
    if (state === undefined) return refused("mcp_request_state_invalid");
    const flaw = stateFlaw(state, { ...boundOf(bound, under), principal: client.principal }, ports.clock.now());
    if (flaw !== undefined) return refused(flaw);
    if (!settings.elicit || !userMayApprove(bound, decision, profile)) return refused("mcp_request_state_unasked");
    const taken = await takeState(state);
    if (!taken.ok) return taken;
    if (!taken.value) return refused("mcp_request_state_replayed");
    const answer = answerIn(call.input.responses?.[QUESTION]);
    known = { way: "input_required", answer, state_id: state.state_id };
    return await after(answer, bound);
  }

  async function takeState({ state_id, expires_at }: McpRequestState): Promise<Result<boolean>> {
    const { consumeOnce } = await import("../approval_ledger.ts");
    const entry: ApprovalEntry = {
      token_id: state_id,
      approver_identity: "",
      reason_code: "",
      scope: [requestWord(state_id)],
      expires_at,
      valid: true,
      error_code: "",
    };
    const suffices = (entries: readonly ApprovalEntry[]): boolean => entries.every(({ valid }) => valid);
    const left = await consumeOnce(approval_ledger, [entry], { suffices, simulate: false }, ports);
    return left.ok ? ok(suffices(left.value)) : left;
  }

  const boundOf = ({ digests, policy_digest }: BoundCall, { definition_digest, params_digest }: AskedUnder) => ({
    method: CALL,
    tool_name: call.tool,
    definition_digest,
    intent_digest: digests.intent_digest,
    params_digest: params_digest(),
    policy_digest,
  });

  return {
    find: (under) => async (bound, decision) => {
      if (isGateState(call.input.state)) return await answered(call.input.state, bound, decision, under);
      if (settings.pending_dir === "" || decision.verdict !== "require_approval") return ok(NOTHING);
      const found = await inbox.approvals(bound, under);
      if (!found.ok) return found;
      sets = found.value;
      return ok({ sets, refused_for: [] });
    },

    async elicit(decided, under) {
      const words = client.elicit === undefined || known !== undefined || !mayHelp(decided)
        ? undefined
        : questionText(decided, call.args);
      if (client.elicit === undefined || words === undefined) return undefined;
      const answer = answerIn(await client.elicit(questionParams(words, false)));
      known = { way: "elicitation", answer, state_id: "" };
      // What was shown is what was approved, whatever has changed meanwhile.
      return (now) => () => sameUnder(now, under) ? after(answer, decided.decided) : Promise.resolve(ok(NOTHING));
    },

    async question(decided, under) {
      if (!call.modern || !call.client.asks || known !== undefined || !mayHelp(decided)) return ok(undefined);
      const words = questionText(decided, call.args);
      const carried = inputOf(call.frame);
      if (words === undefined || carried.length > MOST_CARRIED) return ok(undefined);
      const signer = await boundary.signer();
      if (!signer.ok) return signer;
      const now = ports.clock.now();
      const state_id = hex(ports.random.bytes(16));
      const text = await writeState(crypto, {
        ...boundOf(decided.decided, under),
        created_at: now,
        producer_version: version,
        state_id,
        expires_at: later(now, BigInt(settings.patience) * 1_000_000n) ?? now,
        principal: client.principal,
        carried,
      }, signer.value.sign);
      known = { way: "input_required", answer: "asked", state_id };
      return ok(inputRequiredLine(call.id, words, text, factsOf(decided)));
    },

    record({ decided: { final } }) {
      const ids = final.approval_ref === "" ? [] : final.approval_ref.split(",");
      const tokens = sets.flatMap(({ approvals }) => approvals.map(({ token }) => token)).filter(({ token_id }) =>
        ids.includes(token_id)
      );
      if (known === undefined && tokens.length === 0) return undefined;
      return {
        ...known ?? { way: "inbox", answer: "accepted", state_id: "" },
        approvers: tokens.map(({ approver_identity }) => approver_identity),
        token_ids: tokens.map(({ token_id }) => token_id),
        token_digests: tokens.map((token) => recordDigest(crypto, ApprovalTokenShape, token)),
      };
    },

    leaving: () => isGateState(call.input.state) ? withInput(call.frame, state?.carried ?? "") : undefined,
  };
}

const sameUnder = (now: AskedUnder, before: AskedUnder): boolean =>
  now.definition_digest === before.definition_digest && now.asked_for.every((reason) => before.asked_for.includes(reason));

// The client says who it is, and nobody vouches for that: the name is told, not trusted.
const approverOf = ({ client: { name } }: AskedCall): string => trim(`elicitation:${safeLine(name).slice(0, 80)}`);

const factsOf = ({ decided: { final, digests, policy_digest }, trace }: BoundaryDecision): JsonObject => ({
  verdict: final.verdict,
  reason_codes: final.reason_codes,
  trace_id: trace.trace_id,
  intent_digest: digests.intent_digest,
  policy_digest,
});
