// What an approved script promises: no change of an entry lets a script through that it did not let through, and an approval in advance
// replaces what rules say of a script and nothing else.
import fc from "fast-check";
import { approvingScript, type ScriptCall } from "../../core/authority/approved_script_match.ts";
import { verifiedScripts } from "../../core/authority/approved_script_registry.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { takenRules } from "../../core/gate/match.ts";
import { callOf } from "../../core/gate/call.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { evaluatePreApproved } from "../../core/gate/pre_approved.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { ENTRY, KEY, OTHER_KEY, read, signed } from "../authority/scripts.ts";
import { gate } from "../gate/why_world.ts";
import { pairJson } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

const tool = fc.constantFrom("ledger.read", "ledger.write", "mail.send");
const tools = fc.array(tool, { minLength: 1, maxLength: 4 });
const digest = fc.constantFrom("a", "b").map((digit) => digit.repeat(64));
const scopes = fc.subarray(["risk:low", "risk:high", "tool:script", "workspace_prefix:/srv", "endpoint:fs.write", "team:x"]);
const NOW = "2026-03-15T00:00:00Z";

const call: fc.Arbitrary<ScriptCall> = fc.record({
  policy_digest: digest,
  script_hash: digest,
  tool_sequence: tools,
  tool_name: fc.constant("script"),
  risk_class: fc.constantFrom("low", "high"),
  workspace: fc.constantFrom("/srv/books", "/etc", undefined),
  endpoint_classes: fc.subarray(["fs.write", "net.http"]),
});

const members = fc.record({
  policy_digest: digest,
  script_hash: digest,
  tool_sequence: tools,
  scope: scopes,
  expires_at: fc.constantFrom("2026-03-10T00:00:00Z", "2026-04-01T00:00:00Z"),
});

const sortedSet = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** How the tools of a call relate to those of an entry; mostly they are its own, in some order. */
const related = fc.constantFrom<(sequence: readonly string[]) => readonly string[]>(
  (sequence) => sequence,
  (sequence) => sequence.toReversed(),
  sortedSet,
  (sequence) => [...sequence, "ledger.read"],
);

const listed = (json: Json | undefined): readonly Json[] => Array.isArray(json) ? json : [];

/** A change of one member: it goes, or becomes something else. */
const change: fc.Arbitrary<(entry: JsonObject) => Json> = fc.oneof(
  fc.constantFrom(...Object.keys(ENTRY), "scope", "signature").map((name) => (entry: JsonObject) => {
    const { [name]: _, ...rest } = entry;
    return rest;
  }),
  fc.tuple(
    fc.constantFrom(...Object.keys(ENTRY), "scope", "signature", "unknown"),
    fc.oneof(digest, tools, scopes, fc.constantFrom("", null, "2097-01-01T00:00:00Z", "1.0.0", " NIGHTLY ")),
  ).map(([name, value]) => (entry: JsonObject) => ({ ...entry, [name]: value })),
  fc.constant((entry: JsonObject) => ({
    ...entry,
    tool_sequence: listed(entry["tool_sequence"]).toReversed(),
  })),
);

/** The name of the entry that approves a call, as the gate finds it; undefined also where the registry does not hold. */
async function approver(entries: readonly Json[], asked: ScriptCall): Promise<string | undefined> {
  const registry = read({ entries });
  const scripts = registry.ok ? await verifiedScripts(nodeHost.crypto, registry.value, KEY) : registry;
  return scripts.ok ? approvingScript(scripts.value, asked, NOW)?.pattern_id : undefined;
}

property(
  "approved script: removing or changing any member of an entry never makes a call match that did not",
  fc.tuple(members, fc.boolean(), call, related, fc.boolean(), change),
  async ([given, older, drawn, relate, near, mutate]) => {
    const tool_sequence = older ? sortedSet(given.tool_sequence) : given.tool_sequence;
    const { scope, ...rest } = given;
    const { policy_digest, script_hash } = near ? given : drawn;
    const asked = { ...drawn, policy_digest, script_hash, tool_sequence: relate(given.tool_sequence) };
    const shown = { ...ENTRY, ...rest, ...(scope.length === 0 ? {} : { scope }) };
    const { signature = null } = await signed({ ...shown, tool_sequence });
    const before = await approver([{ ...shown, signature }], asked);
    const after = await approver([mutate({ ...shown, signature })], asked);
    if (after !== undefined) assertEquals(after, before, "the change let the call through");
  },
);

property(
  "approved script: an entry of another signer lets nothing through, and spoils the registry that it is put into",
  fc.tuple(members, call),
  async ([given, asked]) => {
    const theirs = await signed({ ...ENTRY, ...given, pattern_id: "theirs" }, OTHER_KEY);
    const { policy_digest, script_hash, tool_sequence } = asked;
    const ours = await signed({ ...ENTRY, policy_digest, script_hash, tool_sequence });
    assertEquals(await approver([ours], asked), "nightly");
    assertEquals(await approver([theirs], asked), undefined);
    assertEquals(await approver([ours, theirs], asked), undefined);
  },
);

property(
  "approved script: what stands before the rules, and what they demand, stays",
  pairJson,
  ({ policy, intent, ...around }) => {
    const { compiled, conditions, prepare } = gate(policy, around);
    const prepared = prepare(intent);
    if (!prepared.ok || prepared.value.script === undefined) return;
    const { steps } = prepared.value.script;
    const decision = evaluatePreApproved(compiled, prepared.value, steps, conditions);
    const usual = evaluate(nodeHost.crypto, compiled, prepared.value, conditions);
    assert(["allow", "block"].includes(decision.verdict));
    assert(decision.reason_codes.includes("approved_script_match"));
    assertEquals(decision.kill_switch, usual.kill_switch);
    for (const code of usual.reason_codes.filter((code) => /^(?:fail_closed_|kill_switch_)/.test(code))) {
      assert(decision.verdict === "block" && decision.reason_codes.includes(code), code);
    }
    if (decision.script === undefined) return; // blocked before the rules
    const taken = steps.flatMap((step) =>
      takenRules(compiled, callOf(assertOk(prepared), step, conditions.inventory?.get(step.tool_name)))
    );
    for (const { rule } of taken) {
      if (rule.rate_limit !== undefined) assert((decision.rate_limit?.requests ?? Infinity) <= rule.rate_limit.requests);
      if (rule.destructive_budget !== undefined) assert(decision.destructive_budget !== undefined);
      if (rule.require_broker_credential) assert(decision.broker.required);
      assert(rule.broker_scopes.every((scope) => decision.broker.scopes.includes(scope)));
      if (rule.match.require_delegation) assert(decision.delegation.required && decision.delegation_matters);
    }
  },
);
