// Policies to learn from: all in the form of `policy fmt`, those of examples/ decide as spec 06, section 12.1 says, and docs/examples.md
// says what is true. (What the fixtures of fixtures/policies expect: tests/cli/policy_examples_test.ts.)
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { isGrave, lintPolicy } from "../../core/gate/lint.ts";
import { formatPolicy } from "../../core/gate/policy_fmt.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { testIntent } from "../../core/gate/policy_test.ts";
import { TEMPLATES } from "../../core/gate/templates.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { linksOf, runGuide } from "../toolchain/guide.ts";

const ROOT = new URL("../../", import.meta.url);

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (isDirectory) yield* filesBelow(`${folder}${name}/`);
    else yield `${folder}${name}`;
  }
}

const FOLDERS = [
  "examples/policy/",
  "examples/policy-test/",
  "examples/prompt-injection/",
  "examples/scenarios/",
  "fixtures/policies/",
];

const FILES: Readonly<Record<string, string>> = Object.fromEntries(
  FOLDERS.flatMap((folder) => [...filesBelow(folder)]).map((path) => [path, Deno.readTextFileSync(new URL(path, ROOT))]),
);

const textOf = (path: string): string => {
  const text = FILES[path];
  if (text === undefined) throw new Error(`no file ${path}`);
  return text;
};

const load = (path: string) => assertOk(readPolicy(utf8(textOf(path)), path));

// Those of lint are written so that each finding has a short line of its own.
const POLICIES = Object.keys(FILES).filter((path) => path.endsWith(".yaml") && !path.includes("/lint/")).sort();

/** Verdict and reasons, as `policy test` gives them; `change` is laid over the call. */
function said(policy: string, call: string, change: object = {}): readonly string[] {
  return saidOf(`examples/${policy}`, { ...JSON.parse(textOf(`examples/${call}`)), ...change });
}

function saidOf(policy: string, call: Json): readonly string[] {
  const intent = assertOk(intentOf(call, "call"));
  const compiled = compilePolicy(load(policy).policy);
  const given = { evaluation_time: "2026-03-14T09:30:00Z", kill_switch: { status: "none" } } as const;
  const { decision: { verdict, reason_codes } } = assertOk(testIntent(nodeHost.crypto, compiled, intent, given));
  return [verdict, ...reason_codes];
}

for (const path of POLICIES) {
  Deno.test(`example policies: ${path} is as policy fmt writes it, and its first line leads to the schema`, async () => {
    assertEquals(formatPolicy(load(path)), textOf(path));
    const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(textOf(path)) ?? [];
    const published = "https://gait.dev/";
    const at = schema.startsWith(published)
      ? new URL(schema.slice(published.length), ROOT)
      : new URL(schema, new URL(path, ROOT));
    assert(at.pathname.endsWith("/policy.schema.json") && (await Deno.stat(at)).isFile, schema);
  });
}

Deno.test("example policies: lint complains of none but the one that shows what it is for", () => {
  const found = POLICIES.flatMap((path) =>
    lintPolicy(load(path)).filter(isGrave).map(({ severity, code }) => `${path} ${severity} ${code}`)
  );
  assertEquals(found, [
    "examples/policy-test/allow.yaml warning default_allow_without_block",
    "examples/policy-test/allow.yaml warning destructive_by_default",
  ]);
});

Deno.test("example policies: the three by risk are what policy init writes", () => {
  const names = ["low", "medium", "high"];
  assertEquals(names.map((name) => textOf(`examples/policy/base_${name}_risk.yaml`)), TEMPLATES.map(({ text }) => text));
});

const WRITE = ["require_approval", "approval_required_for_write"];

