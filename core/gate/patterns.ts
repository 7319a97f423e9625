// The lists of paths and domains of an `endpoint` section (spec 02, section 6.2). An allowlist takes a name only when there is no
// doubt about its spelling; a denylist takes it in either spelling, and takes its own patterns in either reading. Where a glob would take too long to tell, that
// is a doubt too.
import { cleanPath } from "../base/paths.ts";
import { lower } from "../base/text.ts";
import { cleanedPattern, domainForms, withoutEndDots } from "./domain_forms.ts";
import { type Glob, hasWildcard, matchesGlob, readGlob } from "./glob.ts";
import { isPlain, liesBelow, pathForms, staysBelow } from "./path_forms.ts";

/** One pattern made ready. */
export type Pattern = {
  readonly text: string;
  /** The fixed part: of `X/**` that is X, of `*.x` that is `.x`. */
  readonly fixed: string | undefined;
  /** The pattern as a glob, or of `X/**` with wildcards in X that X. Undefined: it has no wildcard, or is malformed. */
  readonly glob: Glob | undefined;
  /** The same pattern cleaned, for denylists of paths; undefined when it is clean. */
  readonly cleaned?: Pattern | undefined;
};

/** An allowlist and a denylist. */
export type Patterns = { readonly allow: readonly Pattern[]; readonly deny: readonly Pattern[] };

const globOf = (text: string): Glob | undefined => hasWildcard(text) ? readGlob(text) : undefined;

const pathPatternAsIs = (text: string): Pattern => {
  const fixed = text.endsWith("/**") ? text.slice(0, -3) : undefined;
  return { text, fixed, glob: globOf(fixed ?? text) };
};

// In a glob `\` makes the next character plain, so that it stays there.
const cleanPattern = (text: string): string => {
  const end = text.endsWith("/**") ? "/**" : "";
  const start = text.slice(0, text.length - end.length);
  if (start === "") return text;
  return `${/[*?[]/.test(start) ? cleanPath(start) : pathForms(start).cleaned}${end}`;
};

/** Makes a pattern for paths ready: a path, `X/**`, or a glob in which `*` and `?` do not cross `/`. */
export const pathPattern = (text: string): Pattern => {
  const cleaned = cleanPattern(text);
  return { ...pathPatternAsIs(text), cleaned: cleaned === text ? undefined : pathPatternAsIs(cleaned) };
};

// Without its dots at the end, but where nothing else would be left that says which names are meant.
const plainDomain = (written: string): string => {
  const text = lower(written);
  const plain = withoutEndDots(text);
  return plain === "" || plain === "*" ? text : plain;
};

/** Makes a pattern for domains ready: a domain, `*.x`, or a glob in which `*` and `?` match dots. A dot at its end says nothing. */
export const domainPattern = (written: string): Pattern => {
  const text = plainDomain(written);
  return { text, fixed: text.startsWith("*.") ? text.slice(1) : undefined, glob: globOf(text) };
};

/** The same for a denylist, where a pattern stands for its cleaned form too: in ASCII, and an address in its usual spelling. */
export const deniedDomainPatterns = (written: string): readonly Pattern[] =>
  [...new Set([lower(written), plainDomain(cleanedPattern(lower(written)))])].map(domainPattern);

/** Whether an allowlist has a path. */
export function allowsPath(patterns: readonly Pattern[], path: string): boolean {
  return isPlain(path) && patterns.some(({ text, fixed, glob }) => {
    if (text === path) return true;
    if (fixed !== undefined) return staysBelow(path, fixed);
    return glob !== undefined && matchesGlob(glob, path, "/", false);
  });
}

const deniesForm = ({ text, fixed, glob, cleaned }: Pattern, path: string): boolean =>
  text === path || (fixed !== undefined && liesBelow(path, fixed)) ||
  (cleaned !== undefined && deniesForm(cleaned, path)) ||
  (glob !== undefined && matchesGlob(glob, path, "/", true, fixed !== undefined));

/** Whether a denylist has a path. */
export function deniesPath(patterns: readonly Pattern[], path: string): boolean {
  const { raw, cleaned } = pathForms(path);
  return patterns.some((pattern) => deniesForm(pattern, raw) || (cleaned !== raw && deniesForm(pattern, cleaned)));
}

/** Whether an allowlist has a domain, which is in lowercase. */
export function allowsDomain(patterns: readonly Pattern[], domain: string): boolean {
  const { raw, cleaned } = domainForms(domain);
  return raw === cleaned && patterns.some(({ text, fixed, glob }) => {
    if (text === domain) return true;
    if (fixed !== undefined) return domain.endsWith(fixed) && domain.length > fixed.length;
    return glob !== undefined && matchesGlob(glob, domain, "", false);
  });
}

/** Whether a denylist has a domain, which is in lowercase. */
export function deniesDomain(patterns: readonly Pattern[], domain: string): boolean {
  const { raw, cleaned } = domainForms(domain);
  const denies = ({ text, fixed, glob }: Pattern, one: string): boolean =>
    text === one || (fixed !== undefined && one.endsWith(fixed)) || (glob !== undefined && matchesGlob(glob, one, "", true));
  return patterns.some((pattern) => denies(pattern, raw) || (cleaned !== raw && denies(pattern, cleaned)));
}
