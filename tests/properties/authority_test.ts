// Nothing that a call brings along widens anything: for any policy, call, tokens and receipt, to take one of them away never helps, one
// for another call changes nothing, and the verdict is weaker than the policy's only where enough people approved exactly this call.
import fc from "fast-check";
import type { BrokerAnswer } from "../../core/authority/broker_answer.ts";
import { approvalIds, approversOf } from "../../core/authority/granted.ts";
import { type DelegationToken } from "../../core/schema/delegation_token.ts";
import { readDelegation } from "../../core/authority/delegation_token.ts";
import { type AnyApproval, readAnyApproval } from "../../core/authority/shown_approval.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { askedFor, brokerFacts } from "../../core/flow/gate_credential.ts";
import { type BrokerFacts, type Facts, finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { approvalEntries, approvedCall, type BoundCall, delegationEntries, hopsOf } from "../../core/flow/gate_tokens.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { delegationDigest, intentDigests } from "../../core/gate/intent_digest.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import type { Decision, Intent, Policy, Verdict } from "../../core/gate/types.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { approvalJson, bytesOf, crypto, delegationJson, KEY, NOW, OTHER } from "../authority/tokens.ts";
import { gate } from "../gate/why_world.ts";
import { type Pair, pairJson } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

/** A rule before all others that asks for what tokens and brokers are for; undefined leaves a policy as it was drawn. */
const demand = fc.option(
  fc.record({
    name: fc.constant("demand"),
    priority: fc.constant(-1),
    effect: fc.constantFrom("require_approval", "allow", "dry_run"),
    match: fc.constantFrom<JsonObject>({}, {}, { require_delegation: true, delegation_scopes: ["write"] }),
    min_approvals: fc.nat(2),
    require_distinct_approvers: fc.boolean(),
    require_broker_credential: fc.boolean(),
    broker_scopes: fc.constantFrom<string[]>([], ["write"], ["deploy", "read"]),
  }),
  { freq: 6, nil: undefined },
);

const CHAINS: readonly (readonly string[])[] = [["alice"], ["agent.lead", "alice"], ["agent.lead", "agent.mid", "alice"]];
const chain = fc.option(fc.constantFrom(...CHAINS), { nil: undefined });
const delegationOf = (people: readonly string[]): JsonObject => ({
  requester_identity: people.at(-1) ?? "",
  scope_class: "write",
  chain: people.slice(1).map((delegate, i) => ({ delegator_identity: people[i] ?? "", delegate_identity: delegate })),
});

const mostlyTrue = fc.nat(5).map((n) => n > 0);
const shown = fc.record({
  /** Signed by the key that checks it, for this call under this policy, in its time, for its tool, wide enough. */
  mine: mostlyTrue,
  call: mostlyTrue,
  policy: mostlyTrue,
  lasts: mostlyTrue,
  fits: mostlyTrue,
  wide: mostlyTrue,
  who: fc.constantFrom("ann", "bo", "cy"),
});
type Shown = { readonly [N in "mine" | "call" | "policy" | "lasts" | "fits" | "wide"]: boolean } & { readonly who: string };
const hop = fc.record({ mine: mostlyTrue, call: mostlyTrue, lasts: mostlyTrue, fits: mostlyTrue, at: fc.nat(2) });
type Hop = {
  readonly mine: boolean;
  readonly call: boolean;
  readonly lasts: boolean;
  readonly fits: boolean;
  readonly at: number;
};
const receipt = fc.option(
  fc.record({
    /** Answers the question about this call; bound to its targets, run and job. */
    call: mostlyTrue,
    whole: mostlyTrue,
    access_type: fc.constantFrom("jit", "jit", "standing", ""),
    ttl_seconds: fc.constantFrom(60, 60, 0, 10 ** 6),
    issuer: fc.constantFrom("sts.example.test", "other"),
    source: fc.constantFrom("aws_sts", "odd"),
  }),
  { freq: 4, nil: undefined },
);
type Receipt = {
  readonly call: boolean;
  readonly whole: boolean;
  readonly access_type: string;
  readonly ttl_seconds: number;
  readonly issuer: string;
  readonly source: string;
};

type World = {
  readonly policy: Policy;
  readonly decision: Decision;
  readonly call: BoundCall;
  /** A call that differs in one argument. */
  readonly other: BoundCall;
};

/** The pair with its demand and its delegation; undefined where an envelope contradicts the call. */
function worldOf(pair: Pair, rule: JsonObject | undefined, people: readonly string[] | undefined): World | undefined {
  const { policy: drawn, intent: plain, ...around } = pair;
  const rules = [...(rule === undefined ? [] : [rule]), ...(drawn.rules as readonly Json[] ?? [])];
  const { compiled, conditions, prepare } = gate({ ...drawn, rules }, around);
  const intent = people === undefined ? plain : { ...plain, delegation: delegationOf(people) };
  const args = { ...intent.args as JsonObject ?? {}, one_more: 1 };
  const prepared = [prepare(intent), prepare({ ...intent, args })];
  const [one, two] = prepared.map((made) => made.ok ? made.value : undefined);
  if (one === undefined || two === undefined) return undefined;
  const policy_digest = policyDigest(crypto, compiled.policy);
  const bound = (made: Intent): BoundCall => ({
    intent: made,
    digests: intentDigests(crypto, made),
    policy_digest,
    delegation_digest: made.delegation === undefined ? "" : delegationDigest(crypto, made.delegation),
  });
  return {
    policy: compiled.policy,
    decision: evaluate(crypto, compiled, one, conditions),
    call: bound(one),
    other: bound(two),
  };
}

const LATER = "2026-03-14T10:00:00Z";
const EARLIER = "2026-03-14T09:00:00Z";

async function approvalOf({ mine, call, policy, lasts, fits, wide, who }: Shown, world: World): Promise<AnyApproval> {
  const { required_scope, targets, operations } = approvedCall(world.call);
  const json = await approvalJson({
    approver_identity: who,
    intent_digest: (call ? world.call : world.other).digests.intent_digest,
    policy_digest: policy ? world.call.policy_digest : "9".repeat(64),
    delegation_binding_digest: world.call.delegation_digest,
    scope: fits ? required_scope : ["tool:none"],
    max_targets: wide ? targets : Math.max(1, targets - 1),
    max_ops: wide ? operations : Math.max(1, operations - 1),
    expires_at: lasts ? LATER : EARLIER,
  }, mine ? KEY : OTHER);
  return assertOk(readAnyApproval(bytesOf(json), "t"));
}

async function hopToken({ mine, call, lasts, fits, at }: Hop, world: World): Promise<DelegationToken> {
  const { delegation } = world.call.intent;
  const hops = delegation === undefined ? [] : hopsOf(delegation);
  const { delegator = "anybody", delegate } = hops[at % Math.max(1, hops.length)] ?? { delegate: "nobody" };
  const json = await delegationJson({
    delegator_identity: delegator,
    delegate_identity: delegate,
    scope: [fits ? "write" : "none"],
    scope_class: "",
    intent_digest: (call ? world.call : world.other).digests.intent_digest,
    expires_at: lasts ? LATER : EARLIER,
  }, mine ? KEY : OTHER);
  return assertOk(readDelegation(bytesOf(json), "t"));
}

const SILENT: BrokerFacts = { status: "failed", why: "nobody answered" };

/** The answer to the question about one of the calls, taken for one to the question about this call. */
function receiptFacts({ call, whole, ...terms }: Receipt, { policy, decision, ...calls }: World): BrokerFacts {
  const wish = { reference: "", scopes: [] };
  const asked = askedFor(crypto, calls.call.intent, decision, wish);
  const about = call ? asked : askedFor(crypto, { ...calls.other.intent, tool_name: "another.tool" }, decision, wish);
  if (asked === undefined || about === undefined) return SILENT;
  const { RunID, JobID, TargetBinding, Scope, Identity } = about.request;
  const answer: BrokerAnswer = {
    ...{ ...terms, issued_by: "desk", subject: Identity, owner: Identity, credential_ref: "ref:1" },
    ...{ scope: whole ? Scope : Scope.slice(1), target_binding: TargetBinding, run_binding: RunID, job_binding: JobID },
    ...{ request_digest: about.digest, issued_at: ZERO_TIME, expires_at: ZERO_TIME },
  };
  return brokerFacts(answer, asked, "desk", { policy, decision, intent: calls.call.intent, now: NOW });
}

type Brought = {
  readonly approvals: readonly AnyApproval[];
  readonly tokens: readonly DelegationToken[];
  readonly broker: BrokerFacts;
};

async function factsOf({ approvals, tokens, broker }: Brought, { call, decision }: World): Promise<Facts> {
  const { intent: { delegation }, digests: { intent_digest }, policy_digest } = call;
  const hops = delegation === undefined ? [] : hopsOf(delegation);
  const wanted = { scopes: decision.delegation.scopes, intent_digest, policy_digest };
  return {
    ...NO_FACTS,
    approvals: await approvalEntries(crypto, approvals, approvedCall(call), KEY, NOW),
    delegation: {
      untimely: [],
      hops: Math.max(1, hops.length),
      entries: tokens.length === 0 ? [] : await delegationEntries(crypto, tokens, hops, wanted, KEY, NOW),
    },
    broker,
  };
}

const without = <T>(list: readonly T[], index: number): readonly T[] => list.filter((_, i) => i !== index);

const brought = fc.tuple(pairJson, demand, chain, fc.array(shown, { maxLength: 3 }), fc.array(hop, { maxLength: 3 }), receipt);

const goes = (verdict: Verdict): boolean => verdict === "allow" || verdict === "dry_run";

/** Checks one draw; gives what let the call through. */
async function check(
  [pair, rule, people, shownApprovals, shownHops, answered]: typeof brought extends fc.Arbitrary<infer T> ? T : never,
): Promise<readonly ("approved" | "delegated" | "issued")[]> {
  const world = worldOf(pair, rule, people);
  if (world === undefined) return [];
  const { decision } = world;
  const approvals = await Promise.all(shownApprovals.map((one) => approvalOf(one, world)));
  const tokens = await Promise.all(shownHops.map((one) => hopToken(one, world)));
  const broker = answered === undefined ? NO_FACTS.broker : receiptFacts(answered, world);
  const all: Brought = { approvals, tokens, broker };
  const verdictOf = async (some: Brought) => finish(decision, await factsOf(some, world)).verdict;
  const helped = (left: Verdict): boolean => goes(left) && !goes(whole.verdict);
  const facts = await factsOf(all, world);
  const whole = finish(decision, facts);

  for (const [i, one] of shownApprovals.entries()) {
    const left = await verdictOf({ ...all, approvals: without(approvals, i) });
    assert(!helped(left), "to take an approval away helped");
    if (!one.call || !one.policy || !one.mine) {
      assertEquals(left, whole.verdict, "an approval of another call, policy or key counted");
    }
  }
  for (const [i, one] of shownHops.entries()) {
    const left = await verdictOf({ ...all, tokens: without(tokens, i) });
    assert(!helped(left), "to take a delegation away helped");
    if (!one.call || !one.mine) assertEquals(left, whole.verdict, "a delegation for another call or of another key counted");
  }
  const unanswered = await verdictOf({ ...all, broker: SILENT });
  assert(!helped(unanswered), "to take the receipt away helped");
  if (answered?.call === false) assertEquals(unanswered, whole.verdict, "a receipt for another call counted");
  assert(!helped(await verdictOf({ ...all, broker: NO_FACTS.broker })), "to ask no broker helped");

  if (VERDICTS.indexOf(whole.verdict) < VERDICTS.indexOf(decision.verdict)) {
    const needed = Math.max(1, decision.required_approvals);
    assertEquals([decision.verdict, whole.verdict], ["require_approval", "allow"]);
    assert(approvalIds(facts.approvals).length >= needed, "too few approvals");
    assert(!decision.distinct_approvers || needed < 2 || approversOf(facts.approvals).length >= needed, "too few approvers");
  }
  if (whole.verdict !== "allow") return [];
  return [
    ...(whole.approval_ref === "" ? [] : ["approved" as const]),
    ...(whole.delegation_ref === "" ? [] : ["delegated" as const]),
    ...(decision.broker.required ? ["issued" as const] : []),
  ];
}

property(
  "authority: taking anything away never helps, what is for another call changes nothing, and nothing but approvals weakens",
  brought,
  async (draw) => void await check(draw),
);

Deno.test("authority: the same draws let calls through by each of the three, so the property is not about blocked calls alone", async () => {
  const went = new Map<string, number>();
  for (const draw of fc.sample(brought, { numRuns: 300, seed: 7 })) {
    for (const by of await check(draw)) went.set(by, (went.get(by) ?? 0) + 1);
  }
  assert(["approved", "delegated", "issued"].every((by) => (went.get(by) ?? 0) >= 3), JSON.stringify([...went]));
});
