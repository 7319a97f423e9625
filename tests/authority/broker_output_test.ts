// What a broker program prints, and why it is no answer: the words say what is wrong and repeat nothing of it.
import { OUTPUT_LIMIT, outputAnswer } from "../../core/authority/broker_output.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { assert, assertEquals } from "../assert.ts";
import { ASKED, printed } from "./brokers.ts";

const SECRET = "ghp_notARealSecretButItLooksLikeOne0";
const of = (json: JsonObject | string) => outputAnswer(printed(json), ASKED);

Deno.test("broker output: a plain answer is bound to the question where it does not say otherwise", () => {
  const answer = of({ credential_ref: " ref:1 ", surplus: 1 });
  assert(typeof answer !== "string", String(answer));
  const { scope, target_binding, run_binding, job_binding, request_digest, issued_by, subject } = answer;
  assertEquals([scope, target_binding, run_binding, job_binding, request_digest, issued_by, subject], [
    ["read", "rotate"],
    ASKED.request.TargetBinding,
    "run-5",
    "job-6",
    ASKED.digest,
    "command",
    "",
  ]);
});

Deno.test("broker output: a receipt is named by its provider and speaks for the caller", () => {
  const answer = of({ provider: "AWS", assumed_role_arn: "arn:aws:iam::1:role/x" });
  assert(typeof answer !== "string", String(answer));
  const { credential_ref, issued_by, source, access_type, issuer, subject, owner } = answer;
  assertEquals([credential_ref, issued_by, source, access_type, issuer, subject, owner], [
    "aws_sts:arn:aws:iam::1:role/x",
    "aws_sts",
    "aws_sts",
    "jit",
    "sts.amazonaws.com",
    "svc.ledger",
    "svc.ledger",
  ]);
});

Deno.test("broker output: whatever is no answer has its words", () => {
  const half = JSON.stringify({ provider: "vault", lease_id: "lease/1", ttl_seconds: 60 }).slice(0, -9);
  const notOne = "what it printed is not one JSON object";
  const table: readonly (readonly [JsonObject | string, string])[] = [
    ["", notOne],
    [half, notOne],
    ['{"credential_ref":"ref:1"} {"credential_ref":"ref:2"}', notOne],
    ['{"credential_ref":"ref:1","credential_ref":"ref:2"}', notOne],
    ["[]", notOne],
    [{ provider: "vault", lease_id: ["a"] }, "what it printed has members of the wrong kind"],
    [{ provider: "gcp", credential_ref: "ref:1", principal: { id: 1 } }, "what it printed has members of the wrong kind"],
    [{ credential_ref: 1 }, "what it printed has members of the wrong kind"],
    [{ credential_ref: "ref:1", expires_at: "soon" }, "what it printed has members of the wrong kind"],
    [{}, "its answer names no credential"],
    [{ provider: "vault" }, "its answer names no credential"],
    [{ credential_ref: "x".repeat(257) }, "the name of its credential is longer than 256 bytes, or more than a line"],
    [{ credential_ref: "a\nb" }, "the name of its credential is longer than 256 bytes, or more than a line"],
    [" ".repeat(OUTPUT_LIMIT + 1), "it printed more than 16384 bytes"],
  ];
  for (const [json, why] of table) assertEquals(of(json), why, JSON.stringify(json).slice(0, 80));
});

Deno.test("broker output: what only receipts of providers have is passed over in a plain answer", () => {
  const answer = of({ credential_ref: "ref:1", principal: { id: 1 }, repository: 5, lease_id: ["a"] });
  assert(typeof answer !== "string", String(answer));
  assertEquals([answer.credential_ref, answer.issued_by], ["ref:1", "command"]);
});

Deno.test("broker output: a secret in the place of a name is refused, and not repeated", () => {
  for (
    const json of [{ provider: "vault", lease_id: SECRET }, { provider: "okta", broker_session_id: "AKIA0" }, {
      credential_ref: SECRET,
    }]
  ) {
    const why = of(json);
    assertEquals(why, "its answer holds what looks like a secret in the place of a name", JSON.stringify(json));
  }
  assert(typeof of({ provider: "vault", lease_id: "l", credential_ref: `ref:${SECRET}` }) !== "string", "a name may begin so");
});
