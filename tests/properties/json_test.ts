// The strict reader and the canonical writer against independent ones: a printer of every spelling, and JSON.parse.
import { parse } from "@std/jsonc";
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalBytes, canonicalText } from "../../core/base/canonical.ts";
import { type Json, readJson, readJsonLines } from "../../core/base/json.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { property } from "./run.ts";

// Names that trip readers built on plain objects, and names whose order differs by unit and by code point.
const words = fc.constantFrom("", ..."__proto__ constructor toJSON length 0 10 9 -1 a \u{1f600} \ufb33 \ue000".split(" "));
const text = fc.oneof(words, fc.string({ unit: "binary", maxLength: 12 }), fc.string({ unit: "binary-ascii", maxLength: 12 }));
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 1e-7, 2 ** 53, 5e-324, Number.MAX_VALUE),
);
const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    fc.oneof(fc.constantFrom<Json>(null, true, false), number, text),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.uniqueArray(fc.tuple(text, tie("value")), { maxLength: 5, selector: ([name]) => name }).map(Object.fromEntries),
  ),
}));
const seed = fc.integer({ min: 1, max: 2 ** 31 - 2 });
type Dice = (sides: number) => number;

/** Numbers below `sides` that follow from the seed alone (Lehmer). */
const diceOf = (start: number): Dice => {
  let state = start;
  return (sides) => (state = state * 48271 % (2 ** 31 - 1)) % sides;
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Prints a value in one of its spellings: members in any order, any white space, any escapes, numbers in any form. */
const spelled = (value: Json, roll: Dice, feeds: boolean): string => {
  const blank = () => Array.from({ length: roll(3) }, () => " \t\r\n".charAt(roll(feeds ? 4 : 3))).join("");
  const hex = (unit: number) => roll(2) === 0 ? unit.toString(16) : unit.toString(16).toUpperCase();
  const escape = (char: string) =>
    Array.from({ length: char.length }, (_, i) => `\\u${hex(char.charCodeAt(i)).padStart(4, "0")}`).join("");
  const spell = (char: string) =>
    roll(3) === 0 ? escape(char) : char === "/" && roll(2) === 0 ? "\\/" : JSON.stringify(char).slice(1, -1);
  const quote = (plain: string) => `"${[...plain].map(spell).join("")}"`;
  const exponential = (n: number) => Object.is(n, -0) ? "-0e5" : n.toExponential();
  const print = (part: Json): string => {
    if (typeof part === "string") return quote(part);
    if (typeof part === "number") {
      return roll(2) === 0 ? plainNumber(part) : exponential(part).replace("e", "eE".charAt(roll(2)));
    }
    if (part === null || typeof part === "boolean") return String(part);
    const parts = isList(part)
      ? part.map((item) => spelled(item, roll, feeds))
      : shuffled(Object.entries(part), roll).map(([name, item]) =>
        `${blank()}${quote(name)}${blank()}:${spelled(item, roll, feeds)}`
      );
    const inside = parts.length === 0 ? blank() : parts.join(",");
    return isList(part) ? `[${inside}]` : `{${inside}}`;
  };
  return `${blank()}${print(value)}${blank()}`;
};

const shuffled = <T>(list: readonly T[], roll: Dice): T[] =>
  list.map((item) => ({ item, rank: roll(1000) })).sort((a, b) => a.rank - b.rank).map(({ item }) => item);

const plainNumber = (n: number): string => Object.is(n, -0) ? "-0" : String(n);

/** RFC 8785 once more: recursive, own sort by UTF-16 unit, own escapes. `spell` prints numbers. */
const independent = (value: Json, spell: (n: number) => string): string => {
  if (typeof value === "number") return spell(value);
  if (typeof value === "string") return `"${[...value].map(escaped).join("")}"`;
  if (value === null || typeof value === "boolean") return `${value}`;
  if (isList(value)) return `[${value.map((item) => independent(item, spell)).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => byUnits(a, b));
  return `{${members.map(([name, item]) => `${independent(name, spell)}:${independent(item, spell)}`).join()}}`;
};

const SHORT: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

const escaped = (char: string): string =>
  SHORT[char] ?? (char < " " ? `\\u00${char.charCodeAt(0).toString(16).padStart(2, "0")}` : char);

const byUnits = (a: string, b: string): number => {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.charCodeAt(i) - b.charCodeAt(i);
  }
  return a.length - b.length;
};

/** One text for equal values, another for different ones; -0 is not 0. */
const identity = (value: Json): string => independent(value, plainNumber);

const spelling = fc.record({ value: anyValue, dice: seed });

property("JSON: a value reads back equal, however it is spelled", spelling, ({ value, dice }) => {
  for (const feeds of [true, false]) {
    const printed = spelled(value, diceOf(dice), feeds);
    for (const rules of [{}, { text: "replace" } as const]) {
      assertEquals(identity(assertOk(readJson(utf8(printed), "x", rules), printed)), identity(value), printed);
    }
  }
});

property("JSON: compact text (the fast path) and padded text (the scanner) read alike", anyValue, (value) => {
  const compact = JSON.stringify(value);
  const fast = identity(assertOk(readJson(utf8(compact), "x")));
  for (const slow of [JSON.stringify(value, undefined, 2), `${compact} `, `\n${compact}`]) {
    assertEquals(identity(assertOk(readJson(utf8(slow), "x"))), fast, compact);
  }
});

property("JSON lines: as many objects as lines, each as it was", fc.array(spelling, { maxLength: 8 }), (records) => {
  const lines = records.map(({ value, dice }) => spelled({ value }, diceOf(dice), false));
  const objects = assertOk(readJsonLines(utf8(lines.join("\n")), "x"));
  assertEquals(objects.map(identity), records.map(({ value }) => identity({ value })));
});

property("canonical JSON: idempotent, and equal to an independent implementation", spelling, ({ value, dice }) => {
  const canonical = canonicalText(value);
  assertEquals(canonical, independent(value, String));
  assertEquals(canonicalText(assertOk(readJson(canonicalBytes(value), "x"))), canonical);
  const respelled = assertOk(readJson(utf8(spelled(value, diceOf(dice), true)), "x"));
  assertEquals(canonicalText(respelled), canonical);
});

const ALPHABET = [
  ...'{}[],:"\\/ue0123456789.-+ \n\r\ttrfnlsdD8cCbB\u0000\u001f\u007f\u00a0\ufeff\ufffd\u{1f600}',
  "\\ud83d",
  "\\ude00",
  "1e400",
];

/** Changes a text in a few places: pieces dropped, doubled, moved, or put in from the alphabet of JSON. */
const damaged = (printed: string, roll: Dice): string => {
  let out = printed;
  for (let edits = roll(4); edits >= 0; edits--) {
    const at = roll(out.length + 1);
    const to = Math.min(out.length, at + roll(8));
    const piece = [out.slice(at, to), ALPHABET[roll(ALPHABET.length)] ?? "", '"a":1,'][roll(3)] ?? "";
    const into = roll(2) === 0 ? at : roll(out.length + 1);
    out = roll(2) === 0 ? out.slice(0, at) + out.slice(to) : out.slice(0, into) + piece + out.slice(into);
  }
  return out;
};

type Facts = { members: number; depth: number; lone: boolean; infinite: boolean };

const factsOf = (value: Json): Facts => {
  const facts = { members: 0, depth: 0, lone: false, infinite: false };
  const walk = (part: Json, depth: number): void => {
    facts.depth = Math.max(facts.depth, depth);
    if (typeof part === "string") facts.lone ||= !part.isWellFormed();
    else if (typeof part === "number") facts.infinite ||= !Number.isFinite(part);
    else if (typeof part === "object" && part !== null) {
      const entries = Object.entries(part);
      if (!isList(part)) facts.members += entries.length;
      for (const [name, item] of entries) {
        facts.lone ||= !name.isWellFormed();
        walk(item, depth + 1);
      }
      if (entries.length === 0) facts.depth = Math.max(facts.depth, depth + 1);
    }
  };
  walk(value, 0);
  return facts;
};

/** JSON.parse tells what is JSON; what a text with a backslash says is left to a reader whose names it cannot mix up (json_parse.ts). */
const parsed = (printed: string): { readonly value: Json } | undefined => {
  try {
    const value: Json = JSON.parse(printed);
    return { value: printed.includes("\\") ? parse(printed) : value };
  } catch {
    return undefined;
  }
};

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Our verdict must be that of JSON.parse, but for what is refused on purpose; that is looked for in another way. */
const agrees = (bytes: Uint8Array, maxDepth: number): void => {
  const printed = decoder.decode(bytes);
  const ours = readJson(bytes, "x", { maxDepth });
  const theirs = parsed(printed);
  const code = ours.ok ? "" : ours.fault.code;
  if (theirs === undefined) return assert(!ours.ok, `accepted what JSON.parse refuses: ${printed}`);
  assert(code !== "json_syntax", `refused what JSON.parse accepts: ${printed}`);
  const facts = factsOf(theirs.value);
  // A colon outside of text stands for a member; one more than there are means that one was there twice.
  const colons = printed.replace(/"(?:[^"\\]|\\.)*"/gs, "").split(":").length - 1;
  const reasons = [
    ...(colons > facts.members ? ["json_duplicate_key", "json_lone_surrogate", "json_number_range", "json_too_deep"] : []),
    ...(facts.lone ? ["json_lone_surrogate"] : []),
    ...(facts.infinite ? ["json_number_range"] : []),
    ...(facts.depth > maxDepth ? ["json_too_deep"] : []),
    ...(new TextEncoder().encode(printed).join() === bytes.join() ? [] : ["text_encoding"]),
  ];
  if (ours.ok) {
    assertEquals(reasons, [], `accepted in spite of it: ${printed}`);
    assertEquals(identity(ours.value), identity(theirs.value), printed);
  } else assert(reasons.includes(code), `refused as ${code} without reason (${reasons}): ${printed}`);
};

property(
  "JSON: the verdict on damaged text is that of JSON.parse, but for what is refused on purpose",
  spelling,
  ({ value, dice }) => {
    const roll = diceOf(dice);
    for (let tries = 0; tries < 20; tries++) {
      const printed = roll(2) === 0 ? JSON.stringify(value) : spelled(value, roll, true);
      agrees(utf8(damaged(printed, roll)), roll(4) === 0 ? 3 : 512);
    }
  },
);

property("JSON: the same for damaged bytes, and replacing never throws", spelling, ({ value, dice }) => {
  const roll = diceOf(dice);
  for (let tries = 0; tries < 20; tries++) {
    const bytes = utf8(roll(2) === 0 ? JSON.stringify(value) : spelled(value, roll, true));
    for (let edits = roll(3); edits >= 0; edits--) bytes[roll(bytes.length)] = roll(256);
    agrees(bytes, 512);
    const read = readJson(bytes, "x", { text: "replace" });
    if (read.ok) assert(!factsOf(read.value).lone);
    readJsonLines(bytes, "x");
  }
});

property(
  "JSON: a document that was cut is refused, wherever it was cut",
  fc.record({ value: anyValue, dice: seed }),
  ({ value, dice }) => {
    for (const printed of [JSON.stringify([value]), `{"a":${spelled(value, diceOf(dice), true)}}`]) {
      const bytes = utf8(printed);
      assertOk(readJson(bytes, "x"));
      for (let end = 0; end < bytes.length; end++) {
        const read = readJson(bytes.subarray(0, end), "x");
        const codes: readonly string[] = ["json_syntax", "text_encoding", "json_lone_surrogate"];
        assert(!read.ok && codes.includes(read.fault.code), `cut at ${end}: ${printed}`);
      }
    }
  },
);

property("JSON: replacing reads what JSON.parse reads with every lone surrogate replaced", fc.array(fc.nat(5)), (pieces) => {
  const parts = ["\\ud83d", "\\ude00", "\\uDBff", "a", "\\\\", "\\u0041"];
  const inner = pieces.map((piece) => parts[piece] ?? "").join("");
  const value: unknown = JSON.parse(`"${inner}"`);
  assert(typeof value === "string");
  assertEquals(assertOk(readJson(utf8(`"${inner}"`), "x", { text: "replace" })), value.toWellFormed());
  assertEquals(readJson(utf8(`"${inner}"`), "x").ok, value.isWellFormed());
});

property(
  "JSON: line and column are those of a count by splitting",
  fc.array(spelling, { minLength: 1, maxLength: 4 }),
  (items) => {
    const before = `[${items.map(({ value, dice }) => spelled(value, diceOf(dice), true)).join(",")},`;
    const read = readJson(utf8(`${before}@`), "x");
    const lines = before.split("\n");
    assert(!read.ok && read.fault.code === "json_syntax");
    assertEquals(read.fault.at, { line: lines.length, column: [...lines.at(-1) ?? ""].length + 1 });
  },
);
