// The quick reader of YAML against the whole one: where it gives a tree, it is the tree of the whole reader, places and all.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { readWholeYaml, readYaml } from "../../core/base/yaml.ts";
import { readPlainYaml } from "../../core/base/yaml_plain.ts";
import { yamlText } from "../../core/base/yaml_text.ts";
import { damaged, type Dice, diceOf, pick } from "../runtimes/dice.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { drawPolicy, yamlOf } from "./gate_policies.ts";
import { dress } from "./policy_dress.ts";
import { property } from "./run.ts";

const agree = (text: string): boolean => {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  const whole = assertOk(readWholeYaml(text, "it"), `the quick reader took ${JSON.stringify(text)}`);
  assertEquals(plain, whole, JSON.stringify(text));
  return true;
};

const STYLES = ["block", "flow", "json"] as const;
const written = (roll: Dice): string => yamlOf(drawPolicy(roll), pick(roll, STYLES));

const PIECES = [
  ..."a|b: 1|rules:|- name: r|  effect: allow|    - x|- |  - name: z|match: {a: [x, y], b: 'q'}|[a, b]|# c| # d|'it''s'|\"a\\nb\""
    .split("|"),
  ...'\n|\n|\n|  |\n  |\n    |\n- |\n  - |: |,|{|}|[|]|1|-1|1.5|~|null|true|a:b|a #b|a# b|*x|&x|>|!|? |-|--- |...|"k": 1|"|\''
    .split("|"),
  ..."k:\n|k: v\n|k: \n|  k: v\n|    k: v\n|- k: v\n|  j: w\n|- v\n|  - v\n|/a/**|*.x|$x|a, b|é|x y|#|k: [a,b]\n|k: {a: 1, b: [x]}\n"
    .split("|"),
  ..."@ ` % = ~x ^a . .. 2024-01-01 0x10 <<: x \r\n \t \ufeff \u2028 | |- !!str".split(" "),
];

const pieces = (roll: Dice): string => Array.from({ length: 1 + roll(9) }, () => pick(roll, PIECES)).join("");

// A good text with a few pieces put in.
function spoiled(roll: Dice): string {
  let text = written(roll);
  for (let times = 1 + roll(3); times > 0; times--) {
    const at = roll(text.length + 1);
    text = `${text.slice(0, at)}${pick(roll, PIECES)}${text.slice(at + roll(4))}`;
  }
  return text;
}

const many = <T>(make: (roll: Dice) => T): fc.Arbitrary<readonly T[]> =>
  fc.integer({ min: 1, max: 2 ** 31 - 2 }).map((seed) => {
    const roll = diceOf(seed);
    return Array.from({ length: 40 }, () => make(roll));
  });

// Without this the others would say little.
property("yaml: nearly all policies as people write them are taken by the quick reader", many(written), (texts) => {
  const taken = texts.filter(agree).length;
  assert(taken >= 30, `${taken} of ${texts.length}`);
});

property("yaml: the quick reader agrees on texts that are nearly policies", many(spoiled), (texts) => void texts.map(agree));

property("yaml: the quick reader agrees on texts of pieces", many(pieces), (texts) => void texts.map(agree));

property(
  "yaml: the quick reader agrees however a policy is typed",
  many((roll) => dress(roll, drawPolicy(roll)).text.replace(/^\ufeff/, "")),
  (texts) => void texts.map(agree),
);

const CODES: readonly string[] = ["yaml_syntax", "yaml_duplicate_key", "yaml_too_large", "text_encoding"];

property("yaml: any bytes give a tree or a fault with its place", many((roll) => damaged(roll, utf8(spoiled(roll)))), (all) => {
  for (const bytes of all) {
    const read = readYaml(bytes, "it");
    if (read.ok) continue;
    const { at, code } = read.fault;
    assert(CODES.includes(code), code);
    const text = yamlText(bytes, "it");
    const rows = text.ok ? text.value.split("\n").length : bytes.length + 1;
    assert((at?.line ?? 0) > 0 && (at?.line ?? 0) <= rows && (at?.column ?? 0) > 0, JSON.stringify(read.fault));
    assert(at?.frame !== undefined || code === "text_encoding", JSON.stringify(read.fault));
  }
});
