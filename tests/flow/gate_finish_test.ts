// From the policy's verdict to the last one (spec 02, sections 8.2 and 8.5): each step, what it adds, and that it does no more.
import { ZERO_TIME } from "../../core/base/time.ts";
import { asks, type BrokerFacts, type Facts, finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import type { Decision } from "../../core/gate/types.ts";
import { assertEquals } from "../assert.ts";
import { approval, counted, decision, delegated, facts, hop } from "./decisions.ts";

const said = (of: Partial<Decision>, known: Facts = NO_FACTS) => {
  const { verdict, reason_codes, violations, exit } = finish(decision(of), known);
  return [verdict, reason_codes.join(" "), violations.join(" "), exit];
};

Deno.test("finish: without demands every verdict stays, and has its exit", () => {
  assertEquals(said({}), ["allow", "ok", "", "ok"]);
  assertEquals(said({ verdict: "dry_run" }), ["dry_run", "ok", "", "ok"]);
  assertEquals(said({ verdict: "block", violations: ["v"] }), ["block", "ok", "v", "blocked"]);
});

Deno.test("finish: a limit that is exceeded blocks whatever the verdict was, one that is not leaves it", () => {
  for (const verdict of ["allow", "dry_run", "require_approval", "block"] as const) {
    assertEquals(said({ verdict }, facts({ rate_limit: counted(true) })), [
      "block",
      "ok rate_limit_exceeded",
      "rate_limit_exceeded",
      "blocked",
    ]);
    assertEquals(said({ verdict }, facts({ destructive_budget: counted(true) })), [
      "block",
      "destructive_budget_exceeded ok",
      "destructive_budget_exceeded",
      "blocked",
    ]);
  }
  assertEquals(said({}, facts({ rate_limit: counted(false), destructive_budget: counted(false) })), ["allow", "ok", "", "ok"]);
});

const NEEDS_DELEGATION = { delegation: { required: true, scopes: [] } };
const BLOCKED = ["delegation_not_granted", "blocked"];

Deno.test("finish: a delegation that is demanded wants a token of its own for every hop", () => {
  assertEquals(said(NEEDS_DELEGATION), ["block", "delegation_token_missing ok", ...BLOCKED]);
  assertEquals(said(NEEDS_DELEGATION, delegated(1, hop("t1"))), ["allow", "delegation_granted ok", "", "ok"]);
  const insufficient = (code: string) => ["block", `delegation_chain_insufficient ${code}ok`, ...BLOCKED];
  assertEquals(said(NEEDS_DELEGATION, delegated(2, hop("t1"))), insufficient(""));
  assertEquals(said(NEEDS_DELEGATION, delegated(2, hop("t1"), hop("t1"))), insufficient(""), "one token for two hops");
  const missing = hop("", "delegation_token_missing");
  assertEquals(said(NEEDS_DELEGATION, delegated(2, hop("t1"), missing)), insufficient("delegation_token_missing "));
  assertEquals(said(NEEDS_DELEGATION, delegated(1, hop("t1"), missing)), insufficient("delegation_token_missing "));
  assertEquals(said(NEEDS_DELEGATION, delegated(0)), ["block", "delegation_token_missing ok", ...BLOCKED]);
  assertEquals(said(NEEDS_DELEGATION, delegated(0, hop("t1"))), insufficient(""), "no hop is no chain that is covered");
  const spare = hop("t2", "delegation_token_chain_mismatch");
  assertEquals(said(NEEDS_DELEGATION, delegated(1, hop("t1"), spare))[0], "allow");
  assertEquals(finish(decision(NEEDS_DELEGATION), delegated(1, hop("t1"), spare)).delegation_ref, "t1");
  assertEquals(finish(decision(NEEDS_DELEGATION), delegated(2, hop("t1"), spare)).delegation_ref, "");
});

Deno.test("finish: a delegation grants nothing: a stronger verdict stays", () => {
  for (const verdict of ["dry_run", "block"] as const) {
    assertEquals(said({ ...NEEDS_DELEGATION, verdict }, delegated(1, hop("t1")))[0], verdict);
  }
  assertEquals(said({}, delegated(1, hop("t1"))), ["allow", "ok", "", "ok"], "a token that nobody asked for says nothing");
});

Deno.test("finish: a delegation that does not hold now blocks before any token is looked at", () => {
  const untimely = { delegation: { untimely: ["delegation_expired"] as const, hops: 1, entries: [hop("t1")] } };
  const expired = ["block", "delegation_expired ok", ...BLOCKED];
  assertEquals(said(NEEDS_DELEGATION, facts(untimely)), expired);
  assertEquals(said({}, facts(untimely)), expired, "also where no token is demanded");
  assertEquals(finish(decision(NEEDS_DELEGATION), facts(untimely)).delegation_ref, "");
  assertEquals(asks(decision(NEEDS_DELEGATION), facts(untimely)).delegation, false);
});

const ASK = { verdict: "require_approval", required_approvals: 2 } as const;
const STANDS = (codes: string) => ["require_approval", codes, "approval_not_granted", "approval"];

Deno.test("finish: approvals: none, too few, one id twice, the same approver twice, enough", () => {
  const of = (...approvals: Facts["approvals"]) => facts({ approvals });
  assertEquals(said(ASK), STANDS("approval_token_missing ok"));
  assertEquals(said(ASK, of(approval("t1", "ann"))), STANDS("approval_chain_insufficient ok"));
  assertEquals(said(ASK, of(approval("t1", "ann"), approval("t1", "ann"))), STANDS("approval_chain_insufficient ok"));
  const bad = approval("t3", "cy", "approval_token_expired");
  assertEquals(
    said(ASK, of(approval("t1", "ann"), bad)),
    STANDS("approval_chain_insufficient approval_token_expired ok"),
  );
  const two = of(approval("t1", "ann"), approval("t2", "ann"));
  assertEquals(said(ASK, two), ["allow", "approval_granted ok", "", "ok"]);
  assertEquals(said({ ...ASK, distinct_approvers: true }, two), STANDS("approval_distinct_approvers_required ok"));
  const different = of(approval("t2", "bo"), approval("t1", "ann"), bad);
  assertEquals(said({ ...ASK, distinct_approvers: true }, different), [
    "allow",
    "approval_granted approval_token_expired ok",
    "",
    "ok",
  ]);
  assertEquals(finish(decision(ASK), different).approval_ref, "t1,t2");
  assertEquals(finish(decision(ASK), of(approval("t1", "ann"))).approval_ref, "");
});

Deno.test("finish: a verdict that asks for approval wants one also where nobody counted", () => {
  assertEquals(said({ verdict: "require_approval", required_approvals: 0 }), STANDS("approval_token_missing ok"));
});

Deno.test("finish: approvals help no verdict but the one that asks for them", () => {
  const approvals = [approval("t1", "ann"), approval("t2", "bo")];
  assertEquals(said({ verdict: "block", required_approvals: 2 }, facts({ approvals })), ["block", "ok", "", "blocked"]);
  assertEquals(said(ASK, facts({ approvals, rate_limit: counted(true) }))[0], "block");
  assertEquals(finish(decision(ASK), facts({ approvals, rate_limit: counted(true) })).approval_ref, "");
  assertEquals(said({ ...ASK, ...NEEDS_DELEGATION }, facts({ approvals }))[0], "block");
});

const NEEDS_BROKER = { broker: { required: true, reference: "", scopes: [] } };
const CREDENTIAL = {
  issued_by: "stub",
  reference: "r",
  scopes: [],
  subject: "s",
  owner: "o",
  issued_at: ZERO_TIME,
  expires_at: ZERO_TIME,
  credential_ref: "c",
  source: "stub",
  access_type: "jit",
  issuer: "stub",
  request_digest: "",
  target_binding: "",
  run_binding: "",
  job_binding: "",
  ttl_seconds: 300,
};

Deno.test("finish: a credential that is demanded and not had blocks", () => {
  const of = (broker: BrokerFacts, simulate = false) => said(NEEDS_BROKER, facts({ broker, simulate }));
  const blocked = (reason: string) => ["block", reason, "broker_credential_missing", "blocked"];
  assertEquals(of({ status: "off" }), blocked("broker_credential_required ok"));
  assertEquals(of({ status: "failed", why: "w" }), blocked("broker_credential_missing ok"));
  assertEquals(of({ status: "unasked" }), blocked("broker_credential_missing ok"), "it is left unasked by a simulation alone");
  assertEquals(of({ status: "issued", codes: [], credential: CREDENTIAL }), [
    "allow",
    "broker_credential_present ok",
    "",
    "ok",
  ]);
  assertEquals(of({ status: "issued", codes: ["broker_scope_mismatch"], credential: CREDENTIAL }), [
    "block",
    "broker_scope_mismatch ok",
    "broker_scope_mismatch",
    "blocked",
  ]);
  assertEquals(of({ status: "unasked" }, true), [
    "allow",
    "broker_credential_not_requested ok simulate_mode_non_enforcing",
    "",
    "ok",
  ]);
  assertEquals(said({ ...NEEDS_BROKER, verdict: "dry_run" })[0], "dry_run", "only a call that is allowed needs one");
});

Deno.test("finish: a simulation says what it would have been and lets it through by name", () => {
  const simulated = (of: Partial<Decision>, known: Partial<Facts> = {}) => {
    const { verdict, reason_codes, violations, exit, simulated } = finish(decision(of), facts({ ...known, simulate: true }));
    return [verdict, reason_codes.join(" "), violations, exit, simulated];
  };
  assertEquals(simulated({}), ["allow", "ok simulate_mode_non_enforcing", [], "ok", {
    verdict: "allow",
    reason_codes: ["ok"],
    violations: [],
  }]);
  assertEquals(simulated({ verdict: "dry_run", violations: ["v"] }), [
    "dry_run",
    "ok simulate_mode_non_enforcing",
    ["v"],
    "ok",
    {
      verdict: "dry_run",
      reason_codes: ["ok"],
      violations: ["v"],
    },
  ]);
  assertEquals(simulated({ verdict: "block", violations: ["v"] }), [
    "allow",
    "ok simulate_mode_non_enforcing simulated_block",
    [],
    "ok",
    { verdict: "block", reason_codes: ["ok"], violations: ["v"] },
  ]);
  assertEquals(simulated(ASK)[4], {
    verdict: "require_approval",
    reason_codes: ["approval_token_missing", "ok"],
    violations: ["approval_not_granted"],
  });
});

Deno.test("asks: only for what its step would look at", () => {
  const asked = (of: Partial<Decision>, known = NO_FACTS) => {
    const { delegation, approvals, broker } = asks(decision(of), known);
    return [delegation, approvals, broker];
  };
  assertEquals(asked({}), [false, false, false]);
  assertEquals(
    asked({ ...ASK, ...NEEDS_DELEGATION, ...NEEDS_BROKER }),
    [true, false, false],
    "the delegation is not there yet",
  );
  assertEquals(asked({ ...ASK, ...NEEDS_BROKER }), [false, true, false], "the approvals are not there yet");
  assertEquals(asked({ ...ASK, ...NEEDS_DELEGATION }, delegated(1, hop("t"))), [true, true, false]);
  assertEquals(asked(ASK, facts({ rate_limit: counted(true) })), [false, false, false]);
  assertEquals(asked(NEEDS_BROKER), [false, false, true]);
  assertEquals(asked(NEEDS_BROKER, facts({ simulate: true })), [false, false, false]);
  assertEquals(asked({ ...NEEDS_BROKER, verdict: "block" }), [false, false, false]);
});
