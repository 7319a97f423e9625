// How long a pattern may take at worst in an engine that tries one way after the other (as those of JavaScript do). Where the next character
// says which way to go, there is only one; where it does not, each loop may end anywhere, and in a loop that would be so each time anew.
import { type CharSet, END, meet } from "./pattern_sets.ts";
import { type Part, patternTree } from "./pattern_tree.ts";

/** At worst `factor` times the length of the text to the power of `degree`, and some steps for each character. */
export type PatternCost = { readonly degree: number; readonly factor: number };

const MOST_FACTOR = 64;
const MOST_DEGREE = 3;

/** The characters that a part may begin with, and whether it may be empty. */
type Begin = { readonly first: CharSet; readonly empty: boolean };

function beginOf(part: Part): Begin {
  switch (part.kind) {
    case "set":
      return { first: part.set, empty: false };
    case "loop": {
      const { first, empty } = beginOf(part.of);
      return { first, empty: empty || part.min === 0 };
    }
    case "choice": {
      const all = part.of.map(beginOf);
      return { first: all.flatMap(({ first }) => first), empty: all.some(({ empty }) => empty) };
    }
    case "sequence":
      return part.of.reduceRight<Begin>((rest, one) => before(one, rest), { first: [], empty: true });
    default:
      return part satisfies never;
  }
}

function before(part: Part, rest: Begin): Begin {
  const own = beginOf(part);
  return own.empty ? { first: [...own.first, ...rest.first], empty: rest.empty } : own;
}

/** The cost of a pattern; undefined where nobody can say, or it is too much for any text. */
export function patternCost(pattern: string): PatternCost | undefined {
  const tree = patternTree(pattern);
  if (tree === undefined) return undefined;
  let degree = tree.anchored || beginOf(tree.part).empty ? 0 : 1; // it is tried from each character on, unless nothing will do
  let factor = 1;
  let loops = false;

  // `times` is how often the part stands there, `again` that nobody knows how often. False where it may take too long.
  function admit(part: Part, follow: CharSet, times: number, again: boolean): boolean {
    switch (part.kind) {
      case "set":
        return true;
      case "sequence": {
        let rest: Begin = { first: follow, empty: false };
        for (const one of part.of.toReversed()) {
          if (!admit(one, rest.first, times, again)) return false;
          rest = before(one, rest);
        }
        return true;
      }
      case "choice": {
        const firsts = part.of.map((one) => before(one, { first: follow, empty: false }).first);
        const doubtful = firsts.some((first, i) => firsts.some((other, j) => j < i && meet(first, other)));
        if (doubtful && again) return false;
        if (doubtful) factor *= part.of.length ** times;
        return part.of.every((one) => admit(one, follow, times, again));
      }
      case "loop": {
        const { of, min, max } = part;
        const { first, empty } = beginOf(of);
        const exact = min === max;
        if (max > 1 && (empty || meet(first, END))) return false;
        const doubtful = !exact && meet(first, follow);
        if (doubtful && again) return false;
        if (max > 1) loops = true;
        if (doubtful && max > 1) degree += times;
        else if (doubtful) factor *= 2 ** times;
        const inside = exact ? times * max : times;
        return admit(of, max > 1 ? [...first, ...follow] : follow, inside, again || !exact && max > 1);
      }
      default:
        return part satisfies never;
    }
  }

  if (!admit(tree.part, [], 1, false)) return undefined;
  if (loops) degree++;
  return degree > MOST_DEGREE || factor > MOST_FACTOR ? undefined : { degree, factor };
}
