// What a YAML scalar means, by its source text and what is wanted of it (spec 02, section 2.1). The wish decides: `12` is a number where
// one is wanted and the text "12" elsewhere, and no text becomes a truth because it says yes.
import type { YamlScalar } from "./yaml_tree.ts";

/** A scalar as far as its meaning goes. */
export type Spelling = Pick<YamlScalar, "style" | "text">;

const DIGITS = /^([-+]?)(0|[1-9][0-9]*(?:_[0-9]+)*)$/;
const BASED = /^([-+]?)0(?:x([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)|o?([0-7]+(?:_[0-7]+)*))$/;
const FRACTION = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

// The whole number that a text spells: decimal, 0x hexadecimal, 010 or 0o10 octal, underscores between digits.
function whole(text: string): bigint | undefined {
  const plain = DIGITS.exec(text);
  const based = plain === null ? BASED.exec(text) : null;
  const digits = plain?.[2] ?? (based?.[2] === undefined ? based?.[3] && `0o${based[3]}` : `0x${based[2]}`);
  if (digits === undefined) return undefined;
  const size = BigInt(digits.replaceAll("_", ""));
  return (plain ?? based)?.[1] === "-" ? -size : size;
}

// The number that a text with a fraction or an exponent spells. Leading zeros make no number, as with whole ones.
function fraction(text: string): number | undefined {
  if (!FRACTION.test(text) || /^[-+]?0[0-9]/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
  ["FALSE", false],
]);

// Digits beyond this are nobody's number, and take time that grows with their square.
const LONGEST = 400;

const plainText = ({ style, text }: Spelling): string | undefined =>
  style === "plain" && text.length <= LONGEST ? text : undefined;

/** Any scalar as text: a plain number in its shortest decimal form, a plain truth in lowercase, all else as it stands. */
export function scalarText(scalar: Spelling): string {
  const plain = plainText(scalar);
  if (plain === undefined) return scalar.text;
  const number = /^[-+.0-9]/.test(plain) ? whole(plain) ?? fraction(plain) : undefined;
  return String(number ?? TRUTHS.get(plain) ?? plain);
}

/** A whole number: plain in any of its forms, one without a fraction as `3.0`, or quoted decimal digits. */
export function scalarInteger(scalar: Spelling): number | undefined {
  const plain = plainText(scalar);
  if (plain === undefined) return /^[-+]?(?:0|[1-9][0-9]{0,18})$/.test(scalar.text) ? Number(scalar.text) : undefined;
  const exact = whole(plain);
  if (exact !== undefined) return Number(exact);
  const value = fraction(plain);
  return value !== undefined && Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** A number, plain. */
export function scalarDecimal(scalar: Spelling): number | undefined {
  const plain = plainText(scalar);
  if (plain === undefined) return undefined;
  const exact = whole(plain);
  return exact === undefined ? fraction(plain) : Number(exact);
}

/** True or false, plain: `true`, `True`, `TRUE` and the like. */
export const scalarTruth = (scalar: Spelling): boolean | undefined =>
  scalar.style === "plain" ? TRUTHS.get(scalar.text) : undefined;
