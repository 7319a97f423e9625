// What documents have in common that are alike but for some members: those of one program at one work nearly always are. What they share
// is spelled once.
import type { Shape } from "./shape.ts";
import { shapeText } from "./shape_text.ts";

type Member = { readonly name: string; readonly varies: boolean; readonly value: unknown };

/** The members of a document, in their order. */
export type Members = readonly Member[];

const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;
const isPlain = (value: unknown): boolean => isScalar(value) || Array.isArray(value) && value.every(isScalar);

/** The members of a document, of which some vary; undefined where another one of them is an object, or a list with one in it. */
export function membersOf(document: object, varying: ReadonlySet<string>): Members | undefined {
  const members = Object.entries(document).map(([name, value]) => ({ name, varies: varying.has(name), value }));
  return members.every(({ varies, value }) => varies || isPlain(value)) ? members : undefined;
}

/** Whether a document has these members in this order, with the same values but for those that vary. */
export function isAlike(members: Members, document: object): boolean {
  const given = document as Readonly<Record<string, unknown>>;
  let at = 0;
  for (const name in given) {
    if (isSame(members[at++], name, given[name])) continue;
    return false;
  }
  return at === members.length;
}

const isSame = (member: Member | undefined, name: string, value: unknown): boolean =>
  member !== undefined && member.name === name &&
  (member.varies || member.value === value || Array.isArray(value) && isSameList(member.value, value));

const isSameList = (a: unknown, b: readonly unknown[]): boolean =>
  Array.isArray(a) && a.length === b.length && b.every((item, i) => a[i] === item);

/** What is printed in the place of a member while the rest is spelled; undefined where it is left out. */
export type Standing = { readonly name: string; readonly printed: string | undefined };

/**
 * The pieces of a text before, between and behind the members that something stands for, in canonical order. The document has nothing
 * with members in it beside them: then each name is there once, since nobody's words have a quote as it is.
 */
export function piecesOf(text: string, standing: readonly Standing[]): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { name, printed } of standing) {
    const end = printed === undefined ? from : text.indexOf(`"${name}":${printed}`, from) + `"${name}":`.length;
    pieces.push(text.slice(from, end));
    from = end + (printed?.length ?? 0);
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** Stands for a text that varies. */
export const STAND = "\u0001";
/** The same as it is printed. */
export const PRINTED_STAND = JSON.stringify(STAND);

type Alike = { readonly members: Members; readonly there: readonly boolean[]; readonly pieces: readonly string[] };

/** How many kinds of documents are kept in mind. */
const MOST = 16;

/** Longer texts, in characters, are not kept in mind. */
const LONGEST = 8_192;

/** How many texts are left to the long way: to find out what they share costs more, and most programs write a few and end. */
const FEW = 4;

/** After so many in a row that are like none before, documents are not looked at any more. */
const PATIENCE = 256;

/** The names of the members that are texts. */
type TextNames<T> = { readonly [K in keyof T]: T[K] extends string ? K : never }[keyof T] & string;

/** Gives the canonical text of documents, as `shapeText` does, of which some texts vary; their names are in canonical order. */
export function alikeTexts<T extends object>(shape: Shape<T>, varying: readonly TextNames<T>[]): (document: T) => string {
  const names: ReadonlySet<string> = new Set(varying);
  const known: Alike[] = []; // the one met last is the first
  let asked = 0;
  let missed = 0;

  function share(document: Readonly<Record<string, unknown>>): Alike | undefined {
    const members = membersOf(document, names);
    if (members === undefined) return undefined;
    const there = varying.map((name) => document[name] !== "");
    const standing = { ...document, ...Object.fromEntries(varying.map((name, i) => [name, there[i] ? STAND : ""])) };
    const text = shapeText(shape, standing as T);
    if (text.length > LONGEST) return undefined;
    const pieces = piecesOf(text, varying.map((name, i) => ({ name, printed: there[i] ? PRINTED_STAND : undefined })));
    return { members, there, pieces };
  }

  function find(document: T, given: Readonly<Record<string, unknown>>): Alike | undefined {
    for (let i = 0; i < known.length; i++) {
      const alike = known[i];
      if (alike === undefined || !isAlike(alike.members, document)) continue;
      let same = true;
      for (let k = 0; k < varying.length; k++) same &&= alike.there[k] === (given[varying[k] ?? ""] !== "");
      if (!same) continue;
      if (i > 0) [known[i - 1], known[i]] = [alike, known[i - 1] ?? alike];
      missed = 0;
      return alike;
    }
    if (++missed > PATIENCE) return undefined;
    const made = share(given);
    if (made === undefined) return undefined;
    if (known.length >= MOST) known.pop();
    known.push(made);
    return made;
  }

  return (document) => {
    if (asked < FEW || missed > PATIENCE) {
      asked++;
      return shapeText(shape, document);
    }
    const given = document as Readonly<Record<string, unknown>>;
    const alike = find(document, given);
    if (alike === undefined) return shapeText(shape, document);
    let text = alike.pieces[0] ?? "";
    for (let i = 0; i < varying.length; i++) {
      const word = given[varying[i] ?? ""];
      if (word !== "") text += JSON.stringify(word);
      text += alike.pieces[i + 1] ?? "";
    }
    return text.includes("\\ud") ? shapeText(shape, document) : text; // a lone surrogate, or a text that spells one
  };
}
