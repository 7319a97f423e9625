// What authority a call brings along: delegation and approvals, in the order in which they are asked for (spec 03, sections 3.4 and
// 4.6). Nothing is looked at that no step asks for, and what is not there is not granted.
import { asks, type Facts } from "../core/flow/gate_finish.ts";
import type { Decision } from "../core/gate/types.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import type { GateSettings } from "./gate_settings.ts";
import { type KeyPorts, type KeyValues, loadVerifyKey, namesKey } from "./key_sources.ts";

/** Finds out what authority calls bring along. */
export interface Authority {
  /** The facts with those of delegation and approvals. Faults of keys: `profile_refused` where oss-prod wants one of its own. */
  examine(decision: Decision, known: Facts): Promise<Result<Facts>>;
}

/** Authority by the keys that were named. */
export function authorityBy({ profile, keys }: GateSettings, ports: KeyPorts): Authority {
  const loaded = new Map<string, Result<VerifyKey | undefined>>(); // once, however many calls ask

  // The key that checks tokens of a kind; undefined is the gate's own. It is loaded before any token is looked at.
  async function verifyKey(use: "approval" | "delegation"): Promise<Result<VerifyKey | undefined>> {
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
      : ok(undefined);
    loaded.set(use, key);
    return key;
  }

  return {
    async examine(decision, known) {
      for (const use of ["delegation", "approval"] as const) {
        const asked = asks(decision, known);
        if (!(use === "delegation" ? asked.delegation : asked.approvals)) continue;
        const key = await verifyKey(use);
        if (!key.ok) return key;
      }
      return ok(known);
    },
  };
}
