// Reading a policy: what its fields take, what is refused and where, and the words that help.
import { utf8 } from "../../core/base/bytes.ts";
import type { Fault } from "../../core/base/result.ts";
import { placeOf, readPolicy } from "../../core/gate/policy_read.ts";
import type { Policy } from "../../core/gate/types.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { gateCases } from "./cases.ts";

const load = (text: string) => readPolicy(utf8(text), "p.yaml");
const policy = (text: string): Policy => assertOk(load(text), text).policy;
const rule = (text: string): Policy["rules"][number] => {
  const [first] = policy(`rules:\n  - {name: r, effect: allow, ${text}}\n`).rules;
  if (first === undefined) throw new Error("no rule");
  return first;
};

Deno.test("policy: values as spec 02, section 2.1 reads them", () => {
  assertEquals(rule("priority: 0x10").priority, 16);
  assertEquals(rule("priority: '3'").priority, 3);
  assertEquals(rule("priority: ~").priority, 0, "null is absent");
  assertEquals(rule("reason_codes: [true, 2024-01-01, 7, 1.50, null, ' b ', '', b]").reason_codes, [
    "1.5",
    "2024-01-01",
    "7",
    "b",
    "true",
  ]);
  assertEquals(rule("match: {tool_names: [null, X, 007]}").match.tool_names, ["7", "x"]);
  assertEquals(rule("match: {tool_name: Yes}").match.tool_names, ["yes"]);
  assertEquals(rule("require_agent_owner: TRUE").require_agent_owner, true);
  assertEquals(rule("match: {max_delegation_depth: 0}").match.max_delegation_depth, 0);
  assertEquals(rule("match: {max_delegation_depth: null}").match.max_delegation_depth, undefined);
  assertEquals(rule("match: {tool_annotations: {readOnlyHint: false}}").match.tool_annotations?.readOnlyHint, false);
  const [beyond, sandbox] = [2 ** 53 + 2, "sandbox: {enabled: true, allowed_network_modes: [disabled], max_timeout_seconds"];
  assertEquals(rule(`${sandbox}: ${beyond}}`).sandbox?.max_timeout_seconds, beyond);
  assertEquals(rule(`${sandbox}: ${beyond}}`).sandbox?.required_read_only_roots, []);
  for (const nothing of ["", "# none\n", "{}", "rules:\n", "rules: ~\nfail_closed: null\n", "---\n"]) {
    assertEquals(policy(nothing), policy(""), nothing);
  }
});

