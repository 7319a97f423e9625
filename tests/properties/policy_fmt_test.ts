// What `policy fmt` promises, for policies however they are typed: the same policy, all comments, and the same text the next time.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { readYaml, yamlComments } from "../../core/base/yaml.ts";
import { readPlainYaml } from "../../core/base/yaml_plain.ts";
import { scalarText } from "../../core/base/yaml_scalar.ts";
import { yamlText } from "../../core/base/yaml_text.ts";
import { isNull } from "../../core/base/yaml_tree.ts";
import { plainOrQuoted } from "../../core/base/yaml_write.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { formatPolicy } from "../../core/gate/policy_fmt.ts";
import { printPolicy } from "../../core/gate/policy_print.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { type LoadedPolicy, policyFrom } from "../../core/gate/policy_source.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { anyText, type Dice, pick } from "../runtimes/dice.ts";
import { drawn, policyYaml } from "./gate_arbitrary.ts";
import { drawPolicy } from "./gate_policies.ts";
import { dress } from "./policy_dress.ts";
import { property } from "./run.ts";

const load = (text: string): LoadedPolicy => assertOk(readPolicy(utf8(text), "p.yaml"), text);
const digest = ({ policy }: LoadedPolicy): string => policyDigest(nodeHost.crypto, policy);
const sorted = (texts: readonly string[]): string[] => [...texts].sort();

// Texts of all kinds, and those that are nearly something else.
const NEARLY = [
  "null",
  "~",
  "True",
  "yes",
  "0x1F",
  "1_000",
  "1e3",
  ".5",
  "007",
  "0o7",
  "-1",
  "- a",
  "a: b",
  "a:",
  "#a",
  "a #b",
  "a#b",
  "[a",
  "a, b",
  "*a",
  "&a",
];
const anyScalar = (roll: Dice): string =>
  roll(2) === 0 ? anyText(roll, 9) : pick(roll, [
    ...NEARLY,
    "!t",
    "|",
    ">",
    "'a",
    '"a',
    "%a",
    "@a",
    "`a",
    "---",
    "...",
    "? a",
    "?a",
    "<<",
    "a\nb",
    "a\\b",
    " a",
    "a ",
    "",
  ]);

const dressed = drawn((roll) => dress(roll, drawPolicy(roll)));

property("fmt: the policy stays, every comment stays, and formatting again changes nothing", dressed, ({ text, comments }) => {
  const before = load(text);
  const formatted = formatPolicy(before);
  const after = load(formatted);
  assertEquals(after.policy, before.policy, formatted);
  assertEquals(digest(after), digest(before), formatted);
  assertEquals(sorted(yamlComments(after.source).map(({ text }) => text)), sorted(comments), `${text}\n---\n${formatted}`);
  assertEquals(formatPolicy(after), formatted, `${text}\n---\n${formatted}`);
});

property(
  "fmt: what comes out is block style, without anchors, tabs, trailing blanks or two blank lines",
  dressed,
  ({ text }) => {
    const formatted = formatPolicy(load(text));
    for (const line of formatted.split("\n")) {
      const code = line.replace(/(?:^| )#.*$/, "");
      assert(!/[ \t]$/.test(line) && !/: [&*[{](?![\]}]$)/.test(code), `${line}\n---\n${formatted}`);
    }
    assert(!formatted.includes("\n\n\n") && !formatted.includes("\r") && !formatted.startsWith("\n"), formatted);
  },
);

property("fmt: the full form is read as the same policy and comes out of itself", dressed, ({ text }) => {
  const before = load(text);
  const full = printPolicy(before.policy);
  const after = load(full);
  assertEquals(digest(after), digest(before), full);
  assertEquals(printPolicy(after.policy), full);
  assertEquals([yamlComments(after.source), formatPolicy(after)], [[], full], "one form of writing, in both");
});

property("fmt: the quick reader of plain YAML gives the same text", dressed, ({ text }) => {
  for (const one of [text, formatPolicy(load(text))]) {
    const source = readPlainYaml(assertOk(yamlText(utf8(one), "p.yaml")));
    if (source !== undefined) assertEquals(formatPolicy(assertOk(policyFrom(source, "p.yaml"))), formatPolicy(load(one)), one);
  }
});

property(
  "fmt: a text is written so that it is read as itself, plain where that is possible",
  drawn((roll) => anyScalar(roll)),
  (text) => {
    const written = plainOrQuoted(text);
    const read = assertOk(readYaml(utf8(`k: ${written}\nl:\n- ${written}\n- x: ${written} # c\n`), "t"), written).root;
    const values = read?.members.flatMap(({ value }) => value.kind === "list" ? value.items : [value]) ?? [];
    const scalars = values.map((value) => value.kind === "mapping" ? value.members[0]?.value : value);
    assertEquals(scalars.map((value) => value?.kind === "scalar" ? scalarText(value) : value), [text, text, text], written);
    assert(scalars.every((value) => value !== undefined && !isNull(value)), written);
    assertEquals(/^[a-z]+$/.test(text) && !["true", "false", "null"].includes(text), /^[a-z]+$/.test(written), written);
  },
);

property("fmt: JSON is formatted like any other policy", policyYaml, (text) => {
  const formatted = formatPolicy(load(text));
  assertEquals(formatPolicy(load(formatted)), formatted);
  assertEquals(fromUtf8(utf8(formatted)), formatted);
});
