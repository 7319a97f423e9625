// Lint: which rules can never be taken, and which rules get in each other's way. Only what is certain is said: that a rule is dead follows
// from conditions that imply each other, that two rules meet is shown on a call for which the rules themselves were asked.
import { quoted } from "../base/json_words.ts";
import { closest } from "../base/closest.ts";
import { finding, type Found, type LintCode } from "./lint_codes.ts";
import type { Example } from "./lint_example.ts";
import type { CompiledRule } from "./compile.ts";
import type { Condition } from "./condition.ts";
import { impossible, isListing, knownTexts } from "./lint_logic.ts";
import type { Pair, Pairs } from "./lint_pairs.ts";
import { coveredBy, refusedFirst, type Rules } from "./lint_rules.ts";
import type { Policy } from "./types.ts";
import { atLeast } from "./verdict.ts";

const names = (rules: readonly CompiledRule[]): readonly string[] => rules.map(({ rule }) => rule.name);

const pointerOf = ({ rule }: CompiledRule, below = ""): string => `/rules/${rule.index}${below}`;

const named = (rules: readonly CompiledRule[]): string => {
  const shown = rules.slice(0, 3).map(({ rule }) => `${quoted(rule.name)} (${rule.effect}, priority ${rule.priority})`);
  const more = rules.length - shown.length;
  return `${shown.join(" and ")}${more === 0 ? "" : ` and ${more} more`}`;
};

const listed = (words: readonly string[]): string => words.slice(0, 5).map((word) => quoted(word)).join(", ");

// --- One rule alone.

const unknownWords = (condition: Condition): { readonly words: readonly string[]; readonly hint: string } | undefined => {
  if (!isListing(condition) || condition.op === "prefix") return undefined;
  const known = knownTexts(condition);
  const words = condition.values.filter((word) => known?.includes(word) === false);
  const [first] = words;
  return first === undefined ? undefined : { words, hint: closest(first, known ?? []) };
};

/** Rules that no call can match, and words in them that no call can have. */
export function alone(seen: CompiledRule, policy: Policy): readonly Found[] {
  const { rule, conditions } = seen;
  const dead = impossible(conditions)[0];
  const place = ({ field }: Condition): string =>
    pointerOf(seen, `/match/${field.endsWith("Hint") ? "tool_annotations/" : ""}${field}`);
  if (dead !== undefined) {
    const { words = [], hint = "" } = unknownWords(dead.condition) ?? {};
    const what = words.length === 0 ? dead.condition.field : `${dead.condition.field} ${listed(words)}`;
    return [
      finding("never_matches", rule.name, place(dead.condition), `The rule can never match by ${what}: ${dead.why}${hint}`, {
        word: words[0] ?? "",
      }),
    ];
  }
  if (refusedFirst(seen, policy)) {
    const why = "fail_closed blocks targets of class other at these risk classes before any rule is looked at";
    return [finding("never_matches", rule.name, pointerOf(seen), `The rule can never match: ${why}`)];
  }
  return conditions.flatMap((condition) => {
    const unknown = unknownWords(condition);
    if (unknown === undefined) return [];
    const message = `No call can have ${listed(unknown.words)} in ${condition.field}${unknown.hint}`;
    return [finding("unknown_word", rule.name, place(condition), message, { word: unknown.words[0] ?? "" })];
  });
}

// --- Rules of earlier tiers.

/** A rule all of whose calls are taken by rules of lower priority numbers. */
export function shadowed(seen: CompiledRule, rules: Rules): Found | undefined {
  const takers = coveredBy(seen, rules.wider(seen).filter(({ rule }) => rule.priority < seen.rule.priority));
  if (takers === undefined) return undefined;
  const verb = takers.length === 1 ? "takes" : "together take";
  const message = `The rule is never looked at: ${named(takers)} ${verb} every call that it matches`;
  return finding("shadowed", seen.rule.name, pointerOf(seen), message, { related: names(takers) });
}