// Text, then line, column and end of what is underlined, pointer, and the words behind the place.
const REFUSED: readonly (readonly [string, number, number, number, string, string])[] = [
  [
    "rules:\n  - name: r\n    effect: allow\n    prioritiy: 3\n",
    4,
    5,
    14,
    "/rules/0/prioritiy",
    'field "prioritiy" is not known here, did you mean "priority"',
  ],
  [
    "Default_Verdict: allow\n",
    1,
    1,
    16,
    "/Default_Verdict",
    'field "Default_Verdict" is not known here, did you mean "default_verdict"',
  ],
  ["colour: red\n", 1, 1, 7, "/colour", 'field "colour" is not known here'],
  [
    "rules:\n  - {name: r, effect: allow, tool_names: [x]}\n",
    2,
    30,
    40,
    "/rules/0/tool_names",
    'field "tool_names" is not known here, it belongs in rules[].match',
  ],
  [
    "effect: allow\n",
    1,
    1,
    7,
    "/effect",
    'field "effect" is not known here, it belongs in rules[] or in rules[].freeze_window',
  ],
  ["match: {rules: []}\n", 1, 1, 6, "/match", 'field "match" is not known here, it belongs in rules[]'],
  ["scripts: {rules: []}\n", 1, 11, 16, "/scripts/rules", 'field "rules" is not known here, it belongs at the top level'],
  ["rules: {r: allow}\n", 1, 1, 6, "/rules", 'field "rules" must be a list, not a mapping'],
  ["rules: allow\n", 1, 8, 13, "/rules", 'field "rules" must be a list, not "allow"'],
  ["rules: [allow]\n", 1, 9, 14, "/rules/0", 'item 1 of "rules" must be a mapping, not "allow"'],
  ["rules:\n  - {name: r, effect: allow}\n  -\n", 3, 4, 5, "/rules/1", 'item 2 of "rules" must be a mapping, not null'],
  ["scripts: 3\n", 1, 10, 11, "/scripts", 'field "scripts" must be a mapping, not "3"'],
  ["fail_closed: {enabled: yes}\n", 1, 24, 27, "/fail_closed/enabled", 'field "enabled" must be true or false, not "yes"'],
  [
    "fail_closed: {enabled: 'true'}\n",
    1,
    24,
    30,
    "/fail_closed/enabled",
    'field "enabled" must be true or false, not the text "true"',
  ],
  ["fail_closed: {enabled: 1}\n", 1, 24, 25, "/fail_closed/enabled", 'field "enabled" must be true or false, not "1"'],
  ["scripts: {max_steps: soon}\n", 1, 22, 26, "/scripts/max_steps", 'field "max_steps" must be a whole number, not "soon"'],
  ["scripts: {max_steps: 1.5}\n", 1, 22, 25, "/scripts/max_steps", 'field "max_steps" must be a whole number, not "1.5"'],
  ["scripts: {max_steps: -1}\n", 1, 22, 24, "/scripts/max_steps", 'field "max_steps" must not be negative, not -1'],
  [
    "scripts: {max_steps: 99999999999999999999}\n",
    1,
    22,
    42,
    "/scripts/max_steps",
    'field "max_steps" must be a whole number in 64-bit range, not 100000000000000000000',
  ],
  ["mcp_trust: {min_score: high}\n", 1, 24, 28, "/mcp_trust/min_score", 'field "min_score" must be a number, not "high"'],
  ["default_verdict: [allow]\n", 1, 1, 16, "/default_verdict", 'field "default_verdict" must be text, not a list'],
  [
    "default_verdict: alow\n",
    1,
    18,
    22,
    "/default_verdict",
    'field "default_verdict" must be one of allow, dry_run, require_approval, block, not "alow", did you mean "allow"',
  ],
  [
    "default_verdict: deny\n",
    1,
    18,
    22,
    "/default_verdict",
    'field "default_verdict" must be one of allow, dry_run, require_approval, block, not "deny"',
  ],
  [
    "fail_closed:\n  required_fields:\n    - targets\n    -\n    - endpoint_clas\n",
    5,
    7,
    20,
    "/fail_closed/required_fields/2",
    'item 3 of "required_fields" must be one of targets, arg_provenance, endpoint_class, delegation, context_evidence, ' +
    'not "endpoint_clas", did you mean "endpoint_class"',
  ],
  [
    "rules:\n  - {name: r, effect: allow, match: {tool_names: [[x]]}}\n",
    2,
    51,
    54,
    "/rules/0/match/tool_names/0",
    'item 1 of "tool_names" must be text, not a list',
  ],
  [
    "rules:\n  - {name: r, effect: allow, endpoint: {enabled: true, action: blok}}\n",
    2,
    64,
    68,
    "/rules/0/endpoint/action",
    'field "action" must be one of block, require_approval, not "blok", did you mean "block"',
  ],
  [
    "rules:\n  - {name: a, effect: allow, match: &m {tool_names: [x]}}\n  - {name: b, effect: allow, endpoint: *m}\n",
    3,
    40,
    42,
    "/rules/1/endpoint/tool_names",
    'field "tool_names" is not known here, it belongs in rules[].match',
  ],
  [
    "rules:\n  - {name: a, effect: allow, match: &m {tool_names: [x]}}\n  - {name: b, effect: allow, endpoint: {<<: *m}}\n",
    3,
    45,
    47,
    "/rules/1/endpoint/tool_names",
    'field "tool_names" is not known here, it belongs in rules[].match',
  ],
  [
    "rules:\n  - {name: a, effect: allow, reason_codes: &r [x]}\n  - {name: b, effect: allow, priority: *r}\n",
    3,
    30,
    38,
    "/rules/1/priority",
    'field "priority" must be a whole number, not a list',
  ],
];

