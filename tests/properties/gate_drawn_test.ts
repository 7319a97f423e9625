// The random policies and calls themselves: that they are valid, follow from their seed, and say all that can be said.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { type AnyShape, fieldsOf, readShape } from "../../core/base/shape.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { IntentRequestShape } from "../../core/schema/intent.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { intentJson, pairJson, policyJson, seededIntents, seededPairs, seededPolicies, yamlOf } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

property("every drawn policy has the shape of one", policyJson, (policy) => void assertOk(readShape(PolicyShape, policy, "p")));

property("a drawn policy says the same in every spelling", policyJson, (policy) => {
  const [block, ...others] = (["block", "flow", "json"] as const).map((style) =>
    assertOk(readPolicy(utf8(yamlOf(policy, style)), "p")).policy
  );
  for (const other of others) assertEquals(other, block);
});

property(
  "every drawn intent is one",
  intentJson,
  (intent) => void assertOk(intentOf(intent, "i")),
);

property("a drawn pair is what a seeded one is", pairJson, ({ policy, intent }) => {
  assertOk(readShape(PolicyShape, policy, "p"));
  assertOk(intentOf(intent, "i"));
});

Deno.test("gate generators: a seed gives the same policies and calls again, another seed others", () => {
  assertEquals(seededPolicies(7, 20), seededPolicies(7, 20));
  assertEquals(seededIntents(7, 20), seededIntents(7, 20));
  assertEquals(seededPairs(7, 5, 4), seededPairs(7, 5, 4));
  assertEquals(seededPairs(7, 5, 4).length, 20);
  assert(JSON.stringify(seededPolicies(7, 20)) !== JSON.stringify(seededPolicies(8, 20)));
});

/** The pointers of all members that are there, list indexes left out. */
function* pointers(json: Json, at = ""): Generator<string> {
  if (Array.isArray(json)) { for (const item of json) yield* pointers(item, at); }
  else if (typeof json === "object" && json !== null) {
    for (const [name, member] of Object.entries(json)) {
      yield `${at}/${name}`;
      yield* pointers(member, `${at}/${name}`);
    }
  }
}

/** The pointers of all members that a shape knows. */
function* known(shape: AnyShape, at = ""): Generator<string> {
  if (shape.items !== undefined) yield* known(shape.items, at);
  for (const [name, field] of Object.entries(fieldsOf(shape))) {
    yield `${at}/${name}`;
    yield* known(field, `${at}/${name}`);
  }
}

// What no verdict depends on.
const LEFT_OUT = new RegExp(
  "^/(?:default_action|mcp_trust/(?!snapshot|max_age|action)|relationship|schema_|producer_version" +
    "|rules/match/tool_annotations/idempotentHint|targets/idempotent_hint|script/steps/targets/idempotent_hint" +
    "|(?:script/steps/)?targets/discovery|delegation/(?:chain/)?(?:issued_at|token_ref)|delegation/expires_at|skill_provenance/signature_key_id" +
    "|context/(?:agent_identity/approved_at|session_id|request_id|credential_(?:subject|owner)|environment_fingerprint|context_evidence_mode))",
);

Deno.test("gate generators: every member of a policy and of a call that a verdict depends on comes up", () => {
  const pairs = seededPairs(11, 400, 5);
  const found = new Set(pairs.flatMap(({ policy, intent }) => [...pointers(policy), ...pointers(intent)]));
  const wanted = [...known(PolicyShape), ...known(IntentRequestShape)].filter((pointer) => !LEFT_OUT.test(pointer));
  assertEquals(wanted.filter((pointer) => !found.has(pointer)), []);
  assert(utf8(JSON.stringify(pairs)).length < 4e6, "pairs stay small");
});