/** A finding about two rules that meet on a call. */
const meeting = (code: LintCode, seen: CompiledRule, { other }: Pair, { call, words }: Example, message: string): Found =>
  finding(code, seen.rule.name, pointerOf(seen), `${message}, for example with ${words}`, {
    related: names([other]),
    example: call,
  });

/** An allow that takes some calls, though not all, away from a block of a later tier that is not its general case. */
export function beforeBlock(
  seen: CompiledRule,
  rules: Rules,
  live: ReadonlySet<CompiledRule>,
  pairs: Pairs,
): Found | undefined {
  if (seen.rule.effect !== "allow") return undefined;
  const blocks = rules.meeting(seen).filter((other) =>
    other.rule.effect === "block" && other.rule.priority > seen.rule.priority && live.has(other)
  );
  const wider = rules.wider(seen).filter((other) => blocks.includes(other));
  const general = coveredBy(seen, wider) ?? []; // the allow is an exception to these that somebody meant; what is behind them sees none of it
  const ends = general.length === 0 ? Infinity : Math.max(...general.map(({ rule }) => rule.priority));
  const asked = blocks.filter((block) => block.rule.priority < ends && !general.includes(block));
  for (const pair of pairs(seen, asked)) {
    const example = pair.meet();
    if (example === undefined) continue;
    const message = `The allow takes calls that ${named([pair.other])} is about and then never sees`;
    return meeting("allow_before_block", seen, pair, example, message);
  }
  return undefined;
}

// --- Rules of one tier.

/** How a rule stands to stronger rules of its own tier: never the one that decides, their general case, or at odds with one. */
export function inTier(seen: CompiledRule, rules: Rules, live: ReadonlySet<CompiledRule>, pairs: Pairs): Found | undefined {
  const { name, effect, priority } = seen.rule;
  const stronger = rules.meeting(seen).filter((other) =>
    other.rule.priority === priority && atLeast(effect, other.rule.effect) !== effect && live.has(other)
  );
  const winners = coveredBy(seen, rules.wider(seen).filter((other) => stronger.includes(other)));
  if (winners !== undefined) {
    const who = `${winners.length === 1 ? "" : "one of "}${named(winners)}`;
    const message = `The rule's ${effect} never becomes the verdict: ${who} of the same tier always matches with it`;
    return finding("never_wins", name, pointerOf(seen), message, { related: names(winners) });
  }
  let exception: Found | undefined;
  for (const pair of pairs(seen, stronger)) {
    const { other } = pair;
    const within = coveredBy(other, [seen]) !== undefined;
    if (within && exception !== undefined) continue;
    const example = pair.meet();
    if (example === undefined) continue;
    if (!within) {
      const message = `The rule and ${named([other])} of the same tier disagree and ${other.rule.effect} wins`;
      return meeting("tier_disagrees", seen, pair, example, message);
    }
    const message = `Of the rule's calls some go to ${named([other])} of the same tier, since ${other.rule.effect} wins`;
    exception = meeting("tier_exception", seen, pair, example, message);
  }
  return exception;
}

// --- An empty match.

/** A rule without conditions, unless it is a last one, alone in its tier, that blocks or asks: that can only be meant. */
export function everything(seen: CompiledRule, { all }: Rules, policy: Policy): Found | undefined {
  if (seen.conditions.length > 0) return undefined;
  const { name, effect, priority } = seen.rule;
  const later = all.filter(({ rule }) => rule.priority > priority).length;
  const beside = all.filter((other) => other !== seen && other.rule.priority === priority).length;
  const asks = effect === "block" || effect === "require_approval";
  if (later === 0 && beside === 0 && asks) return undefined;
  const message = later > 0
    ? `The rule has no condition and matches every call: no rule of a higher priority number is ever looked at (${later} of them)`
    : beside > 0
    ? "The rule has no condition and takes part in every decision of its tier"
    : `The rule has no condition: it makes ${effect} of the default verdict, which says ${policy.default_verdict}`;
  return finding("matches_everything", name, pointerOf(seen), message);
}
