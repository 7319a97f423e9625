// Texts that globs are meant for: what `--why` suggests in the place of a name that is not listed. Each is only a guess until the list
// has been asked.
import type { Glob } from "./glob.ts";

type Term = Glob[number]["terms"][number];

// What stands for any character: the first that a negated class does not name.
const PLAIN = ["a", "b", "0", "-", "_", "A"];

const isOneOf = ({ ranges }: Extract<Term, { kind: "class" }>, char: string): boolean => {
  const code = char.codePointAt(0) ?? 0;
  return ranges.some(({ low, high }) => low <= code && code <= high);
};

const example = (term: Term): string => {
  switch (term.kind) {
    case "char":
      return String.fromCodePoint(term.code);
    case "any":
      return "a";
    case "class":
      return term.negated
        ? PLAIN.find((char) => !isOneOf(term, char)) ?? ""
        : PLAIN.find((char) => isOneOf(term, char)) ?? String.fromCodePoint(term.ranges[0]?.low ?? 0);
    default:
      return term satisfies never;
  }
};

/** A text that most likely fits a glob: a letter for each `*` and `?`, and one character of each class. */
export const exampleOfGlob = (glob: Glob): string =>
  glob.map(({ star, terms }) => (star ? "a" : "") + terms.map(example).join("")).join("");
