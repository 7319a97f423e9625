// What authority a call brings along: delegation, approvals and a credential, in the order in which they are asked for (spec 03,
// sections 3.4, 4.6 and 6.2). Nothing is looked at that no step asks for, and what is not there is not granted.
import { asks, type Facts, finish } from "../core/flow/gate_finish.ts";
import type { BoundCall } from "../core/flow/gate_tokens.ts";
import type { Decision, Policy } from "../core/gate/types.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { Soon } from "../core/base/soon.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import type { ApprovalEntry } from "../core/schema/approval_audit.ts";
import type { Ports } from "../core/ports.ts";
import type { BrokerKind } from "./gate_broker.ts";
import type { Profile } from "../core/schema/gate_words.ts";
import type { GateSettings } from "./gate_settings.ts";
import { type KeyPorts, type KeyValues, loadVerifyKey, namesKey } from "./key_sources.ts";

/** Finds out what authority calls bring along. */
export interface Authority {
  /**
   * The facts with those of delegation, approvals and broker, at once where none of them is asked for. Faults of keys
   * (`profile_refused` where oss-prod wants one of its own) and of token files that cannot be read.
   */
  examine(policy: Policy, call: BoundCall, decision: Decision, known: Facts): Soon<Result<Facts>>;
}

/** The ports that authority takes. */
export type AuthorityPorts = KeyPorts & Pick<Ports, "child" | "clock" | "state">;

/**
 * The key that checks tokens of a use: the first of `sources` that is named, else the gate's own, which does not do under oss-prod.
 * Faults of keys, and `profile_refused`.
 */
export async function tokenKey(
  use: "approval" | "delegation",
  sources: readonly (readonly [flags: string, values: KeyValues])[],
  profile: Profile,
  own: VerifyKey,
  ports: KeyPorts,
): Promise<Result<VerifyKey>> {
  const given = sources.find(([, values]) => namesKey(values));
  if (given !== undefined) {
    const key = await loadVerifyKey(given[1], ports, given[0]);
    return key.ok ? ok(key.value ?? own) : key;
  }
  if (profile !== "oss-prod") return ok(own);
  const wanted = `expected a key that checks ${use}s, such as --${use}-public-key`;
  return fail("profile_refused", `Cannot decide under profile oss-prod: ${wanted}`);
}

/**
 * The facts with approvals that were judged: those of single use are used up, before a broker is asked, so that no credential is
 * issued for one that was used already. Faults of the ledger.
 */
export async function usedApprovals(
  ledger: string,
  entries: readonly ApprovalEntry[],
  decision: Decision,
  facts: Facts,
  ports: Pick<Ports, "state" | "clock">,
): Promise<Result<Facts>> {
  const { consumeOnce } = await import("./approval_ledger.ts");
  const suffices = (left: readonly ApprovalEntry[]): boolean => {
    const { approval_ref, verdict } = finish(decision, { ...facts, approvals: left });
    return approval_ref !== "" && (verdict === "allow" || facts.broker.status === "unasked");
  };
  const counted = await consumeOnce(ledger, entries, { suffices, simulate: facts.simulate }, ports);
  return counted.ok ? ok({ ...facts, approvals: counted.value }) : counted;
}

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
    const found = await tokenKey(use, sources, profile, own, ports);
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

  async function approvals(call: BoundCall, decision: Decision, facts: Facts): Promise<Result<Facts>> {
    const key = await verifyKey("approval");
    if (!key.ok) return key;
    if (tokens.approval.length === 0) return ok(facts);
    const { approvalFacts } = await import("./gate_tokens.ts");
    const entries = await approvalFacts(tokens.approval, call, key.value, ports);
    if (!entries.ok) return entries;
    return await usedApprovals(settings.approval_ledger, entries.value, decision, facts, ports);
  }

  async function credential(policy: Policy, { intent }: BoundCall, decision: Decision, facts: Facts): Promise<Facts> {
    const { askedFor, brokerFacts } = await import("../core/flow/gate_credential.ts");
    const { askBroker } = await import("./gate_broker.ts");
    const asked = askedFor(ports.host.crypto, intent, decision, settings.broker);
    if (asked === undefined) {
      return { ...facts, broker: { status: "failed", why: "the call does not say which tool is called, or by whom" } };
    }
    const answer = await askBroker(broker, settings.broker, asked, ports);
    const now = ports.clock.now();
    return { ...facts, broker: brokerFacts(answer, asked, broker, { policy, decision, intent, now }) };
  }

  async function ask(
    policy: Policy,
    call: BoundCall,
    decision: Decision,
    known: Facts,
    first: ReturnType<typeof asks>,
  ): Promise<Result<Facts>> {
    let [facts, asked] = [known, first];
    if (asked.delegation) {
      const delegated = await delegation(call, decision, facts);
      if (!delegated.ok) return delegated;
      facts = delegated.value;
      asked = asks(decision, facts);
    }
    if (asked.approvals) {
      const approved = await approvals(call, decision, facts);
      if (!approved.ok) return approved;
      facts = approved.value;
      asked = asks(decision, facts);
    }
    return ok(broker !== "off" && asked.broker ? await credential(policy, call, decision, facts) : facts);
  }

  return {
    examine(policy, call, decision, known) {
      const facts: Facts = broker === "off" ? known : { ...known, broker: { status: "unasked" } };
      const asked = asks(decision, facts);
      return asked.delegation || asked.approvals || asked.broker ? ask(policy, call, decision, facts, asked) : ok(facts);
    },
  };
}
