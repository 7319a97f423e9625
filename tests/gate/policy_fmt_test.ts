// `policy fmt` by example: where comments end up, what is moved, what is written how. That nothing is lost is a property.
import { utf8 } from "../../core/base/bytes.ts";
import { formatPolicy } from "../../core/gate/policy_fmt.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { assertEquals, assertOk } from "../assert.ts";

const fmt = (text: string): string => formatPolicy(assertOk(readPolicy(utf8(text), "p.yaml")));

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

/** What the author wrote, and what comes out; both again after a rule's `- name: a` and `effect: allow`. */
const table = (cases: Readonly<Record<string, readonly [string, string]>>, wrap = (text: string) => text) => {
  for (const [name, [before, after]] of Object.entries(cases)) {
    assertEquals(fmt(wrap(before)), wrap(after), name);
    assertEquals(fmt(wrap(after)), wrap(after), `${name}, again`);
  }
};

const inRule = (text: string): string => `rules:\n- name: a\n  effect: allow\n${text}`;
const inMatch = (text: string): string => inRule(`  match:\n${text}`);

Deno.test("fmt: collections in block style, dashes under their key, values normalized, sets sorted", () => {
  table({
    "the recorded case": [
      "# comment\nrules:\n  - {name: b, priority: 2, effect: Allow, match: {tool_name: X.Y}}\n" +
      "  - {name: a, priority: 1, effect: block, reason_codes: [z, a, z]}\n",
      lines(
        "# comment",
        "rules:",
        "- name: b",
        "  priority: 2",
        "  effect: allow",
        "  match:",
        "    tool_names:",
        "    - x.y",
        "- name: a",
        "  priority: 1",
        "  effect: block",
        "  reason_codes:",
        "  - a",
        "  - z",
      ),
    ],
    "nothing, and nothing but comments": ["", ""],
    "comments alone": ["\n\n# one\n\n\n\n# two\n\n", "# one\n\n# two\n"],
    "empty collections": ["rules: [ ]\nscripts: { }\n", "rules: []\nscripts: {}\n"],
    "a root in brackets": ["{rules: []} # c\n# d\n", "rules: [] # c\n# d\n"],
    "an empty root": ["{ # c\n}\n# d", "# c\n# d\n{}\n"],
    "what is nothing stays nothing": ["rules:\nschema_id: ~\n", "rules: null\nschema_id: null\n"],
    "marks and directives": ["%YAML 1.2\n---   # c\nrules: []\n...\n", "# c\nrules: []\n"],
    "CRLF and a byte order mark": ["\ufeffrules: []\r\n# c\r\n", "rules: []\n# c\n"],
  });
});

Deno.test("fmt: scalars by what they are read as", () => {
  table({
    "numbers": ["  priority: 0x10\n  min_approvals: '3'\n", "  priority: 16\n  min_approvals: 3\n"],
    "truths": ["  require_agent_owner: TRUE\n", "  require_agent_owner: true\n"],
    "texts": [
      "  broker_reference: '  a: b '\n  reason_codes: [007, 1.50, \"true\", 'yes', '#x', x#y, 'null', \"\\t\", '- z', 2024-01-01]\n",
      '  broker_reference: "a: b"\n' +
      '  reason_codes:\n  - "#x"\n  - "- z"\n  - "1.5"\n  - 2024-01-01\n  - "7"\n  - "null"\n  - "true"\n  - x#y\n  - yes\n',
    ],
    "block scalars": [
      "  freeze_window:\n    timezone: UTC\n    reason: |\n      one\n      two\n    windows: [{start: a, end: b}]\n",
      '  freeze_window:\n    timezone: UTC\n    reason: "one\\ntwo"\n    windows:\n    - start: a\n      end: b\n',
    ],
  }, inRule);
});

Deno.test("fmt: aliases of fields move to their targets, with what stands around them", () => {
  table({
    "tool_name": ["    tool_name: X # c\n", "    tool_names: # c\n    - x\n"],
    "a set by bytes, not by what a language takes for letters": [
      "    tool_names: ['\u{1f600}', '\uffee', z, 10, 9]\n",
      '    tool_names:\n    - "10"\n    - "9"\n    - z\n    - \uffee\n    - \u{1f600}\n',
    ],
    "tool_name beside tool_names": [
      "    # one\n    tool_names: [Z, a] # c\n    # two\n    tool_name: m # d\n",
      "    # one\n    # two\n    # d\n    tool_names: # c\n    - a\n    - m\n    - z\n",
    ],
    "endpoint_class": ["    endpoint_class: [FS.read, fs.write]\n", "    endpoint_classes:\n    - fs.read\n    - fs.write\n"],
  }, inMatch);
  table({
    "default_action": ["default_action: BLOCK # c\n", "default_verdict: block # c\n"],
    "both, which agree": ["default_action: block\ndefault_verdict: Block\n", "default_verdict: block\n"],
    "a blank target": ["default_verdict: ''\ndefault_action: allow\n", "default_verdict: allow\n"],
    "action": ["rules:\n- action: deny\n  name: a\n".replace("deny", "block"), "rules:\n- effect: block\n  name: a\n"],
    "an action that is no alias": [
      inRule("  dataflow: {action: block}\n"),
      inRule("  dataflow:\n    action: block\n"),
    ],
  });
});

