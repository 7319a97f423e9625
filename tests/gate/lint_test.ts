// What lint finds, and where: each small policy of fixtures/policies/lint names all of its findings; and what is not told.
import { utf8 } from "../../core/base/bytes.ts";
import { type LintFinding, lintPolicy } from "../../core/gate/lint.ts";
import { LINT } from "../../core/gate/lint_codes.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { TEMPLATES } from "../../core/gate/templates.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

const FOLDER = new URL("../../fixtures/policies/lint/", import.meta.url);

const lint = (text: string): readonly LintFinding[] => lintPolicy(assertOk(readPolicy(utf8(text), "p.yaml")));

const codes = (text: string): readonly string[] => lint(text).map(({ code }) => code);

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

for (const name of names) {
  Deno.test(`lint: ${name} has exactly the findings that it names`, async () => {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    const expected = [...text.matchAll(/^# finds: (.*)$/gm)].map(([, finding]) => finding);
    const found = lint(text).map(({ line, column, code, rule }) => `${line}:${column} ${code} ${rule}`.trimEnd());
    assertEquals(found, expected);
    assert(
      found.some((finding) => finding.includes(name.replace(/\.yaml$/, "")) || name.startsWith(finding.split(" ")[1] ?? "-")),
    );
  });
}

Deno.test("lint: every code has a policy that shows it", async () => {
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, FOLDER))));
  const shown = new Set(texts.flatMap((text) => [...text.matchAll(/^# finds: \S+ (\S+)/gm)].map(([, code]) => code ?? "")));
  assertEquals([...shown].sort(), Object.keys(LINT).sort());
});

Deno.test("lint: exactly these members of a finding, and of one that shows a call", () => {
  const [first, second] = lint(`default_verdict: block
rules:
- {name: a, effect: allow, match: {tool_name: x, risk_classes: [low]}}
- {name: b, effect: block, match: {tool_names: [x, y], provenance_sources: [external, use]}}
`);
  const { severity, remedy } = LINT.tier_disagrees;
  assertEquals(first, {
    code: "tier_disagrees",
    severity,
    rule: "a",
    message: 'The rule and "b" (block, priority 0) of the same tier disagree and block wins, ' +
      'for example with tool_names "x", risk_classes "low", provenance_sources "external"',
    remedy,
    related: ["b"],
    example: {
      tool_name: "x",
      targets: [],
      arg_provenance: [{ arg_path: "example", source: "external" }],
      context: { identity: "example.identity", workspace: "/example", risk_class: "low" },
    },
    line: 3,
    column: 3,
  });
  assertEquals(second, {
    code: "unknown_word",
    severity: "warning",
    rule: "b",
    message: 'No call can have "use" in provenance_sources, did you mean "user"',
    remedy: LINT.unknown_word.remedy,
    line: 4,
    column: 87,
  });
});

Deno.test("lint: a last rule that blocks or asks without conditions is a deliberate one, any other is told", () => {
  const policy = (last: string) =>
    `default_verdict: block
rules:
- {name: read, priority: 1, effect: allow, match: {tool_name: x, risk_classes: [low]}}
- {name: rest, priority: 2, ${last}}
`;
  assertEquals(codes(policy("effect: block")), []);
  assertEquals(codes(policy("effect: require_approval, require_broker_credential: true")), []);
  assertEquals(codes(policy("effect: allow, require_broker_credential: true")), ["matches_everything"]);
  assertEquals(codes(policy("effect: block, match: {tool_annotations: {}}")), []);
});

Deno.test("lint: an allow that a broader block of a later tier follows is an exception, and not told", () => {
  assertEquals(
    codes(`default_verdict: block
rules:
- {name: read-mine, priority: 1, effect: allow, match: {tool_name: x, identities: [a], risk_classes: [low]}}
- {name: read, priority: 2, effect: block, match: {tool_name: x}}
`),
    [],
  );
});

Deno.test("lint: rules that cannot meet do not disagree", () => {
  const pairs = [
    ["risk_classes: [low], tool_name: x", "tool_name: y"],
    ["risk_classes: [low]", "risk_classes: [high]"],
    ["risk_classes: [low], identities: [a]", "identities: [A]"],
    ["risk_classes: [low], workspace_prefixes: [/a/]", "workspace_prefixes: [/b/]"],
    ["risk_classes: [low], skill_publishers: [acme]", "skill_publishers: [other]"],
    ["risk_classes: [low], max_delegation_depth: 0", "allowed_delegator_identities: [a]"],
  ];
  for (const [a, b] of pairs) {
    const text = `default_verdict: block
rules:
- {name: a, effect: allow, match: {${a}}}
- {name: b, effect: block, match: {${b}}}
`;
    assertEquals(codes(text).filter((code) => code !== "delegation_claimed"), [], text);
  }
});

Deno.test("lint: rules that meet on different targets, and under one delegation, disagree", () => {
  const pairs = [
    ["target_kinds: [path]", "destination_kinds: [url]"],
    ["data_classes: [pii]", "data_classes: [secret]"],
    ["tool_annotations: {readOnlyHint: true}", "tool_annotations: {readOnlyHint: false}"],
    ["workspace_prefixes: [/a/]", "workspace_prefixes: [/a/b/]"],
    ["allowed_delegator_identities: [a]", "allowed_delegator_identities: [b]"],
    ["allowed_delegate_identities: [a]", "allowed_delegate_identities: [b]"],
    ["delegation_scopes: [a]", "delegation_scopes: [b]"],
    ["skill_publishers: [acme]", "skill_sources: [registry]"],
    ["context_tool_names: [x]", "context_data_classes: [pii]"],
    ["endpoint_classes: [fs.read]", "discovery_method: [mcp]"],
  ];
  for (const [a, b] of pairs) {
    const text = `default_verdict: block
rules:
- {name: a, effect: require_approval, match: {tool_name: t, risk_classes: [low], ${a}}}
- {name: b, effect: block, match: {tool_name: t, ${b}}}
`;
    assert(codes(text).some((code) => code.startsWith("tier_")), text);
  }
});

Deno.test("lint: a condition whose list holds every word asks for one target or argument of any kind", () => {
  const kinds = "path, url, host, repo, bucket, table, queue, topic, other";
  const policy = (match: string) =>
    `default_verdict: block
rules:
- {name: a, priority: 1, effect: block, match: {target_kinds: [${kinds}]}}
- {name: b, priority: 2, effect: block, match: {${match}}}
`;
  assertEquals(codes(policy("data_classes: [pii]")), ["shadowed"]);
  assertEquals(codes(policy("tool_name: x")), []);
});

Deno.test("lint: many words are split only as far as needed, and too many are left alone", () => {
  const words = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const policy = (count: number) =>
    `default_verdict: block
rules:
${words(count, "t").map((tool) => `- {name: ${tool}, priority: 1, effect: block, match: {tool_name: ${tool}}}`).join("\n")}
- {name: all, priority: 2, effect: block, match: {tool_names: [${words(count, "t").join(", ")}], identities: [a, b, c, d]}}
`;
  assertEquals(codes(policy(500)), ["shadowed"]);
  assertEquals(codes(policy(600)), []);
});

Deno.test("lint: a default verdict that lets calls through is told only where it does, and where nothing blocks", () => {
  const graves = (text: string) => lint(text).filter(({ severity }) => severity !== "info").map(({ code }) => code);
  const rule = (more: string) => `default_verdict: allow\nrules:\n- {name: r, effect: allow, match: {tool_name: x}${more}}\n`;
  const BARE = "default_allow_without_block";
  const DESTRUCTIVE = "destructive_by_default";
  assertEquals(graves("default_verdict: allow\n"), [BARE, DESTRUCTIVE]);
  assertEquals(graves("default_verdict: dry_run\n"), [DESTRUCTIVE]);
  assertEquals(graves("default_verdict: require_approval\n"), []);
  assertEquals(graves(rule("")), [BARE, DESTRUCTIVE]);
  assertEquals(graves("default_verdict: allow\nfail_closed: {enabled: true}\n"), [DESTRUCTIVE]);
  for (
    const demand of [
      "allowed_agent_ids: [a]",
      "require_jit_credential: true",
      "max_context_age_seconds: 1",
      "sandbox: {enabled: true}",
    ]
  ) {
    assertEquals(graves(rule(`, ${demand}`)), [DESTRUCTIVE], demand);
  }
  assertEquals(graves(rule(", endpoint: {destructive_action: block}")), []);
  assertEquals(graves("default_verdict: allow\nrules:\n- {name: r, effect: block}\n"), []); // the default is never asked
});

Deno.test("lint: the templates of policy init give no warning", () => {
  for (const [name, { text }] of Object.entries(TEMPLATES)) {
    assertEquals(lint(text).filter(({ severity }) => severity !== "info"), [], name);
  }
});

Deno.test("lint: a policy of 2,000 rules is looked at in a second or two", () => {
  const rules = Array.from({ length: 2000 }, (_, i) => {
    const effect = ["allow", "block", "require_approval"][i % 3];
    return `- {name: r${i}, priority: ${i % 7}, effect: ${effect}, match: {tool_names: [t${i % 400}, t${
      i % 399
    }], risk_classes: [low]}}`;
  });
  const started = performance.now();
  assert(lint(`default_verdict: block\nrules:\n${rules.join("\n")}\n`).length > 0);
  assert(performance.now() - started < 20_000);
});
