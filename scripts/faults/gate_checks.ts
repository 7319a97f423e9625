// Planted faults: checking policies (lint, fixtures, simulation).
import type { Fault } from "./fault.ts";

const LINTS = { test: "tests/properties/lint_test.ts", filter: "seeded policies" };

/** Its rows. */
export const GATE_CHECKS: readonly Fault[] = [
  {
    name: "lint: take a deeper delegation for a narrower one",
    file: "core/gate/lint_logic.ts",
    find: "condition.most <= wanted.most",
    replace: "condition.most >= wanted.most",
    ...LINTS,
  },
  {
    name: "lint: let a list imply another field's list of the same words",
    file: "core/gate/lint_logic.ts",
    find: "(any || facetOf(condition) === facet && possible",
    replace: "(any || possible",
    ...LINTS,
  },
  {
    name: "lint: call a rule shadowed when only some of its cases are taken",
    file: "core/gate/lint_rules.ts",
    find: "if (other === undefined) return undefined;",
    replace: "if (other === undefined) continue;",
    ...LINTS,
  },
  {
    name: "lint: call a rule shadowed by one of its own tier",
    file: "core/gate/lint_reach.ts",
    find: "rule.priority < seen.rule.priority));",
    replace: "rule.priority <= seen.rule.priority));",
    ...LINTS,
  },
  {
    name: "lint: show calls that an earlier tier takes",
    file: "core/gate/lint_reach.ts",
    find: "!matching.some(({ rule }) => rule.priority < first.rule.priority)",
    replace: "matching.length > 0",
    ...LINTS,
  },
  {
    name: "lint: forget that fail_closed is about some risk classes only",
    file: "core/gate/lint_rules.ts",
    find: 'only("risk_classes", (text) => fail_closed.risk_classes.includes(text))',
    replace: "true",
    ...LINTS,
  },
  {
    name: "coverage: let every rule taken decide",
    file: "core/gate/coverage.ts",
    find: "effect.verdict === verdict",
    replace: "effect.verdict !== undefined",
    test: "tests/gate/policy_test_test.ts",
    filter: "the strongest",
  },
  {
    name: "fixtures: do not compare the rules that matched",
    file: "core/gate/policy_suite.ts",
    find: 'misfit("matched_rule", named(matched_rule), named(found.matched_rule))',
    replace: "[]",
    test: "tests/gate/policy_test_test.ts",
    filter: "each member that is expected",
  },
  {
    name: "fixtures: leave out the stops that they name",
    file: "core/gate/policy_suite.ts",
    find: "{ evaluation_time, kill_switch });",
    replace: '{ evaluation_time, kill_switch: { status: "none" } });',
    test: "tests/gate/policy_test_test.ts",
    filter: "its own stops",
  },
  {
    name: "policy test: cut the summary at 240 letters instead of bytes",
    file: "core/gate/policy_test.ts",
    find: "if (bytes.length <= MOST) return line;",
    replace: "if (line.length <= MOST) return line;",
    test: "tests/gate/policy_test_test.ts",
    filter: "at most 240 bytes",
  },
  {
    name: "simulate: enforce what lets more calls through",
    file: "core/gate/simulate.ts",
    find: 'return "observe";',
    replace: 'return "enforce";',
    test: "tests/gate/simulate_test.ts",
    filter: "weighs most",
  },
  {
    name: "junit: leave quotes in attributes",
    file: "core/base/junit.ts",
    find: `'"': "&quot;"`,
    replace: `'"': '"'`,
    test: "tests/base/junit_test.ts",
    filter: "names cannot",
  },
];
