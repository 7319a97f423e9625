// Random choices that follow from a seed alone, and what the corpus makes of them: texts, JSON, damaged bytes.
import { concatBytes } from "../../core/base/bytes.ts";

/** A whole number below `sides`. */
export type Dice = (sides: number) => number;

/** Dice that roll the same for the same seed (Lehmer; the seed is from 1 to 2^31 - 2). */
export const diceOf = (seed: number): Dice => {
  let state = seed;
  return (sides) => (state = state * 48271 % (2 ** 31 - 1)) % sides;
};

/** One of a list. */
export const pick = <T>(roll: Dice, list: readonly T[]): T => {
  if (list.length === 0) throw new Error("pick wants a list that is not empty");
  return list[roll(list.length)] as T;
};

/** Bytes with one to three places damaged: bits, bytes and stretches are changed, lost, added, repeated, zeroed or swapped. */
export function damaged(roll: Dice, bytes: Uint8Array): Uint8Array {
  let out = bytes;
  for (let times = 1 + roll(3); times > 0; times--) {
    const at = roll(out.length + 1);
    const to = Math.min(out.length, at + 1 + roll(8) * roll(8));
    const [before, stretch, after] = [out.subarray(0, at), out.subarray(at, to), out.subarray(to)];
    const change = pick(roll, ["flip", "set", "drop", "insert", "cut", "repeat", "zero", "swap"] as const);
    switch (change) {
      case "flip":
        out = concatBytes([before, stretch.subarray(0, 1).map((byte) => byte ^ 1 << roll(8)), out.subarray(at + 1)]);
        break;
      case "set":
        out = concatBytes([before, stretch.map(() => roll(256)), after]);
        break;
      case "drop":
        out = concatBytes([before, after]);
        break;
      case "insert":
        out = concatBytes([before, Uint8Array.from({ length: 1 + roll(6) }, () => roll(256)), stretch, after]);
        break;
      case "cut":
        out = roll(4) === 0 ? before : concatBytes([before, after]);
        break;
      case "repeat":
        out = concatBytes([before, stretch, stretch, after]);
        break;
      case "zero":
        out = concatBytes([before, new Uint8Array(stretch.length), after]);
        break;
      case "swap":
        out = concatBytes([before, after.subarray(0, stretch.length), stretch, after.subarray(stretch.length)]);
        break;
      default:
        throw new Error(change satisfies never);
    }
  }
  return out;
}

// Scripts with letter case, marks and composed forms, code points that no version of Unicode has assigned yet, and the edges.
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x52f],
  [0x1e00, 0x1fff],
  [0x2000, 0x206f],
  [0xa640, 0xa7ff],
  [0xac00, 0xac80],
  [0xf900, 0xfaff],
  [0xfb00, 0xffff],
  [0x1ab0, 0x1aff],
  [0x10d40, 0x10d8f],
  [0x16e40, 0x16eff],
  [0x1d400, 0x1d4ff],
  [0x1e900, 0x1e95f],
  [0, 0x10ffff],
];

const codePoint = (roll: Dice): number => {
  const [from, to] = pick(roll, RANGES);
  const code = from + roll(to - from + 1);
  return code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
};

/** A well-formed text of up to `most` characters from all of Unicode. */
export const anyText = (roll: Dice, most: number): string =>
  String.fromCodePoint(...Array.from({ length: roll(most + 1) }, () => codePoint(roll)));

const SIGNS = ["", "", "-", "+"];
const NUMBERS = "0 -0 1 1.0 1e400 -1e400 1e-400 5e-324 9007199254740993 1e21 1e-7 0.1 .5 1. 01 0x1 NaN 1e 123456789012345678901"
  .split(" ");

const number = (roll: Dice): string => {
  if (roll(3) === 0) return pick(roll, NUMBERS);
  const digits = (most: number): string => Array.from({ length: 1 + roll(most) }, () => roll(10)).join("");
  const fraction = roll(2) === 0 ? `.${digits(18)}` : "";
  const exponent = roll(3) === 0 ? `${pick(roll, ["e", "E"])}${pick(roll, SIGNS)}${roll(330)}` : "";
  return `${pick(roll, SIGNS).replace("+", "")}${1 + roll(9)}${roll(2) === 0 ? digits(20) : ""}${fraction}${exponent}`;
};

const ESCAPES = [
  "\\n",
  "\\u0000",
  "\\ud800",
  "\\udc00",
  "\\ud83d\\ude00",
  "\\/",
  "\\x",
  "\\u12",
  "\\\\",
  '\\"',
  "\t",
  "\u2028",
];

const string = (roll: Dice): string => {
  const plain = JSON.stringify(anyText(roll, 8)).slice(1, -1);
  const escape = roll(4) === 0 ? pick(roll, ESCAPES) : "";
  return `"${plain}${escape}${roll(40) === 0 ? "" : '"'}`;
};

const WORDS = ["null", "true", "false", "nul", "True", "undefined", "", "//", "'a'"];
const word = (roll: Dice): string => pick(roll, roll(6) === 0 ? WORDS : WORDS.slice(0, 3));

const NAMES = ['"a"', '"b"', '"\\u0061"', '""', '"__proto__"', '"10"', '"9"', "a"];

/** A text that is JSON more often than not, in any spelling, with faults of every kind among it. */
export function jsonish(roll: Dice, depth = 5): string {
  const blank = (): string =>
    roll(4) === 0 ? pick(roll, [" ", "\n", "\r\n", "\t", "\u00a0", "\f"].slice(0, 4 + roll(30) % 3)) : "";
  const inside = (item: () => string): string =>
    Array.from({ length: roll(5) }, () => `${blank()}${item()}${blank()}`).join(roll(60) === 0 ? ";" : ",");
  const tail = (): string => roll(60) === 0 ? "," : "";
  const name = (): string => roll(3) === 0 ? pick(roll, roll(8) === 0 ? NAMES : NAMES.slice(0, 7)) : string(roll);
  const kind = roll(depth > 0 ? 6 : 3);
  if (kind === 0) return number(roll);
  if (kind === 1) return string(roll);
  if (kind === 2) return word(roll);
  if (kind < 5) {
    return `{${inside(() => `${name()}${roll(60) === 0 ? "" : ":"}${blank()}${jsonish(roll, depth - 1)}`)}${tail()}}`;
  }
  return `[${inside(() => jsonish(roll, depth - 1))}${tail()}${roll(60) === 0 ? "" : "]"}`;
}
