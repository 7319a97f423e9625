// Other paths and domains that a target may be given: those that the lists of an `endpoint` section let through, by their own patterns,
// and those that nobody's list stops.
import type { EndpointPatterns } from "./compile.ts";
import { exampleOfGlob } from "./glob_example.ts";
import { maybeBelow, pathForms } from "./path_forms.ts";
import { allowsDomain, allowsPath, deniesDomain, deniesPath, type Pattern, type Patterns } from "./patterns.ts";
import { any, MOST_VALUES, type RequestEdit, set } from "./why_edit.ts";
import type { Named } from "./why_named.ts";
import type { TouchedTarget } from "./why_touched.ts";

/** A name to be tried; an example, where others would do as well. */
type Guess = { readonly name: string; readonly example: boolean };

const PATHS = ["/elsewhere", "/another", "/0", "elsewhere"];
const DOMAINS = ["elsewhere.example", "another.test", "0.invalid"];
const TEXTS = ["elsewhere", "another"];

const guess = (name: string): Guess => ({ name, example: true });

const ofPath = ({ text, fixed, glob }: Pattern): readonly Guess[] => {
  if (fixed !== undefined) return [{ name: fixed, example: false }, guess(`${fixed}/a`), guess(`${fixed}/b`)];
  return glob === undefined ? [{ name: text, example: false }] : [guess(exampleOfGlob(glob))];
};

const ofDomain = ({ text, fixed, glob }: Pattern): readonly Guess[] => {
  if (fixed !== undefined) return [guess(`a${fixed}`), guess(`b${fixed}`)];
  return glob === undefined ? [{ name: text, example: false }] : [guess(exampleOfGlob(glob))];
};

// One of each pattern of the allowlist; without one, the first that is not denied.
const fitting = (
  { allow }: Patterns,
  guesses: (pattern: Pattern) => readonly Guess[],
  beside: readonly string[],
  fits: (name: string) => boolean,
): readonly Guess[] => {
  const lists = allow.length > 0 ? allow.slice(0, MOST_VALUES).map(guesses) : [beside.map(guess)];
  return lists.flatMap((list) => list.find(({ name }) => name !== "" && fits(name)) ?? []);
};

const fitsPath = ({ allow, deny }: Patterns, path: string): boolean =>
  (allow.length === 0 || allowsPath(allow, path)) && !deniesPath(deny, path);

const fitsDomain = ({ allow, deny }: Patterns, domain: string): boolean =>
  (allow.length === 0 || allowsDomain(allow, domain)) && !deniesDomain(deny, domain);

const url = (domain: string): string => `https://${domain.includes(":") ? `[${domain}]` : domain}/`;

const isEmpty = ({ allow, deny }: Patterns): boolean => allow.length + deny.length === 0;

/** Values of a target that the lists of a section let through. */
export function valuesWithin({ paths, domains }: EndpointPatterns, { at, kind }: TouchedTarget): RequestEdit[] {
  const pointer = `${at}/value`;
  const edits = (guesses: readonly Guess[], value: (name: string) => string): RequestEdit[] =>
    guesses.map(({ name, example }) => example ? any(pointer, value(name)) : set(pointer, value(name)));
  if (kind === "path" && !isEmpty(paths)) {
    return edits(fitting(paths, ofPath, PATHS, (path) => fitsPath(paths, path)), (path) => path);
  }
  if (kind !== "url" && kind !== "host" || isEmpty(domains)) return [];
  const names = fitting(domains, ofDomain, DOMAINS, (domain) => fitsDomain(domains, domain));
  return edits(names, kind === "url" ? url : (domain) => domain);
}

/** A value of a target that no rule and no kill switch names, and that none of some sections denies. */
export function valueBeside(
  { values, stopped }: Named,
  sections: readonly EndpointPatterns[],
  { at, kind, value }: TouchedTarget,
): RequestEdit[] {
  const matters = values.has(value) ||
    kind === "path" && (values.has(pathForms(value).cleaned) || maybeBelow(value, stopped.paths));
  if (!matters) return [];
  const isFree = (name: string): boolean => {
    if (kind === "path") return !maybeBelow(name, stopped.paths) && !sections.some(({ paths }) => deniesPath(paths.deny, name));
    return !sections.some(({ domains }) => deniesDomain(domains.deny, name));
  };
  const names = kind === "path" ? PATHS : kind === "url" || kind === "host" ? DOMAINS : TEXTS;
  return names.filter(isFree).map((name) => kind === "url" ? url(name) : name)
    .filter((name) => !values.has(name)).slice(0, 1).map((name) => any(`${at}/value`, name));
}
