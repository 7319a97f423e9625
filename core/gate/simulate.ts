// What would change if one policy took the place of another (spec 02, section 1.4): the same calls under both.
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { VERDICTS } from "../schema/trace.ts";
import { byBytes } from "../base/text.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { Fixture } from "./fixture.ts";
import { testIntent } from "./policy_test.ts";
import type { Decision, Verdict } from "./types.ts";

/** What is to be done with the candidate: put in force, tried out beside the other, or put in force with people asked. */
export type Recommendation = "enforce" | "observe" | "require_approval";

type Said = Pick<Decision, "verdict" | "reason_codes" | "violations" | "matched_rule">;

/** A call of which the two policies say different things. */
export type Changed = {
  readonly path: string;
  readonly intent_digest: string;
  readonly baseline: Said;
  readonly candidate: Said;
};

/** How often a policy comes to a verdict. */
export type VerdictCount = { readonly verdict: Verdict; readonly count: number };

export type Simulation = {
  readonly baseline_verdicts: readonly VerdictCount[];
  readonly candidate_verdicts: readonly VerdictCount[];
  readonly recommendation: Recommendation;
  readonly changed: readonly Changed[];
};

const same = (a: Said, b: Said): boolean =>
  a.verdict === b.verdict && a.matched_rule === b.matched_rule && a.reason_codes.join("\0") === b.reason_codes.join("\0") &&
  a.violations.join("\0") === b.violations.join("\0");

const counts = (verdicts: readonly Verdict[]): readonly VerdictCount[] =>
  [...VERDICTS].sort(byBytes).map((verdict) => ({ verdict, count: verdicts.filter((one) => one === verdict).length }))
    .filter(({ count }) => count > 0);

/** What follows from verdicts that change: loosened ones weigh most, since a call goes through that did not. */
export function recommend(changed: readonly { readonly baseline: Verdict; readonly candidate: Verdict }[]): Recommendation {
  if (changed.some(({ baseline, candidate }) => baseline !== "allow" && candidate === "allow")) return "observe";
  return changed.some(({ baseline, candidate }) => baseline !== "block" && candidate === "block")
    ? "require_approval"
    : "enforce";
}

/** Evaluates each fixture under both policies, at the time that it names, else at `now`. */
export function simulate(
  crypto: Crypto,
  policies: { readonly baseline: CompiledPolicy; readonly candidate: CompiledPolicy },
  fixtures: readonly { readonly path: string; readonly fixture: Fixture }[],
  now: string,
): Result<Simulation> {
  const all: Changed[] = [];
  for (const { path, fixture: { intent, evaluation_time = now, kill_switch } } of fixtures) {
    const baseline = testIntent(crypto, policies.baseline, intent, { evaluation_time, kill_switch });
    if (!baseline.ok) return baseline;
    const candidate = testIntent(crypto, policies.candidate, intent, { evaluation_time, kill_switch });
    if (!candidate.ok) return candidate;
    const { intent_digest } = baseline.value;
    all.push({ path, intent_digest, baseline: baseline.value.decision, candidate: candidate.value.decision });
  }
  return ok({
    baseline_verdicts: counts(all.map(({ baseline }) => baseline.verdict)),
    candidate_verdicts: counts(all.map(({ candidate }) => candidate.verdict)),
    recommendation: recommend(
      all.map(({ baseline, candidate }) => ({ baseline: baseline.verdict, candidate: candidate.verdict })),
    ),
    changed: all.filter(({ baseline, candidate }) => !same(baseline, candidate)),
  });
}
