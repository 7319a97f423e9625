// Many fixtures under one policy: which expectations hold, and which rules the fixtures reach.
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { trimmedSet } from "../base/text.ts";
import type { Expectation } from "../schema/policy_fixture.ts";
import type { CompiledPolicy } from "./compile.ts";
import { coverageOf, type RuleCoverage } from "./coverage.ts";
import type { Fixture } from "./fixture.ts";
import { testIntent } from "./policy_test.ts";
import type { Decision, Verdict } from "./types.ts";

/** Something that is not as it is expected, in words for people: lists joined by commas, `none` for nothing. */
export type Deviation = { readonly member: keyof Expectation; readonly expected: string; readonly actual: string };

/** What became of one fixture. `reported`: nothing is expected of it. */
export type FixtureResult = {
  readonly path: string;
  readonly about: string;
  readonly status: "passed" | "failed" | "reported";
  readonly intent_digest: string;
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  readonly matched_rule: string;
  readonly misfits: readonly Deviation[];
  /** What is to be said of members of the call that are not known. */
  readonly warnings: readonly string[];
};

/** What became of all of them, in the order given, and of the rules, in the order of the file. */
export type SuiteResult = { readonly fixtures: readonly FixtureResult[]; readonly rules: readonly RuleCoverage[] };

const shown = (words: readonly string[]): string => words.length === 0 ? "none" : words.join(",");

function misfitsOf(expect: Expectation, found: Decision): readonly Deviation[] {
  const misfit = (member: keyof Expectation, expected: readonly string[], actual: readonly string[]): Deviation[] =>
    expected.join("\0") === actual.join("\0") ? [] : [{ member, expected: shown(expected), actual: shown(actual) }];
  const list = (member: "reason_codes" | "violations"): Deviation[] => {
    const expected = expect[member];
    return expected === null ? [] : misfit(member, trimmedSet(expected), found[member]);
  };
  const { matched_rule } = expect;
  const named = (name: string): readonly string[] => name === "" ? [] : [name];
  return [
    ...misfit("verdict", [expect.verdict], [found.verdict]),
    ...list("reason_codes"),
    ...list("violations"),
    ...(matched_rule === undefined ? [] : misfit("matched_rule", named(matched_rule), named(found.matched_rule))),
  ];
}

/** Evaluates each fixture at the time that it names, else at `now`. */
export function runSuite(
  crypto: Crypto,
  policy: CompiledPolicy,
  fixtures: readonly { readonly path: string; readonly fixture: Fixture }[],
  now: string,
): Result<SuiteResult> {
  const results: FixtureResult[] = [];
  const tried = [];
  for (const { path, fixture } of fixtures) {
    const { evaluation_time = now, kill_switch, expect, about, unknown: warnings } = fixture;
    const tested = testIntent(crypto, policy, fixture.intent, { evaluation_time, kill_switch });
    if (!tested.ok) return tested;
    const { decision, intent_digest, prepared } = tested.value;
    const { verdict, reason_codes, violations, matched_rule } = decision;
    const misfits = expect === undefined ? [] : misfitsOf(expect, decision);
    const status = expect === undefined ? "reported" : misfits.length === 0 ? "passed" : "failed";
    results.push({ path, about, status, intent_digest, verdict, reason_codes, violations, matched_rule, misfits, warnings });
    tried.push({ intent: prepared, evaluation_time });
  }
  return ok({ fixtures: results, rules: coverageOf(crypto, policy, tried) });
}
