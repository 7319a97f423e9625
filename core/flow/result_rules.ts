// Rules for the results of tools: from the tree of their text, and what they make of one result. They are taken as the rules of a policy
// are: all that apply at the first priority at which one does, of their effects the strongest. Every doubt goes against the result.
import { quoted } from "../base/json_words.ts";
import { fail, ok, type Place, type Result } from "../base/result.ts";
import { byBytes, lower } from "../base/text.ts";
import { readYamlShape } from "../base/yaml_shape.ts";
import { placeOf, placeOfKey, type YamlSource } from "../base/yaml_tree.ts";
import { type Glob, hasWildcard, matchesGlob, MOST_PATTERN_UNITS, readGlob } from "../gate/glob.ts";
import { folded, type ResultTexts } from "../mcp/result_texts.ts";
import { type Mark, RESULT_SOURCES } from "../mcp/session_labels.ts";
import { VERSION_1 } from "../schema/heading.ts";
import {
  RESULT_EFFECTS,
  RESULT_RULES_ID,
  ResultRulesShape,
  type WrittenResultRule,
  type WrittenResultRules,
} from "../schema/result_rules.ts";

/** What a rule does, weakest first. */
export type ResultEffect = typeof RESULT_EFFECTS[number];

/** A rule made ready. */
export type ResultRule = {
  readonly name: string;
  readonly priority: number;
  readonly effect: ResultEffect;
  readonly reason_code: string;
  readonly mark: Mark;
  /** Exact names and globs; undefined: all tools. */
  readonly tools: { readonly names: ReadonlySet<string>; readonly globs: readonly Glob[] } | undefined;
  /** In folded case; none: any text. */
  readonly contains: readonly string[];
  readonly min_bytes: number;
  readonly is_error: boolean | undefined;
  readonly labels_present: readonly string[];
};

/** Rules made ready, by priority. */
export type ResultRules = readonly ResultRule[];

const MOST_RULES = 256;
const MOST_LITERAL_UNITS = 256;

const NO_RULES = 'there must be at least one rule under "rules"';

type Flaw = { readonly pointer: string; readonly words: string };

/**
 * The rules that a text says. `what` names its file in messages. Fault `result_rules_shape`, with line and column: unknown fields, wrong
 * types and values, names that come twice, what does not hold together; and no rules, since a file that is just being written looks so.
 */
export function resultRulesFrom(source: YamlSource, what: string): Result<ResultRules> {
  const fault = (at: Place, words: string): Result<never> =>
    fail("result_rules_shape", `Cannot read result rules "${what}": line ${at.line}, column ${at.column}: ${words}`, at);
  if (source.root === undefined) return fault(placeOf(source, ""), NO_RULES);
  const written = readYamlShape(ResultRulesShape, source.root);
  if (!written.ok) {
    const { pointer, at, words } = written.misfit;
    return fault(at === "key" ? placeOfKey(source, pointer) : placeOf(source, pointer), words);
  }
  const flaw = flawOf(written.value);
  if (flaw !== undefined) return fault(placeOf(source, flaw.pointer), flaw.words);
  return ok(written.value.rules.map(ready).sort((a, b) => a.priority - b.priority));
}

function flawOf({ schema_id, schema_version, rules }: WrittenResultRules): Flaw | undefined {
  const heads = [["schema_id", schema_id, RESULT_RULES_ID], ["schema_version", schema_version, VERSION_1]] as const;
  for (const [name, given, wanted] of heads) {
    if (given !== "" && given !== wanted) {
      return { pointer: `/${name}`, words: `field "${name}" must be ${wanted}, not ${quoted(given)}` };
    }
  }
  if (rules.length === 0) return { pointer: "/rules", words: NO_RULES };
  if (rules.length > MOST_RULES) {
    return { pointer: `/rules/${MOST_RULES}`, words: `there may be ${MOST_RULES} rules at most, not ${rules.length}` };
  }
  const names = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const flaw = flawOfRule(rule, index, names);
    if (flaw !== undefined) return { pointer: `/rules/${index}${flaw.pointer}`, words: flaw.words };
    names.add(rule.name);
  }
  return undefined;
}

function flawOfRule(rule: WrittenResultRule, index: number, names: ReadonlySet<string>): Flaw | undefined {
  const { name, effect, source, labels, reason_code, match } = rule;
  if (name === "") return { pointer: "/name", words: `rule ${index + 1} needs a "name"` };
  if (names.has(name)) return { pointer: "/name", words: `rule ${quoted(name)} is there already, names must differ` };
  if (effect === "") return { pointer: "", words: `rule ${quoted(name)} needs an "effect": ${RESULT_EFFECTS.join(", ")}` };
  const misplaced = (field: string, of: ResultEffect): Flaw => ({
    pointer: `/${field}`,
    words: `field ${quoted(field)} says something with effect ${of} alone, the effect of rule ${quoted(name)} is ${effect}`,
  });
  if (effect !== "label" && source !== "") return misplaced("source", "label");
  if (effect !== "label" && labels.length > 0) return misplaced("labels", "label");
  if (effect !== "block" && reason_code !== "") return misplaced("reason_code", "block");
  const odd = match?.tool_names.find((pattern) =>
    pattern.length > MOST_PATTERN_UNITS || hasWildcard(pattern) && readGlob(pattern) === undefined
  );
  if (odd !== undefined) {
    const words = `field "tool_names" must hold names and globs such as web.*, not ${quoted(odd)}`;
    return { pointer: "/match/tool_names", words };
  }
  const long = match?.contains.find((text) => text.length > MOST_LITERAL_UNITS || text.includes("\0"));
  if (long === undefined) return undefined;
  const words = `field "contains" must hold texts of at most ${MOST_LITERAL_UNITS} characters, none of them U+0000`;
  return { pointer: "/match/contains", words };
}

