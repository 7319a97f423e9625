// The decision on a call that was looked up in the registry of approved scripts: by the entry that approves it, else by the policy.
import type { Crypto } from "../base/host.ts";
import type { CompiledPolicy } from "../gate/compile.ts";
import { evaluate } from "../gate/evaluate.ts";
import { evaluatePreApproved } from "../gate/pre_approved.ts";
import type { Conditions, Decision, Intent } from "../gate/types.ts";
import type { ScriptLookup } from "./approved_scripts.ts";

/** What policy and registry say of a prepared intent, before limits, tokens, brokers and simulation. */
export const evaluateLookedUp = (
  crypto: Crypto,
  compiled: CompiledPolicy,
  intent: Intent,
  conditions: Conditions,
  { pre_approved }: ScriptLookup,
): Decision =>
  pre_approved && intent.script !== undefined
    ? evaluatePreApproved(compiled, intent, intent.script.steps, conditions)
    : evaluate(crypto, compiled, intent, conditions);
