// What profile oss-prod refuses of a policy (spec 02, section 8.4).
import { utf8 } from "../../core/base/bytes.ts";
import { checkBroker, checkDefault, isStrict } from "../../core/flow/gate_profile.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const policy = (text: string) => assertOk(readPolicy(utf8(text), "p")).policy;

Deno.test("oss-prod: the default must not be allow; everything else may be one", () => {
  assertFault(checkDefault(policy("default_verdict: allow")), "profile_refused");
  for (const verdict of ["block", "require_approval", "dry_run"]) assertOk(checkDefault(policy(`default_verdict: ${verdict}`)));
});

Deno.test("oss-prod: a rule that lets calls of high risk through needs a broker, and says so", () => {
  const rule = (more: string) => policy(`rules: [{name: r, ${more}}]`);
  for (const risk of ["high", "critical"]) {
    const named = `match: {risk_classes: [low, ${risk}]}`;
    for (const effect of ["allow", "dry_run", "require_approval"]) {
      assertFault(checkBroker(rule(`effect: ${effect}, ${named}`), true), "profile_refused");
      assertFault(checkBroker(rule(`effect: ${effect}, require_broker_credential: true, ${named}`), false), "profile_refused");
      assertOk(checkBroker(rule(`effect: ${effect}, require_broker_credential: true, ${named}`), true));
    }
    assertOk(checkBroker(rule(`effect: block, ${named}`), false));
  }
  assertOk(checkBroker(rule("effect: allow, match: {risk_classes: [low, medium]}"), false));
  assertOk(checkBroker(rule("effect: allow"), false));
});

Deno.test("strict: by the profile or by the risk", () => {
  for (
    const [profile, risk, strict] of [["standard", "low", false], ["standard", "high", true], [
      "standard",
      "critical",
      true,
    ]] as const
  ) {
    assertEquals(isStrict(profile, risk), strict);
  }
  assert(isStrict("oss-prod", "low"));
});