Deno.test("fmt: comments stay with what they are about", () => {
  table({
    "above and behind": [
      "  # above\n  match:   # behind\n  - x\n".replace("  - x\n", "    {}\n"),
      "  # above\n  match: {} # behind\n",
    ],
    "above an item that moves": [
      "  reason_codes: # codes\n  # about z\n  - z # z\n  # about a\n  - a\n",
      "  reason_codes: # codes\n  # about a\n  - a\n  # about z\n  - z # z\n",
    ],
    "of items that become one": [
      "  reason_codes:\n  # one\n  - a # 1\n  # two\n  - ' a ' # 2\n  - # nothing\n",
      "  reason_codes:\n  # one\n  # two\n  # 2\n  - a # 1\n  # nothing\n",
    ],
    "in brackets": [
      "  reason_codes: [ # open\n    b, # bee\n    # about a\n    a\n    # last\n  ] # close\n",
      "  # close\n  reason_codes: # open\n  # about a\n  - a\n  - b # bee\n  # last\n",
    ],
    "in empty brackets": ["  reason_codes: [\n    # none yet\n  ]\n", "  # none yet\n  reason_codes: []\n"],
    "behind brackets that open behind a value": [
      "  match: {tool_names: [a], target_kinds: [ # kinds\n    url]}\n",
      "  match:\n    tool_names:\n    - a\n    target_kinds: # kinds\n    - url\n",
    ],
    "behind a value in brackets": ["  reason_codes: [b, a] # why\n", "  reason_codes: # why\n  - a\n  - b\n"],
    "a field that is commented out": [
      "  match:\n     tool_names: [a]\n     # risk_classes: [high]\n  # min_approvals: 2\n",
      "  match:\n    tool_names:\n    - a\n    # risk_classes: [high]\n  # min_approvals: 2\n",
    ],
    "between a key and its value": ["  broker_reference:\n    # c\n    x\n", "  # c\n  broker_reference: x\n"],
    "in the head of a block scalar": ["  broker_reference: > # c\n    x # y\n", '  broker_reference: "x # y" # c\n'],
  }, inRule);
  table({
    "between rules, and behind the last": [
      "rules:\n    # about a\n  - name: a\n    effect: allow\n    # end of a\n  # about b\n\n  - # dash\n    name: b\n    effect: allow\n\n  # end\n# foot\n",
      lines(
        "rules:",
        "# about a",
        "- name: a",
        "  effect: allow",
        "  # end of a",
        "# about b",
        "",
        "# dash",
        "- name: b",
        "  effect: allow",
        "",
        "# end",
        "# foot",
      ),
    ],
  });
});

Deno.test("fmt: one blank line stays where the author left some, but not where a collection opens", () => {
  table({
    "between members": ["\n\nrules:\n\n\n- name: a\n\n\n\n  effect: allow\n\n\n", "rules:\n- name: a\n\n  effect: allow\n"],
    "around comments": ["rules: []\n\n\n# c\n\n\nscripts: {}\n", "rules: []\n\n# c\n\nscripts: {}\n"],
  });
});

Deno.test("fmt: what an alias or a merge key stands for is written out", () => {
  const text = lines(
    "rules:",
    "- name: a",
    "  effect: allow",
    "  match: &m # once",
    "    tool_names: &t [b, a]",
    "- name: b",
    "  effect: allow",
    "  match: *m # again",
    "- name: c",
    "  effect: allow",
    "  match:",
    "    <<: *m",
    "    risk_classes: [low]",
    "  reason_codes: *t",
  );
  assertEquals(
    fmt(text),
    lines(
      "rules:",
      "- name: a",
      "  effect: allow",
      "  match: # once",
      "    tool_names:",
      "    - a",
      "    - b",
      "- name: b",
      "  effect: allow",
      "  match: # again",
      "    tool_names:",
      "    - a",
      "    - b",
      "- name: c",
      "  effect: allow",
      "  match:",
      "    tool_names:",
      "    - a",
      "    - b",
      "    risk_classes:",
      "    - low",
      "  reason_codes:",
      "  - a",
      "  - b",
    ),
  );
});

Deno.test("fmt: comments inside of what is anchored stay there", () => {
  const rule = (name: string, match: readonly string[]) => lines(`- name: ${name}`, "  effect: allow", ...match);
  const anchored = ["  # above", "  match: &m", "    # about b", "    tool_names: # names", "    - b # bee", "    # below"];
  const plain = ["  # above", "  match:", "    # about b", "    tool_names: # names", "    - b # bee", "    # below"];
  const bare = ["  match:", "    tool_names:", "    - b"];
  assertEquals(
    fmt(`rules:\n${rule("a", anchored)}${rule("b", ["  match: *m"])}${rule("c", ["  match:", "    <<: *m"])}`),
    `rules:\n${rule("a", plain)}${rule("b", bare)}${rule("c", bare)}`,
  );
});