const told = (text: string): Fault & { readonly words: string } => {
  const fault = assertFault(load(text), "policy_shape", text);
  const lead = `Cannot read policy "p.yaml": line ${fault.at?.line}, column ${fault.at?.column}: `;
  assert(fault.message.startsWith(lead), fault.message);
  return { ...fault, words: fault.message.slice(lead.length) };
};

Deno.test("policy: what is refused is named with its place and the name that was meant", () => {
  for (const [text, line, column, end, pointer, words] of REFUSED) {
    const { at, ...fault } = told(text);
    assertEquals(fault.words, words, text);
    assertEquals([at?.line, at?.column, at?.end_column, at?.pointer], [line, column, end, pointer], text);
  }
});

Deno.test("policy: the frame shows the line, and carets below what is meant", () => {
  assertEquals(told("rules:\n  - name: r\n    efect: allow\n").at?.frame, "    efect: allow\n    ^^^^^");
});

Deno.test("policy: fields of an older form come first, with what took their place", () => {
  const text = "unknown_server: ask\nfuture: 1\nname: ops\nversion: 3\nboundaries: []\n";
  const fault = assertFault(load(text), "policy_legacy");
  assertEquals(
    fault.message,
    'Cannot read policy "p.yaml": line 1, column 1: field "unknown_server" belongs to an older form of policies, use "mcp_trust.action"',
  );
  assertEquals(fault.details, {
    migration: {
      kind: "policy_fields",
      deprecated_fields: ["version", "name", "boundaries", "unknown_server"],
      field_replacements: [
        { field: "version", replacement_fields: ["schema_id", "schema_version"] },
        { field: "name", note: "A policy has no name of its own; the file name tells it" },
        { field: "boundaries", replacement_fields: ["rules", "mcp_trust"] },
        { field: "unknown_server", replacement_fields: ["mcp_trust.action"] },
      ],
    },
  });
  assertFault(load("rules:\n  - {name: r, effect: allow, version: 1}\n"), "policy_shape", "only at the top level");
});

Deno.test("policy: a pointer of the file has its place", () => {
  const { source } = assertOk(load("default_verdict: block\nrules:\n  - name: r\n    effect: allow\n"));
  assertEquals(placeOf(source, "/rules/0/effect"), {
    line: 4,
    column: 13,
    end_column: 18,
    pointer: "/rules/0/effect",
    frame: "    effect: allow\n            ^^^^^",
  });
});

Deno.test("policy: a fault of YAML is one of the policy", () => {
  assertEquals(
    assertFault(load('rules:\n  - {name: "r}\n'), "yaml_syntax").message,
    'Cannot read policy "p.yaml": line 2, column 12: expected a closing double quote',
  );
  assertFault(load("rules: []\nrules: []\n"), "yaml_duplicate_key");
});

Deno.test("policy: every policy of the recorded cases is read, or refused with its place", () => {
  let read = 0;
  for (const { case: name, files, steps } of gateCases()) {
    const validated = new Map(
      steps.flatMap(({ argv = [], exit, json }) =>
        argv[0] === "policy" && argv[1] === "validate" && typeof argv[2] === "string"
          ? [[argv[2], { exit, json }] as const]
          : []
      ),
    );
    for (const [path, content] of Object.entries(files)) {
      const wanted = validated.get(path);
      if (wanted === undefined || typeof content !== "string") continue;
      const result = load(content);
      read++;
      assertEquals(result.ok, wanted.exit === 0, `${name} ${path}`);
      if (!result.ok) assert(result.fault.at?.frame !== undefined, `${name} ${path}`);
    }
  }
  assert(read === 0 || read > 60, `${read}`);
});
