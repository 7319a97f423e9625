// What authority a call brings along: delegation, approvals and a credential, in the order in which they are asked for (spec 03,
// sections 3.4, 4.6 and 6.2). Nothing is looked at that no step asks for, and what is not there is not granted.
import { asks, type Facts } from "../core/flow/gate_finish.ts";
import type { BoundCall } from "../core/flow/gate_tokens.ts";
import type { Decision, Policy } from "../core/gate/types.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import type { Ports } from "../core/ports.ts";
import type { BrokerKind } from "./gate_broker.ts";
import type { GateSettings } from "./gate_settings.ts";
import { type KeyPorts, type KeyValues, loadVerifyKey, namesKey } from "./key_sources.ts";

/** Finds out what authority calls bring along. */
export interface Authority {
  /**
   * The facts with those of delegation, approvals and broker. Faults of keys (`profile_refused` where oss-prod wants one of its own) and
   * of token files that cannot be read.
   */
  examine(policy: Policy, call: BoundCall, decision: Decision, known: Facts): Promise<Result<Facts>>;
}

/** The ports that authority takes. */
export type AuthorityPorts = KeyPorts & Pick<Ports, "child" | "clock">;

/** Authority by what was named; `own` is the gate's key, which checks tokens where no other key is named. */
export function authorityBy(settings: GateSettings, own: VerifyKey, broker: BrokerKind, ports: AuthorityPorts): Authority {
  const { profile, keys, tokens } = settings;
  const loaded = new Map<string, Result<VerifyKey>>(); // once, however many calls ask

  async function verifyKey(use: "approval" | "delegation"): Promise<Result<VerifyKey>> {
    const before = loaded.get(use);
    if (before !== undefined) return before;
    const sources: readonly (readonly [string, KeyValues])[] = [
      ...(use === "delegation" ? [["delegation-", keys.delegation] as const] : []),
      ["approval-", keys.approval],
    ];
    const given = sources.find(([, values]) => namesKey(values));
    const key = given !== undefined ? await loadVerifyKey(given[1], ports, given[0]) : profile === "oss-prod"
      ? fail(
        "profile_refused",
        `Cannot decide under profile oss-prod: expected a key that checks ${use}s, such as --${use}-public-key`,
      )
      : ok(own);
    const found = key.ok ? ok(key.value ?? own) : key;
    loaded.set(use, found);
    return found;
  }

  async function delegation(call: BoundCall, decision: Decision, facts: Facts): Promise<Result<Facts>> {
    const key = await verifyKey("delegation");
    if (!key.ok) return key;
    const { intent: { delegation } } = call;
    const hops = delegation === undefined ? facts.delegation.hops : Math.max(1, delegation.chain.length);
    if (tokens.delegation.length === 0) return ok(facts);
    const { delegationFacts } = await import("./gate_tokens.ts");
    const entries = await delegationFacts(tokens.delegation, call, decision.delegation.scopes, key.value, ports);
    return entries.ok ? ok({ ...facts, delegation: { ...facts.delegation, hops, entries: entries.value } }) : entries;
  }

  async function approvals(call: BoundCall, facts: Facts): Promise<Result<Facts>> {
    const key = await verifyKey("approval");
    if (!key.ok) return key;
    if (tokens.approval.length === 0) return ok(facts);
    const { approvalFacts } = await import("./gate_tokens.ts");
    const entries = await approvalFacts(tokens.approval, call, key.value, ports);
    return entries.ok ? ok({ ...facts, approvals: entries.value }) : entries;
  }

  async function credential(policy: Policy, { intent }: BoundCall, decision: Decision, facts: Facts): Promise<Facts> {
    const { askedFor, brokerFacts } = await import("../core/flow/gate_credential.ts");
    const { askBroker } = await import("./gate_broker.ts");
    const asked = askedFor(ports.host.crypto, intent, decision, settings.broker);
    if (asked === undefined) return { ...facts, broker: { status: "failed" } };
    const answer = await askBroker(broker, settings.broker, asked, ports);
    const now = ports.clock.now();
    return { ...facts, broker: brokerFacts(answer, asked, broker, { policy, decision, intent, now }) };
  }

  return {
    async examine(policy, call, decision, known) {
      let facts: Facts = broker === "off" ? known : { ...known, broker: { status: "unasked" } };
      if (asks(decision, facts).delegation) {
        const delegated = await delegation(call, decision, facts);
        if (!delegated.ok) return delegated;
        facts = delegated.value;
      }
      if (asks(decision, facts).approvals) {
        const approved = await approvals(call, facts);
        if (!approved.ok) return approved;
        facts = approved.value;
      }
      return ok(broker !== "off" && asks(decision, facts).broker ? await credential(policy, call, decision, facts) : facts);
    },
  };
}
