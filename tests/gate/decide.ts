// Calls decided in tests: a policy and a request as people write them, and what else a verdict depends on.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { type CompiledPolicy, compilePolicy } from "../../core/gate/compile.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Conditions, Decision, KillSwitch, KillSwitchEntry, Policy } from "../../core/gate/types.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { intent } from "./intents.ts";

/** When calls are decided unless a test says otherwise, and by nothing but the policy. */
export const AROUND: Conditions = {
  evaluation_time: "2026-03-14T09:30:00Z",
  kill_switch: { status: "none" },
  inventory: undefined,
};

/** The normal form of a policy. */
export const policyOf = (policy: JsonObject): Policy => assertOk(readPolicy(utf8(JSON.stringify(policy)), "p.yaml")).policy;

/** A policy made ready. */
export const compiled = (policy: JsonObject): CompiledPolicy => compilePolicy(policyOf(policy));

/** The decision on a request. */
export const decide = (policy: JsonObject, request: Json, around: Partial<Conditions> = {}): Decision => {
  const { intent: prepared } = assertOk(prepareIntent(intent(request), {}));
  return evaluate(nodeHost.crypto, compiled(policy), prepared, { ...AROUND, ...around });
};

/** A policy of one rule that allows, with changes. */
export const ruled = (change: JsonObject): JsonObject => ({
  default_verdict: "block",
  rules: [{ name: "r", effect: "allow", reason_codes: ["ok"], ...change }],
});

/** Verdict, reasons and violations, the lists as one text. */
export type Said = readonly [verdict: string, reasons: string, violations: string];

/** What a decision says. */
export const said = ({ verdict, reason_codes, violations }: Decision): Said => [
  verdict,
  reason_codes.join(" "),
  violations.join(" "),
];

/** A row of a table: what it shows, a request, what is said of it. */
export type Row = readonly [name: string, request: Json, said: Said];

/** Registers one test for each row. */
export function rows(title: string, policy: JsonObject, table: readonly Row[], around: Partial<Conditions> = {}): void {
  for (const [name, request, expected] of table) {
    Deno.test(`${title}: ${name}`, () => assertEquals(said(decide(policy, request, around)), expected));
  }
}

/** A kill switch whose entries select as given. */
export const killSwitch = (...entries: readonly Partial<KillSwitchEntry>[]): KillSwitch => ({
  status: "read",
  entries: entries.map((entry, i) => ({
    entry_id: `e${i}`,
    enabled: true,
    agent_id: "",
    identity: "",
    tool_name: "",
    target_kind: "",
    target_value: "",
    environment: "",
    path_prefixes: [],
    workspace_prefixes: [],
    expires_at: ZERO_TIME,
    ...entry,
  })),
});
