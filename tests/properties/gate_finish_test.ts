// No fact, and no mixture of facts, does more than its step lets it (spec 02, section 8.2).
import fc from "fast-check";
import { approvalIds, approversOf } from "../../core/authority/granted.ts";
import { asks, type BrokerFacts, type Facts, finish, NO_FACTS, type Untimely } from "../../core/flow/gate_finish.ts";
import type { Decision, Verdict } from "../../core/gate/types.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assert, assertEquals } from "../assert.ts";
import { approval, counted, decision, hop } from "../flow/decisions.ts";
import { property } from "./run.ts";

const rank = (verdict: Verdict): number => VERDICTS.indexOf(verdict);
const id = fc.constantFrom("t1", "t2", "t3");
const code = (word: string) => fc.constantFrom("", word);
const limit = fc.option(fc.boolean().map(counted), { nil: undefined });
const broker: fc.Arbitrary<BrokerFacts> = fc.constantFrom<BrokerFacts>(
  { status: "off" },
  { status: "unasked" },
  { status: "failed", why: "w" },
);

const knowledge: fc.Arbitrary<Facts> = fc.record({
  rate_limit: limit,
  destructive_budget: limit,
  delegation: fc.record({
    untimely: fc.subarray<Untimely>(["delegation_expired", "delegation_not_yet_valid"]),
    hops: fc.nat(3),
    entries: fc.array(fc.tuple(id, code("delegation_token_missing")).map(([token, error]) => hop(token, error)), {
      maxLength: 4,
    }),
  }),
  approvals: fc.array(
    fc.tuple(id, fc.constantFrom("ann", "bo"), code("approval_token_expired"))
      .map(([token, who, error]) => approval(token, who, error)),
    { maxLength: 4 },
  ),
  broker,
  simulate: fc.boolean(),
});

const decided: fc.Arbitrary<Decision> = fc.record({
  verdict: fc.constantFrom(...VERDICTS),
  required_approvals: fc.nat(3),
  distinct_approvers: fc.boolean(),
  violations: fc.subarray(["v"]),
  delegation: fc.record({ required: fc.boolean(), scopes: fc.constant([]) }),
  broker: fc.record({ required: fc.boolean(), reference: fc.constant(""), scopes: fc.constant([]) }),
}).map(decision);

property(
  "no fact loosens a verdict but enough approvals for one that asks for them",
  fc.tuple(decided, knowledge),
  ([on, known]) => {
    const { verdict } = finish(on, { ...known, simulate: false });
    if (rank(verdict) >= rank(on.verdict)) return;
    assertEquals([on.verdict, verdict], ["require_approval", "allow"]);
    const wanted = Math.max(1, on.required_approvals);
    assert(approvalIds(known.approvals).length >= wanted, "too few approvals");
    assert(!on.distinct_approvers || wanted === 1 || approversOf(known.approvals).length >= wanted, "too few approvers");
  },
);

const goes = (verdict: Verdict): boolean => verdict === "allow" || verdict === "dry_run";

property("to know less lets no call through that stays out otherwise", fc.tuple(decided, knowledge), ([on, known]) => {
  const full = finish(on, { ...known, simulate: false });
  const blank: Facts = { ...known, simulate: false, delegation: { ...known.delegation, entries: [] }, approvals: [] };
  for (const less of [blank, { ...blank, broker: NO_FACTS.broker }, { ...known, simulate: false, broker: NO_FACTS.broker }]) {
    assert(!goes(finish(on, less).verdict) || goes(full.verdict));
  }
});

property(
  "a simulation decides the same, tells it, and only its name changes the verdict",
  fc.tuple(decided, knowledge),
  ([on, known]) => {
    const unasked = known.broker.status === "unasked"; // left unasked by a simulation alone
    const enforced = finish(on, { ...known, simulate: false });
    const { simulated, exit, verdict, reason_codes } = finish(on, { ...known, simulate: true });
    assertEquals(exit, "ok");
    assert(reason_codes.includes("simulate_mode_non_enforcing"));
    if (!unasked) {
      assertEquals(simulated, {
        verdict: enforced.verdict,
        reason_codes: enforced.reason_codes,
        violations: enforced.violations,
      });
    }
    const through = simulated?.verdict === "allow" || simulated?.verdict === "dry_run";
    assertEquals(verdict, through ? simulated.verdict : "allow");
    assertEquals(reason_codes.some((word) => word === `simulated_${simulated?.verdict}`), !through);
  },
);

property("what is not asked for does not matter", fc.tuple(decided, knowledge, knowledge), ([on, known, other]) => {
  const wanted = asks(on, known);
  const swapped: Facts = {
    ...known,
    delegation: wanted.delegation ? known.delegation : { ...known.delegation, entries: other.delegation.entries },
    approvals: wanted.approvals ? known.approvals : other.approvals,
    broker: wanted.broker || known.simulate ? known.broker : other.broker,
  };
  assertEquals(finish(on, swapped), finish(on, known));
});