const ownReason = (name: string): string => `result_rule_${lower(name).replace(/[ -]/g, "_")}`;

function ready(rule: WrittenResultRule): ResultRule {
  const { name, priority, match, labels } = rule;
  const tools = match?.tool_names ?? [];
  const source = RESULT_SOURCES.find((word) => word === rule.source) ?? "tool_output";
  return {
    name,
    priority,
    effect: RESULT_EFFECTS.find((word) => word === rule.effect) ?? "block",
    reason_code: rule.reason_code || ownReason(name),
    mark: { rule: name, source, labels: labels.length > 0 ? labels : [source] },
    tools: tools.length === 0 ? undefined : {
      names: new Set(tools),
      globs: tools.filter(hasWildcard).map(readGlob).filter((glob) => glob !== undefined),
    },
    contains: (match?.contains ?? []).map(folded),
    min_bytes: match?.min_bytes ?? 0,
    is_error: match?.is_error,
    labels_present: match?.labels_present ?? [],
  };
}

/** What is known of one result. */
export type ResultFacts = {
  /** Undefined where nobody knows whose result it is. */
  readonly tool: string | undefined;
  readonly bytes: number;
  readonly is_error: boolean;
  /** Those that the session had before it. */
  readonly labels: readonly string[];
  /** Asked for only where a rule looks for texts. */
  readonly texts: () => ResultTexts;
};

/** What the rules make of a result. */
export type Judged = {
  /** Undefined: no rule applies. */
  readonly effect: ResultEffect | undefined;
  /** The rules taken, sorted. */
  readonly rules: readonly string[];
  /** What the session has to remember, once the result passes. */
  readonly marks: readonly Mark[];
  /** Why it is held back. */
  readonly reason_codes: readonly string[];
};

/** The reason of a result that holds more than is looked at, where a rule asks for texts. */
const UNEXAMINED = "mcp_result_unexamined";

type Answer = "applies" | "not" | "in_doubt";

function answerOf(rule: ResultRule, facts: ResultFacts): Answer {
  const doubtful = rule.effect !== "pass"; // what lets pass must be certain
  const { tool, labels } = facts;
  if (rule.tools !== undefined) {
    const { names, globs } = rule.tools;
    const name = tool === undefined ? undefined : lower(tool);
    const about = name === undefined
      ? doubtful
      : names.has(name) || globs.some((glob) => matchesGlob(glob, name, "", doubtful));
    if (!about) return "not";
  }
  if (facts.bytes < rule.min_bytes) return "not";
  if (rule.is_error !== undefined && rule.is_error !== facts.is_error) return "not";
  if (rule.labels_present.length > 0 && !rule.labels_present.some((label) => labels.includes(label))) return "not";
  if (rule.contains.length === 0) return "applies";
  const texts = facts.texts();
  if (rule.contains.some(texts.has)) return "applies";
  return texts.whole || !doubtful ? "not" : "in_doubt";
}

const NONE: Judged = { effect: undefined, rules: [], marks: [], reason_codes: [] };

const sorted = (words: readonly string[]): readonly string[] => [...new Set(words)].sort(byBytes);

/** What rules make of one result. Total, and linear in its size. */
export function judgeResult(rules: ResultRules, facts: ResultFacts): Judged {
  let tier: number | undefined;
  const taken: ResultRule[] = [];
  let unexamined = false;
  for (const rule of rules) {
    if (tier !== undefined && rule.priority !== tier) break;
    const answer = answerOf(rule, facts);
    if (answer === "not") continue;
    tier = rule.priority;
    taken.push(rule);
    unexamined ||= answer === "in_doubt";
  }
  if (taken.length === 0) return NONE;
  const names = sorted(taken.map(({ name }) => name));
  const blocks = taken.filter(({ effect }) => effect === "block");
  if (unexamined) return { effect: "block", rules: names, marks: [], reason_codes: [UNEXAMINED] };
  if (blocks.length > 0) {
    return { effect: "block", rules: names, marks: [], reason_codes: sorted(blocks.map(({ reason_code }) => reason_code)) };
  }
  const marks = taken.filter(({ effect }) => effect === "label").map(({ mark }) => mark);
  return { effect: marks.length > 0 ? "label" : "pass", rules: names, marks, reason_codes: [] };
}
