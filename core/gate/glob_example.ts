// Texts that globs are meant for: what `--why` suggests in the place of a name that is not listed. Each is only a guess until the list
// has been asked.
import { fitsTerm, type Glob } from "./glob.ts";

type Term = Glob[number]["terms"][number];

// What stands for a class: the first of these that is in it.
const PLAIN = ["a", "b", "0", "-", "_", "A"];

const example = (term: Term): string => {
  switch (term.kind) {
    case "char":
      return String.fromCodePoint(term.code);
    case "any":
      return "a";
    case "class":
      return PLAIN.find((char) => fitsTerm(term, char.codePointAt(0) ?? 0, -1)) ??
        (term.negated ? "" : String.fromCodePoint(term.ranges[0]?.low ?? 0));
    default:
      return term satisfies never;
  }
};

/** A text that most likely fits a glob: a letter for each `*` and `?`, and one character of each class. */
export const exampleOfGlob = (glob: Glob): string =>
  glob.map(({ star, terms }) => (star ? "a" : "") + terms.map(example).join("")).join("");
