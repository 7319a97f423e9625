// Rules for the results of tools, as people write them (a format of ours): what is held back, and what a session has to remember of what
// it has read. Read like a policy: known fields only, each fault with its place.
import {
  count,
  filled,
  filledSet,
  type Infer,
  integer,
  label,
  labelSet,
  listOf,
  optionalTruth,
  present,
  strict,
  term,
  termSet,
} from "../base/shape.ts";

export const RESULT_RULES_ID = "gait.mcp.result_rules";

/** What a rule can do, weakest first. */
export const RESULT_EFFECTS = ["pass", "label", "block"] as const;

export const ResultMatchShape = strict("When a rule applies: every condition that is given has to hold", () => ({
  tool_names: filled(filledSet(termSet("Tools whose results it is about; * and ? stand for any letters, as in web.*"))),
  contains: filled(filledSet(labelSet("Texts of which some text of the result holds one; letter case does not count"))),
  min_bytes: filled(count("Least length of the answer, as it was sent")),
  is_error: optionalTruth("Whether the tool says that it failed"),
  labels_present: filled(filledSet(termSet("Labels of which the session has one by an earlier result"))),
}));

export const ResultRuleShape = strict("One rule", () => ({
  name: label("Its name, which no other rule has"),
  priority: filled(
    integer("Lower numbers are looked at first: all rules count that apply at the first number at which one does"),
  ),
  match: present(ResultMatchShape),
  effect: term(
    "What becomes of the result; of several effects the strongest counts: block, then label, then pass",
    RESULT_EFFECTS,
  ),
  source: filled(term("With effect label: what later calls say of the origin of their arguments; tool_output unless given", [
    "tool_output",
    "external",
  ])),
  labels: filled(termSet("With effect label: what the session carries from then on; its source unless given")),
  reason_code: filled(label("With effect block: the reason; result_rule_<name> unless given")),
}));

export const ResultRulesShape = strict("What becomes of the results of tools", () => ({
  schema_id: filled(label(`Always ${RESULT_RULES_ID}; may be left out`)),
  schema_version: filled(label("Always 1.0.0; may be left out")),
  rules: listOf(ResultRuleShape, "The rules"),
}));

/** Rules as written. */
export type WrittenResultRules = Infer<typeof ResultRulesShape>;
export type WrittenResultRule = Infer<typeof ResultRuleShape>;
