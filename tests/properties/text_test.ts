// Sets of texts: whatever their number, the order and the members are those that sorting all of them gives.
import fc from "fast-check";
import { byBytes, trim, trimmedSet } from "../../core/base/text.ts";
import { assertEquals } from "../assert.ts";
import { property } from "./run.ts";

const text = fc.oneof(
  fc.constantFrom("", " ", "a", "a ", "b", "\uffee", "\u{1f600}", "\u0085b"),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: "grapheme", maxLength: 3 }),
);

property("a set of few texts and one of many are put in order alike", fc.array(text, { maxLength: 40 }), (texts) => {
  const expected = [...new Set(texts.map(trim))].filter((one) => one !== "").sort(byBytes);
  assertEquals(trimmedSet(texts), expected);
  const few = texts.slice(0, 8);
  assertEquals(trimmedSet(few), [...new Set(few.map(trim))].filter((one) => one !== "").sort(byBytes));
});
