// Whatever pattern is admitted answers within bounded time, on texts that are made to keep it busy.
import fc from "fast-check";
import { patternCost } from "../../core/mcp/pattern_cost.ts";
import { assert } from "../assert.ts";
import { property } from "./run.ts";

const atom = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", String.raw`\w`, "c", "-");
const count = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?");

const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  pattern: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { maxDepth: 4, depthIdentifier: "pattern" },
    fc.tuple(atom, count).map((parts) => parts.join("")),
    fc.tuple(tie("pattern"), count).map(([inner, how]) => `(?:${inner})${how}`),
    fc.tuple(tie("pattern"), tie("pattern"), count).map(([one, two, how]) => `(${one}|${two})${how}`),
  ),
}));

const LENGTHS = [2_000_000, 20_000, 2_000, 200] as const;

property(
  "a pattern that is admitted answers in time",
  fc.tuple(
    pattern,
    fc.constantFrom("", "^"),
    fc.constantFrom("", "$", "z$"),
    fc.constantFrom("a", "b", "ab", "aab", "a-", "c"),
  ),
  ([body, begin, end, unit]) => {
    const whole = `${begin}${body}${end}`;
    const cost = patternCost(whole);
    if (cost === undefined) return;
    const text = `${unit.repeat((LENGTHS[cost.degree] ?? 0) / cost.factor / unit.length / 2)}!`;
    const begun = performance.now();
    new RegExp(whole, "u").test(text);
    const took = performance.now() - begun;
    assert(took < 5_000, `${whole}: ${took} ms on ${text.length} characters`);
  },
);
