// What profile oss-prod refuses of a policy (spec 02, section 8.4): a default that lets everything through, and calls of high risk
// that need no credential of a broker.
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import type { Policy } from "../gate/types.ts";
import { type Profile, PROFILES } from "../schema/gate_words.ts";

export type { Profile } from "../schema/gate_words.ts";

/** Risk classes for which nothing may be left out. */
const HIGH: readonly string[] = ["high", "critical"];

/** Whether a call is decided strictly: what cannot be read then blocks instead of being left out. */
export const isStrict = (profile: Profile, risk_class: string): boolean => profile === "oss-prod" || HIGH.includes(risk_class);

/**
 * The profile that a text names, trimmed and in any case (spec 05, section 2); standard where none is given. Fault `profile_refused` for
 * anything else: a word that nobody knows must not mean the weaker one.
 */
export function profileOf(given: unknown = "standard"): Result<Profile> {
  const word = typeof given === "string" ? lower(trim(given)) : "";
  const profile = PROFILES.find((one) => one === word);
  return profile === undefined
    ? fail("profile_refused", `Cannot decide under that profile: expected one of ${PROFILES.join(", ")}`)
    : ok(profile);
}

const refuse = (why: string): Result<never> => fail("profile_refused", `Cannot decide under profile oss-prod: ${why}`);

/** Checks the default of a policy. Fault `profile_refused`. */
export const checkDefault = ({ default_verdict }: Policy): Result<void> =>
  default_verdict === "allow" ? refuse("the default verdict of the policy must not be allow") : ok(undefined);

/** Checks that calls of high risk need a credential that a broker issues, and that there is a broker. Fault `profile_refused`. */
export function checkBroker({ rules }: Policy, broker: boolean): Result<void> {
  const risky = rules.filter(({ effect, match }) =>
    effect !== "block" && match.risk_classes.some((word) => HIGH.includes(word))
  );
  const open = risky.find(({ require_broker_credential }) => !require_broker_credential);
  if (open !== undefined) return refuse(`rule "${open.name}" names high risk and must set require_broker_credential`);
  const [first] = risky;
  return first === undefined || broker
    ? ok(undefined)
    : refuse(`rule "${first.name}" wants a broker credential, expected --credential-broker`);
}
