// Lint: patterns of `endpoint` sections that do not fit what they seem to be about.
import { quoted } from "../base/json_words.ts";
import { lower } from "../base/text.ts";
import { domainForms, withoutEndDots } from "./domain_forms.ts";
import { hasWildcard, readGlob } from "./glob.ts";
import { finding, type Found } from "./lint_codes.ts";
import { pathForms } from "./path_forms.ts";
import type { Endpoint, Rule } from "./types.ts";

type Field = "path_allowlist" | "path_denylist" | "domain_allowlist" | "domain_denylist";

/** What is wrong with one pattern, in words that follow it. */
type Doubt = (pattern: string, allows: boolean) => string | undefined;

const malformed = (text: string): string | undefined =>
  hasWildcard(text) && readGlob(text) === undefined ? "is malformed as a glob and matches only the very same text" : undefined;

const pathDoubt: Doubt = (pattern, allows) => {
  const fixed = pattern.endsWith("/**") ? pattern.slice(0, -3) : pattern;
  const broken = malformed(fixed);
  if (broken !== undefined) return broken;
  if (/(?<!\\)[*][*]/.test(fixed)) {
    return "holds ** where it is the same as * and stays within one folder: only /** at the end goes below";
  }
  if (!allows || fixed === "") return undefined;
  if (hasWildcard(fixed)) {
    return fixed.endsWith("/") ? "never fits: only cleaned paths are allowed, and none of them ends with a slash" : undefined;
  }
  const { cleaned } = pathForms(fixed);
  return cleaned === fixed
    ? undefined
    : `never fits: only cleaned paths are allowed, and this one cleaned is ${quoted(cleaned)}`;
};

const domainDoubt: Doubt = (pattern, allows) => {
  const text = lower(pattern);
  const broken = malformed(text);
  if (broken !== undefined) return broken;
  if (text.includes("/") || text.includes("@")) return "is no domain: a domain is a name alone, without scheme, user or path";
  if (text.startsWith(".")) return `starts with a dot: all below a domain is ${quoted(`*${pattern}`)}`;
  const name = text.startsWith("*.") ? text.slice(2) : text;
  if (!allows || hasWildcard(name)) return undefined;
  const { cleaned } = domainForms(name);
  return cleaned === withoutEndDots(name)
    ? undefined
    : `never fits: only domains in their plain form are allowed, which is ${quoted(cleaned)}`;
};

const FIELDS: readonly (readonly [Field, Doubt, allows: boolean])[] = [
  ["path_allowlist", pathDoubt, true],
  ["path_denylist", pathDoubt, false],
  ["domain_allowlist", domainDoubt, true],
  ["domain_denylist", domainDoubt, false],
];

/** Doubtful patterns of a rule. */
export const patterns = (rule: Rule, endpoint: Endpoint): readonly Found[] =>
  FIELDS.flatMap(([field, doubt, allows]) =>
    endpoint[field].flatMap((pattern) => {
      const words = doubt(pattern, allows);
      const pointer = `/rules/${rule.index}/endpoint/${field}`;
      return words === undefined ? [] : [
        finding("pattern_doubtful", rule.name, pointer, `Pattern ${quoted(pattern)} ${words}`, { word: pattern }),
      ];
    })
  );
