// Evidence of the context. `tests/gate/prepare_test.ts` has how an envelope becomes evidence.
import type { JsonObject } from "../../core/base/json.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";
import { AROUND, compiled, ruled, type Said, said } from "./decide.ts";
import { inContext, intent } from "./intents.ts";

const DIGEST = "ab".repeat(32);
const MISSING = ["context_evidence_missing context_set_digest_missing", "missing_context_evidence"] as const;

// Prepared: what is here was proved.
const proved = (rule: JsonObject, context: JsonObject): Said =>
  said(evaluate(nodeHost.crypto, compiled(ruled(rule)), intent(inContext(context)), AROUND));

const aged = (age: number | string | null): JsonObject => ({
  context_set_digest: DIGEST,
  context_evidence_mode: "required",
  auth_context: { context_age_seconds: age },
});

const TABLE: readonly (readonly [name: string, rule: JsonObject, context: JsonObject, said: Said])[] = [
  ["nothing is asked", {}, {}, ["allow", "ok", ""]],
  ["required and proved", { require_context_evidence: true }, aged(1), ["allow", "ok", ""]],
  ["required by its mode", { required_context_evidence_mode: "required" }, aged(1), ["allow", "ok", ""]],
  ["required and only tried", { require_context_evidence: true }, {
    context_set_digest: DIGEST,
    context_evidence_mode: "best_effort",
  }, [
    "block",
    "context_evidence_mode_mismatch ok",
    "context_evidence_mode_violation",
  ]],
  ["required and not there", { require_context_evidence: true }, {}, [
    "block",
    `context_evidence_missing context_evidence_mode_mismatch context_set_digest_missing ok`,
    "context_evidence_mode_violation missing_context_evidence",
  ]],
  ["young enough", { max_context_age_seconds: 600 }, aged(600), ["allow", "ok", ""]],
  ["too old", { max_context_age_seconds: 600 }, aged(601), [
    "block",
    "context_freshness_exceeded ok",
    "context_freshness_violation",
  ]],
  ["of unknown age", { max_context_age_seconds: 600 }, { context_set_digest: DIGEST }, [
    "block",
    "context_freshness_exceeded ok",
    "context_freshness_violation",
  ]],
  ["an age that is text", { max_context_age_seconds: 600 }, aged("1"), [
    "block",
    "context_freshness_exceeded ok",
    "context_freshness_violation",
  ]],
  ["an age limit asks for evidence too", { max_context_age_seconds: 600 }, { auth_context: { context_age_seconds: 1 } }, [
    "block",
    `${MISSING[0]} ok`,
    MISSING[1],
  ]],
];

for (const [name, rule, context, expected] of TABLE) {
  Deno.test(`context: ${name}`, () => assertEquals(proved(rule, context), expected));
}
