// Tokens never widen: whoever adds one changes the verdict of the one call that it names, whoever takes one away helps no call; and every
// member of a token stands under its signature.
import fc from "fast-check";
import { approvalFailure, type ApprovedCall, readApproval } from "../../core/authority/approval_token.ts";
import { delegationFailure, readDelegation } from "../../core/authority/delegation_token.ts";
import { readAnyApproval } from "../../core/authority/shown_approval.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { approvalEntries, delegationEntries } from "../../core/flow/gate_tokens.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { approvalJson, bytesOf, CALL, crypto, delegationJson, HOP, KEY, NOW, OTHER } from "../authority/tokens.ts";
import { decision } from "../flow/decisions.ts";
import { property } from "./run.ts";

const digest = fc.constantFrom("1".repeat(64), "2".repeat(64), "3".repeat(64));
const call: fc.Arbitrary<ApprovedCall> = fc.record({
  intent_digest: digest,
  policy_digest: digest,
  delegation_digest: fc.constantFrom("", "4".repeat(64)),
  required_scope: fc.subarray(["tool:mail.send", "phase:apply", "destructive:apply"], { minLength: 1 }),
  targets: fc.nat(4),
  operations: fc.nat(4),
});
const drawn = fc.record({
  intent_digest: digest,
  policy_digest: digest,
  approver_identity: fc.constantFrom("ann", "bo"),
  scope: fc.constantFrom(["*"], ["tool:mail.send"], ["phase:apply", "tool:mail.send"]),
  max_targets: fc.nat(3),
  max_ops: fc.nat(3),
  expires_at: fc.constantFrom("2026-03-14T10:00:00Z", "2026-03-14T09:00:00Z"),
  mine: fc.boolean(),
});
const tokens = fc.array(drawn, { maxLength: 4 }).map((all) =>
  Promise.all(
    all.map(async ({ mine, ...of }) => assertOk(readAnyApproval(bytesOf(await approvalJson(of, mine ? KEY : OTHER)), "t"))),
  )
);
const asked = fc.record({ required_approvals: fc.integer({ min: 1, max: 3 }), distinct_approvers: fc.boolean() });

property(
  "tokens: taking one away never helps, and one for another call changes nothing",
  fc.tuple(call, tokens, asked),
  async ([
    approved,
    promised,
    wanted,
  ]) => {
    const all = await promised;
    const policy = decision({ verdict: "require_approval", ...wanted });
    const verdict = async (some: typeof all) => {
      const approvals = await approvalEntries(crypto, some, approved, KEY, NOW);
      return VERDICTS.indexOf(finish(policy, { ...NO_FACTS, approvals }).verdict);
    };
    const whole = await verdict(all);
    for (const one of all) {
      const without = await verdict(all.filter((other) => other !== one));
      assert(without >= whole, "taking a token away helped the call");
      const fits = one.token.intent_digest === approved.intent_digest && one.token.policy_digest === approved.policy_digest;
      if (!fits) assertEquals(without, whole, "a token for another call counted");
    }
  },
);

property(
  "tokens: a chain is covered by one token for each hop, and by no fewer",
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3), fc.boolean()),
  async ([length, missing, spare]) => {
    const names = Array.from({ length: length + 1 }, (_, i) => `a${i}`);
    const hops = names.slice(1).map((delegate, i) => ({ delegator: names[i] ?? "", delegate }));
    const made = await Promise.all(hops.map(async ({ delegator, delegate }) =>
      assertOk(
        readDelegation(
          bytesOf(await delegationJson({ delegator_identity: delegator, delegate_identity: delegate })),
          "t",
        ),
      )
    ));
    const root = assertOk(
      readDelegation(
        bytesOf(await delegationJson({ delegator_identity: "a0", delegate_identity: names.at(-1) ?? "" })),
        "t",
      ),
    );
    const wanted = { scopes: HOP.scopes, intent_digest: HOP.intent_digest, policy_digest: HOP.policy_digest };
    const lacks = length > 1 && missing < length;
    const shown = [...made.filter((_, i) => !lacks || i !== missing), ...(spare && length > 1 ? [root] : [])];
    const entries = await delegationEntries(crypto, shown, hops, wanted, KEY, NOW);
    const delegated = { ...NO_FACTS, delegation: { untimely: [], hops: length, entries } };
    const policy = decision({ delegation: { required: true, scopes: HOP.scopes } });
    assertEquals(finish(policy, delegated).verdict, lacks ? "block" : "allow");
  },
);

// Another value of the same kind, unlike the one that is there.
const changed = (value: unknown): JsonObject[string] =>
  typeof value === "number"
    ? value + 1
    : Array.isArray(value)
    ? [...value, "extra"]
    : /^[0-9a-f]{64}$/.test(String(value))
    ? String(value).replace(/^./, (digit) => digit === "0" ? "1" : "0")
    : String(value).endsWith("Z")
    ? "2026-03-14T09:59:59Z"
    : `${value}x`;

Deno.test("tokens: whatever member changes, the signature fails", async () => {
  const approval = await approvalJson({ delegation_binding_digest: "5".repeat(64) });
  for (
    const name of Object.keys(approval).filter((member) =>
      member !== "signature" && member !== "schema_id" && member !== "schema_version"
    )
  ) {
    const { token } = assertOk(readApproval(bytesOf({ ...approval, [name]: changed(approval[name]) }), "t"));
    assertEquals(await approvalFailure(crypto, token, CALL, KEY, NOW), "approval_token_signature_invalid", name);
  }
  const delegation = await delegationJson({ intent_digest: HOP.intent_digest, policy_digest: HOP.policy_digest });
  for (
    const name of Object.keys(delegation).filter((member) =>
      member !== "signature" && member !== "schema_id" && member !== "schema_version"
    )
  ) {
    const token = assertOk(readDelegation(bytesOf({ ...delegation, [name]: changed(delegation[name]) }), "t"));
    assertEquals(await delegationFailure(crypto, token, HOP, KEY, NOW), "delegation_token_signature_invalid", name);
  }
});
