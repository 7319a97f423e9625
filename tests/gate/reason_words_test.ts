// Every reason code that tokens and brokers can give has words, or nobody would know what to do about it. The codes are those of the
// contract, spelled again.
import { reasonWords } from "../../core/gate/reason_words.ts";
import { assertEquals } from "../assert.ts";

const CODES: Readonly<Record<string, string>> = {
  approval_token:
    `missing invalid signature_missing signature_invalid intent_mismatch policy_mismatch delegation_binding_mismatch expired
    scope_mismatch max_targets_exceeded max_ops_exceeded replayed`,
  approval: "chain_insufficient distinct_approvers_required granted",
  delegation_token:
    `missing invalid signature_missing signature_invalid expired delegator_mismatch delegate_mismatch intent_mismatch
    policy_mismatch scope_mismatch chain_mismatch`,
  delegation: "chain_insufficient granted expired not_yet_valid",
  broker: `credential_required credential_missing credential_present credential_not_requested request_digest_missing
    request_digest_mismatch scope_mismatch ttl_exceeded credential_ref_mismatch subject_mismatch target_binding_mismatch
    run_binding_mismatch job_binding_mismatch`,
};

const MCP: Readonly<Record<string, string>> = {
  mcp_trust:
    `verified identifier_missing snapshot_unavailable snapshot_invalid server_unknown status_untrusted publisher_untrusted
    registry_unverified stale below_threshold`,
  mcp: "arguments_invalid schema_unusable tool_drift tool_unlocked tool_unverified server_drift",
  mcp_elicitation: "declined cancelled unanswered malformed",
  mcp_request_state: `invalid expired principal_mismatch tool_mismatch policy_mismatch call_mismatch unasked replayed`,
  mcp_result:
    `cancelled interrupted not_sent rules_unavailable timed_out too_large unanswered unexamined unreadable unrecorded`,
};

Deno.test("reason words: every code of the gates before MCP servers has some of its own", () => {
  const codes = Object.entries(MCP).flatMap(([head, tails]) => tails.split(/\s+/).map((tail) => `${head}_${tail}`));
  const words = codes.map(reasonWords);
  assertEquals(codes.filter((_, i) => words[i] === undefined), []);
  assertEquals(new Set(words).size, codes.length);
});

Deno.test("reason words: every code of tokens and brokers has some of its own", () => {
  const codes = Object.entries(CODES).flatMap(([head, tails]) => tails.split(/\s+/).map((tail) => `${head}_${tail}`));
  const words = codes.map(reasonWords);
  assertEquals(codes.filter((_, i) => words[i] === undefined), []);
  assertEquals(new Set(words).size, codes.length);
});
