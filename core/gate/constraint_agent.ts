// Which agent may call (spec 02, section 6.5).
import { lower } from "../base/text.ts";
import type { Call } from "./call.ts";
import { blockedFor, type Finding, type Flaw } from "./finding.ts";
import { isAhead, isGiven } from "./moment.ts";
import type { Rule } from "./types.ts";

const hasCondition = (rule: Rule): boolean =>
  rule.require_declared_agent || rule.require_agent_owner || rule.require_unexpired_agent ||
  rule.allowed_agent_ids.length > 0 ||
  rule.denied_agent_ids.length > 0 || rule.required_agent_lifecycle_states.length > 0 || wantsManifest(rule);

const wantsManifest = (rule: Rule): boolean =>
  rule.required_agent_manifest_digest !== "" || rule.allowed_agent_manifest_publishers.length > 0 ||
  rule.allowed_agent_manifest_sources.length > 0;

const isOneOf = (list: readonly string[], text: string): boolean => list.length === 0 || list.includes(text);

function hasManifest(rule: Rule, { context: { agent_identity: agent } }: Call): boolean {
  if (agent === undefined) return false;
  const digest = rule.required_agent_manifest_digest;
  return (digest === "" || agent.manifest_digest === digest) &&
    isOneOf(rule.allowed_agent_manifest_publishers, lower(agent.publisher)) &&
    isOneOf(rule.allowed_agent_manifest_sources, agent.source);
}

/** Finds what a rule holds against the agent. */
export function checkAgent(rule: Rule, call: Call, now: string): Finding | undefined {
  if (!hasCondition(rule)) return undefined;
  const { agent_id, agent_identity: agent } = call.context;
  const flaws: Flaw[] = [];
  if (rule.require_declared_agent && (agent_id === "" || agent === undefined)) {
    flaws.push(["agent_unknown", "agent_identity_missing"]);
  }
  if (rule.denied_agent_ids.includes(agent_id) || agent?.revoked === true) flaws.push(["agent_revoked", "agent_revoked"]);
  if (!isOneOf(rule.allowed_agent_ids, agent_id)) flaws.push(["agent_unknown", "agent_not_declared"]);
  if (rule.require_agent_owner && (agent?.owner ?? "") === "") flaws.push(["agent_owner_missing", "agent_owner_missing"]);
  const states = agent?.lifecycle_states ?? [];
  if (!rule.required_agent_lifecycle_states.every((state) => states.includes(state))) {
    flaws.push(["agent_lifecycle_state_invalid", "agent_lifecycle_state_invalid"]);
  }
  if (rule.require_unexpired_agent && !(agent !== undefined && isGiven(agent.expires_at) && isAhead(agent.expires_at, now))) {
    flaws.push(["agent_expired", "agent_expired"]);
  }
  if (wantsManifest(rule) && !hasManifest(rule, call)) flaws.push(["agent_manifest_mismatch", "agent_manifest_mismatch"]);
  return blockedFor(flaws);
}
