// Lint of a policy: what in it does nothing, or something else than it seems to. It reads and never decides; a finding is no refusal.
import { byBytes, lower, trim } from "../base/text.ts";
import { nodeAt, type YamlSource } from "../base/yaml_tree.ts";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import { finding, type Found, LINT, type LintCode } from "./lint_codes.ts";
import { pairsIn } from "./lint_pairs.ts";
import { patterns } from "./lint_patterns.ts";
import { wholePolicy } from "./lint_policy.ts";
import { alone, beforeBlock, everything, inTier, shadowed } from "./lint_reach.ts";
import { rulesOf } from "./lint_rules.ts";
import { settings } from "./lint_settings.ts";
import { windows } from "./lint_windows.ts";
import { type LoadedPolicy, placeOf } from "./policy_source.ts";

/** A finding and where it is in the file: line and column from 1, columns in code points. */
export type LintFinding = Omit<Found, "pointer" | "word"> & { readonly line: number; readonly column: number };

/** All findings about a policy, in the order of the file. */
export function lintPolicy({ policy, source }: LoadedPolicy): readonly LintFinding[] {
  const compiled = compilePolicy(policy);
  const found = [
    ...wholePolicy(policy, source),
    ...aboutRules(compiled),
    ...policy.rules.flatMap((rule) => [
      ...settings(rule, source),
      ...rule.endpoint === undefined ? [] : patterns(rule, rule.endpoint),
      ...rule.freeze_window === undefined ? [] : windows(rule, rule.freeze_window),
    ]),
  ];
  const order = new Map(Object.keys(LINT).map((code, i) => [code, i]));
  const rank = (code: LintCode): number => order.get(code) ?? 0;
  return found.map(({ pointer, word = "", ...rest }): LintFinding => {
    const { line = 1, column = 1 } = placeOf(source, itemAt(source, pointer, word));
    return { ...rest, line, column };
  }).sort((a, b) => a.line - b.line || a.column - b.column || rank(a.code) - rank(b.code) || byBytes(a.message, b.message));
}

// Two fields of a match have an older name, which may be the one that is written.
const aliasOf = (pointer: string): string =>
  pointer.replace(/match\/tool_names$/, "match/tool_name").replace(/match\/endpoint_classes$/, "match/endpoint_class");

// Lists are read as sets, so that an item is found by what it says.
function itemAt(source: YamlSource, pointer: string, word: string): string {
  const written = nodeAt(source, pointer) === undefined ? aliasOf(pointer) : pointer;
  const node = nodeAt(source, written);
  const said = (text: string): string => lower(trim(text));
  const at = node?.kind === "list" && word !== ""
    ? node.items.findIndex((item) => item.kind === "scalar" && said(item.text) === said(word))
    : -1;
  return at < 0 ? written : `${written}/${at}`;
}

/** Findings that a strict author does not want to see: all but those that are only worth knowing. */
export const isGrave = ({ severity }: Pick<Found, "severity">): boolean => severity !== "info";

function aboutRules(compiled: CompiledPolicy): readonly Found[] {
  const { policy } = compiled;
  const rules = rulesOf(compiled);
  const dead = rules.all.map((rule) => {
    const own = alone(rule, policy);
    const isDead = own.some(({ code }) => code === "never_matches");
    const shade = isDead ? undefined : shadowed(rule, rules);
    return { rule, found: shade === undefined ? own : [...own, shade], live: !isDead && shade === undefined };
  });
  const live = new Set(dead.filter((one) => one.live).map(({ rule }) => rule));
  const { pairs, left } = pairsIn(compiled);
  const told = dead.flatMap(({ rule, found }) => {
    if (!live.has(rule)) return found;
    const others = [inTier(rule, rules, live, pairs), beforeBlock(rule, rules, live, pairs), everything(rule, rules, policy)];
    return [...found, ...others.filter((one) => one !== undefined)];
  });
  return left() ? [...told, finding("pairs_left_out", "", "/rules", LINT.pairs_left_out.summary)] : told;
}