Deno.test("example policies: what the three by risk say of the calls beside them", () => {
  const DELETE = ["block", "destructive_apply_requires_approval", "destructive_tool_blocked"];
  const READ = ["allow", "safe_read_allowed"];
  const expected: Readonly<Record<string, readonly (readonly string[])[]>> = {
    intent_delegated_egress_invalid: [WRITE, WRITE, ["block", "delegation_required_for_egress_write"]],
    intent_delegated_egress_valid: [WRITE, WRITE, ["allow", "delegated_egress_write_allowed"]],
    intent_delete: [DELETE, DELETE, DELETE],
    intent_read: [READ, READ, READ],
    intent_tainted_egress: [WRITE, WRITE, ["block", "blocked_tainted_egress"]],
    intent_write: [WRITE, WRITE, WRITE],
  };
  const calls = [...filesBelow("examples/policy/intents/")].map((path) => path.replace(/^.*\/|\.json$/g, "")).sort();
  assertEquals(calls, Object.keys(expected));
  for (const call of calls) {
    const policies = ["low", "medium", "high"].map((risk) => `policy/base_${risk}_risk.yaml`);
    assertEquals(policies.map((policy) => said(policy, `policy/intents/${call}.json`)), expected[call], call);
  }
});

Deno.test("example policies: one for each verdict of a policy without rules", () => {
  for (const verdict of ["allow", "block", "require_approval"]) {
    assertEquals(said(`policy-test/${verdict}.yaml`, "policy-test/intent.json"), [verdict, `default_${verdict}`]);
  }
});

Deno.test("example policies: what the two on skills say without one, and of those that turn each round", () => {
  const skill = (publisher: string, source: string) => ({ skill_provenance: { skill_name: "tidy", publisher, source } });
  const both = (change: object = {}) =>
    ["allow_trusted", "block_untrusted"].map((name) => said(`policy/skills/${name}.yaml`, "policy-test/intent.json", change));
  assertEquals(both(), [["block", "default_block"], ["allow", "default_allow"]]);
  assertEquals(both(skill("Orchard Platform", "registry")), [["allow", "skill_trusted"], ["allow", "default_allow"]]);
  assertEquals(both(skill("Orchard Platform", "url")), [["block", "default_block"], ["block", "skill_untrusted"]]);
  const destroying = { targets: [{ kind: "path", value: "/srv/orchard", operation: "delete" }] };
  assertEquals(both({ ...skill("Orchard Labs", "registry"), ...destroying }), [
    [
      "block",
      "destructive_apply_requires_approval",
      "endpoint_constraint_violation",
      "endpoint_destructive_operation",
      "skill_trusted",
    ],
    ["require_approval", "approval_required_for_destruction", "destructive_apply_requires_approval"],
  ]);
});

Deno.test("example policies: an injected call is blocked, also one that is silent about where its arguments came from", () => {
  const injected = (change: object = {}) =>
    said("prompt-injection/policy.yaml", "prompt-injection/intent_injected.json", change);
  assertEquals(injected(), ["block", "blocked_prompt_injection"]);
  assertEquals(injected({ arg_provenance: [] }), ["block", "fail_closed_missing_arg_provenance"]);
  const arg_provenance = [{ arg_path: "$.body", source: "user" }];
  assertEquals(injected({ arg_provenance }), ["require_approval", "approval_required_for_action"]);
  const read = (kind: string, value: string) => ({ tool_name: "tool.read", targets: [{ kind, value }], arg_provenance });
  assertEquals(injected(read("path", "/srv/orchard/mail")), ["allow", "safe_read_allowed"]);
  assertEquals(injected(read("url", "https://a.example.test/?q=orders"))[0], "block");
});

Deno.test("example policies: a risk class that fail_closed does not list is no way around it", () => {
  const folder = "fixtures/policies/prompt-injection/";
  const silent = JSON.parse(textOf(`${folder}fixtures/mail-of-nobody.json`)).intent;
  const odd = { ...silent, context: { ...silent.context, risk_class: "routine" } };
  assertEquals(saidOf(`${folder}policy.yaml`, odd), ["block", "default_block"]);
});

const PAGE = Deno.readTextFileSync(new URL("docs/examples.md", ROOT));

Deno.test("example policies: every command of the page does what the page says", async () => {
  assertEquals(await runGuide(PAGE, FILES), { commands: 19, shown: 3 });
});

Deno.test("example policies: the page leads to every folder of policies", () => {
  const links = linksOf(PAGE);
  for (const { name } of Deno.readDirSync(new URL("fixtures/policies/", ROOT))) {
    assert(links.some((link) => link.startsWith(`../fixtures/policies/${name}/`)), name);
  }
});
