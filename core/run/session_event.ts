// The next event of a session (spec 01, section 8.3): what the caller says, in normal form, with its place in the session.
import { lower, trim, trimmedSet } from "../base/text.ts";
import { EVENT_ID, type SessionEvent } from "../schema/session.ts";
import { relationship } from "../schema/relationship_normal.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { Standing } from "./session_journal.ts";

/** What a caller says about a decision; absent texts and lists are empty. */
export type EventDraft = {
  readonly tool_name: string;
  /** One of the four verdicts, lowercase. */
  readonly verdict: string;
  readonly intent_id?: string;
  readonly intent_digest?: string;
  readonly policy_digest?: string;
  readonly policy_id?: string;
  readonly policy_version?: string;
  readonly matched_rule_ids?: readonly string[];
  readonly trace_id?: string;
  readonly trace_path?: string;
  readonly reason_codes?: readonly string[];
  readonly violations?: readonly string[];
  readonly safety_invariant_version?: string;
  readonly safety_invariant_hash?: string;
  /** Who calls the tool. Without it the first delegate of the chain does, else its requester, else its delegator. */
  readonly actor?: string;
  readonly agent_chain?: readonly { readonly identity: string; readonly role: string }[];
};

/** When and by what an event was made. */
export type Made = { readonly created_at: string; readonly producer_version: string };

const actorOf = ({ actor = "", agent_chain = [] }: EventDraft): string => {
  if (trim(actor) !== "") return actor;
  const first = (role: string) => agent_chain.find((agent) => lower(trim(agent.role)) === role && trim(agent.identity) !== "");
  return (first("delegate") ?? first("requester") ?? first("delegator"))?.identity ?? "";
};

/** The event that follows `standing`. */
export function nextEvent(standing: Standing, draft: EventDraft, { created_at, producer_version }: Made): SessionEvent {
  const { session_id, run_id } = standing.header;
  const tool = trim(draft.tool_name);
  const policy = {
    policy_id: trim(draft.policy_id ?? ""),
    policy_version: trim(draft.policy_version ?? ""),
    policy_digest: lower(trim(draft.policy_digest ?? "")),
    matched_rule_ids: trimmedSet(draft.matched_rule_ids ?? []),
  };
  const trace = trim(draft.trace_id ?? "");
  const toolRef = { kind: "tool", id: tool };
  const policyRef = { kind: "policy", id: policy.policy_digest };
  return {
    schema_id: EVENT_ID,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    session_id,
    run_id,
    sequence: standing.last_sequence + 1,
    intent_id: trim(draft.intent_id ?? ""),
    tool_name: tool,
    intent_digest: lower(trim(draft.intent_digest ?? "")),
    ...policy,
    trace_id: trace,
    trace_path: trim(draft.trace_path ?? ""),
    verdict: draft.verdict,
    reason_codes: trimmedSet(draft.reason_codes ?? []),
    violations: trimmedSet(draft.violations ?? []),
    relationship: relationship({
      parent_ref: { kind: "session", id: session_id },
      parent_record_id: session_id,
      entity_refs: [{ kind: "run", id: run_id }, toolRef, { kind: "trace", id: trace }, policyRef],
      policy_ref: policy,
      agent_chain: draft.agent_chain ?? [],
      edges: [
        { kind: "governed_by", from: toolRef, to: policyRef },
        { kind: "calls", from: { kind: "agent", id: actorOf(draft) }, to: toolRef },
      ],
    }),
    safety_invariant_version: trim(draft.safety_invariant_version ?? ""),
    safety_invariant_hash: lower(trim(draft.safety_invariant_hash ?? "")),
  };
}
