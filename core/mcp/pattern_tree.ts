// The parts of a regular expression (ECMA-262, flag u) that can be told how long they take: characters, sequences, choices and loops.
// Whatever else there is (looking around, references, boundaries of words) makes it none of these.
import { ALL, type CharSet, CLASSES, complement, DOT, END } from "./pattern_sets.ts";

/** A part. The end of the text (`$`) is a character that follows the last one. */
export type Part =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "sequence"; readonly of: readonly Part[] }
  | { readonly kind: "choice"; readonly of: readonly Part[] }
  | { readonly kind: "loop"; readonly of: Part; readonly min: number; readonly max: number };

/** A whole one; `anchored` where it can match at the beginning of a text only. */
export type Tree = { readonly part: Part; readonly anchored: boolean };

const LONGEST = 1_000;
const DEEPEST = 50;

/** Thrown, and caught, in this file: the pattern holds something else. */
class Other extends Error {}

/** The parts of a pattern whose syntax the engine has found good; undefined where it holds anything else. */
export function patternTree(pattern: string): Tree | undefined {
  if (pattern.length > LONGEST) return undefined;
  try {
    return new Reader(pattern).whole();
  } catch (thrown) {
    if (thrown instanceof Other) return undefined;
    throw thrown;
  }
}

const CONTROLS: ReadonlyMap<string, number> = new Map([["t", 9], ["n", 10], ["v", 11], ["f", 12], ["r", 13], ["0", 0]]);
const COUNT = /\{(\d{1,4})(?:(,)(\d{0,4}))?\}/y;
const ESCAPED = /x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{0*([\da-fA-F]{1,6})\}/y;
const PROPERTY = /[pP]\{[\w=]+\}/y;

class Reader {
  private at = 0;
  private depth = 0;
  private free = false;

  constructor(private readonly text: string) {}

  whole(): Tree {
    const part = this.choice();
    if (this.at < this.text.length) throw new Other();
    return { part, anchored: !this.free };
  }

  private take(words: string): boolean {
    const there = this.text.startsWith(words, this.at);
    if (there) this.at += words.length;
    return there;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }

  private choice(): Part {
    const of: Part[] = [];
    do of.push(this.sequence()); while (this.take("|"));
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: "choice", of };
  }

  private sequence(): Part {
    if (this.depth === 0 && !this.take("^")) this.free = true;
    const of: Part[] = [];
    while (this.at < this.text.length && !"|)".includes(this.text.charAt(this.at))) of.push(this.counted(this.one()));
    return { kind: "sequence", of };
  }

  private counted(of: Part): Part {
    const [min, max] = this.count() ?? [1, 1];
    if (max === 0) throw new Other();
    if (min === 1 && max === 1) return of;
    this.take("?"); // in which order it is tried does not count
    return { kind: "loop", of, min, max };
  }

  private count(): readonly [min: number, max: number] | undefined {
    if (this.take("*")) return [0, Infinity];
    if (this.take("+")) return [1, Infinity];
    if (this.take("?")) return [0, 1];
    const found = this.match(COUNT);
    if (found === null) return undefined;
    const [, min, comma, max] = found;
    return [Number(min), comma === undefined ? Number(min) : max === "" ? Infinity : Number(max)];
  }

  private one(): Part {
    if (this.take("(")) return this.group();
    if (this.take("[")) return { kind: "set", set: this.class() };
    if (this.take("$")) return { kind: "set", set: END };
    if (this.take(".")) return { kind: "set", set: DOT };
    if (this.take("\\")) return { kind: "set", set: this.escape() };
    if (this.text.charAt(this.at) === "^") throw new Other();
    return { kind: "set", set: this.character() };
  }

  private group(): Part {
    if (!this.take("?:") && this.match(/\?<[A-Za-z_]\w*>/y) === null && this.text.charAt(this.at) === "?") throw new Other();
    if (++this.depth > DEEPEST) throw new Other();
    const part = this.choice();
    this.depth--;
    if (!this.take(")")) throw new Other();
    return part;
  }

  private character(): CharSet {
    const code = this.text.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return [[code, code]];
  }

  // Of what Unicode says of characters nothing is known here: it may be any.
  private escape(): CharSet {
    if (this.match(PROPERTY) !== null) return ALL;
    const found = this.match(ESCAPED);
    if (found !== null) {
      const code = Number.parseInt(found[1] ?? found[2] ?? found[3] ?? "", 16);
      if (code >= 0xd800 && code < 0xe000) throw new Other(); // two of them may be one character
      return [[code, code]];
    }
    const letter = this.text.charAt(this.at++);
    const set = CLASSES.get(letter);
    if (set !== undefined) return set;
    const code = CONTROLS.get(letter) ?? letter.charCodeAt(0);
    if (!CONTROLS.has(letter) && /[\da-zA-Z]/.test(letter) || letter === "") throw new Other();
    return [[code, code]];
  }

  private class(): CharSet {
    const not = this.take("^");
    const all: (readonly [number, number])[] = [];
    let any = false;
    const member = (): CharSet => {
      if (this.at >= this.text.length) throw new Other();
      if (this.take("\\b")) return [[8, 8]];
      const set = this.take("\\") ? this.escape() : this.character();
      any ||= set === ALL;
      return set;
    };
    while (!this.take("]")) {
      const set = member();
      const [only] = set;
      const range = set.length === 1 && only !== undefined && only[0] === only[1] && this.text.charAt(this.at) === "-" &&
        this.text.charAt(this.at + 1) !== "]";
      if (range) {
        this.take("-");
        const [to] = member();
        all.push([only[0], to?.[1] ?? 0]);
      } else all.push(...set);
    }
    return any ? ALL : not ? complement(all) : all;
  }
}
