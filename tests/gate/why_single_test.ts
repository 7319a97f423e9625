// Single changes that `--why` has to find: where one is enough, neither two are told nor none, and of several the one that gives the
// weakest verdict is.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { edited } from "../../core/gate/why_edit.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { CALL, gate } from "./why_world.ts";

type Case = {
  readonly name: string;
  readonly rules: readonly JsonObject[];
  /** What the call has beside a tool and a context. */
  readonly call?: JsonObject;
  readonly context?: JsonObject;
  /** Selectors of an entry of the kill switch. */
  readonly stop?: JsonObject;
  readonly fail_closed?: JsonObject;
  /** The change, which gives `allow`; without a value, the member is left out. */
  readonly change: { readonly pointer: string; readonly to?: Json };
};

const rule = (priority: number, effect: string, match: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name: `r${priority}`,
  priority,
  effect,
  match,
  ...more,
});

const path = (more: JsonObject = {}): JsonObject => ({
  targets: [{ kind: "path", value: "/srv/a", operation: "read", ...more }],
});
const url = (more: JsonObject = {}): JsonObject => ({ targets: [{ kind: "url", value: "https://a.com/", ...more }] });

const PATHS = rule(2, "allow", { target_kinds: ["path"] });
const paths = (endpoint: JsonObject): JsonObject => ({ ...PATHS, endpoint });
const urls = (endpoint: JsonObject): JsonObject => rule(2, "allow", { target_kinds: ["url"] }, { endpoint });
const ALL = rule(2, "allow");

const CASES: readonly Case[] = [
  {
    name: "the class of a target's data",
    rules: [rule(1, "block", { data_classes: ["secret"] }), PATHS],
    call: path({ sensitivity: "secret" }),
    change: { pointer: "/targets/0/sensitivity" },
  },
  {
    name: "the class of its data, where the rule wants another one",
    rules: [rule(2, "allow", { target_kinds: ["path"], data_classes: ["public"] })],
    call: path({ sensitivity: "secret" }),
    change: { pointer: "/targets/0/sensitivity", to: "public" },
  },
  {
    name: "a path that is denied",
    rules: [paths({ path_denylist: ["/srv/a"] })],
    call: path(),
    change: { pointer: "/targets/0/value", to: "/elsewhere" },
  },
  {
    name: "a path, where all that are absolute are denied",
    rules: [paths({ path_denylist: ["/**"] })],
    call: path(),
    change: { pointer: "/targets/0/value", to: "elsewhere" },
  },
  {
    name: "a path of a pattern, some of which is denied",
    rules: [paths({ path_allowlist: ["/opt/**"], path_denylist: ["/opt"] })],
    call: path(),
    change: { pointer: "/targets/0/value", to: "/opt/a" },
  },
  {
    name: "a path that a pattern has",
    rules: [paths({ path_allowlist: ["/srv/*/x"] })],
    call: path(),
    change: { pointer: "/targets/0/value", to: "/srv/a/x" },
  },
  {
    name: "a path that a pattern with classes has",
    rules: [paths({ path_allowlist: ["/srv/[x-z][^a]?\\*"] })],
    call: path(),
    change: { pointer: "/targets/0/value", to: "/srv/xba*" },
  },
  {
    name: "a declared class of use",
    rules: [rule(1, "block", { endpoint_classes: ["fs.write"] }), PATHS],
    call: path({ operation: "", endpoint_class: "fs.write" }),
    change: { pointer: "/targets/0/endpoint_class", to: "fs.read" },
  },
  {
    name: "a class of use that is inferred",
    rules: [rule(1, "block", { endpoint_classes: ["fs.write"] }), PATHS],
    call: path({ operation: "write" }),
    change: { pointer: "/targets/0/operation", to: "read" },
  },
  {
    name: "a domain that a pattern has",
    rules: [urls({ domain_allowlist: ["*.example.org"] })],
    call: url(),
    change: { pointer: "/targets/0/value", to: "https://a.example.org/" },
  },
  {
    name: "a domain that is denied",
    rules: [urls({ domain_denylist: ["a.com"] })],
    call: url(),
    change: { pointer: "/targets/0/value", to: "https://elsewhere.example/" },
  },
  {
    name: "a declared domain",
    rules: [urls({ domain_allowlist: ["a.com"] })],
    call: url({ endpoint_domain: "b.com" }),
    change: { pointer: "/targets/0/endpoint_domain" },
  },
  {
    name: "a use of the network",
    rules: [urls({ egress_classes: ["net.dns"] })],
    call: url(),
    change: { pointer: "/targets/0/operation", to: "dns" },
  },
  {
    name: "a workspace",
    rules: [rule(1, "block", { workspace_prefixes: ["/srv/"] }), ALL],
    change: { pointer: "/context/workspace", to: "/elsewhere" },
  },
  {
    name: "a workspace, where all that are absolute are blocked",
    rules: [rule(1, "block", { workspace_prefixes: ["/"] }), ALL],
    change: { pointer: "/context/workspace", to: "elsewhere" },
  },
  {
    name: "a workspace that the kill switch stops",
    rules: [ALL],
    stop: { workspace_prefixes: ["/srv"] },
    change: { pointer: "/context/workspace", to: "/elsewhere" },
  },
  {
    name: "a path that the kill switch stops",
    rules: [PATHS],
    call: path(),
    stop: { path_prefixes: ["/srv", "/elsewhere"] },
    change: { pointer: "/targets/0/value", to: "/another" },
  },
  {
    name: "how a target was discovered",
    rules: [rule(1, "block", { discovery_method: ["unknown"] }), PATHS],
    call: path(),
    change: { pointer: "/targets/0/discovery_method", to: "manual" },
  },
  {
    name: "a target that is said to destroy",
    rules: [PATHS],
    call: path({ destructive: true }),
    change: { pointer: "/targets/0/destructive" },
  },
  {
    name: "a declared class that destroys",
    rules: [PATHS],
    call: path({ endpoint_class: "fs.delete" }),
    change: { pointer: "/targets/0/endpoint_class", to: "fs.read" },
  },
  {
    name: "a hint",
    rules: [rule(1, "block", { tool_annotations: { openWorldHint: true } }), PATHS],
    call: path({ open_world_hint: true }),
    change: { pointer: "/targets/0/open_world_hint" },
  },
  {
    name: "a kind",
    rules: [rule(1, "block", { target_kinds: ["url"] }), rule(2, "allow", { target_values: ["x"] })],
    call: url({ value: "x" }),
    change: { pointer: "/targets/0/kind", to: "other" },
  },
  {
    name: "a source of an argument",
    rules: [rule(1, "block", { provenance_sources: ["external"] }), rule(2, "allow", { provenance_sources: ["system"] })],
    call: { arg_provenance: [{ arg_path: "$", source: "external" }] },
    change: { pointer: "/arg_provenance/0/source", to: "system" },
  },
  {
    name: "the publisher of a skill",
    rules: [rule(1, "block", { skill_publishers: ["evil"] }), rule(2, "allow", { skill_sources: ["registry"] })],
    call: { skill_provenance: { skill_name: "s", source: "registry", publisher: "evil" } },
    change: { pointer: "/skill_provenance/publisher", to: "another-publisher" },
  },
  {
    name: "a claim, where another one is wanted",
    rules: [
      rule(1, "block", { context_data_classes: ["pii"] }),
      rule(2, "allow", { context_autonomy_levels: ["assisted"] }),
    ],
    context: { auth_context: { "wrkr.data_class": "pii", "wrkr.autonomy_level": "assisted" } },
    change: { pointer: "/context/auth_context/wrkr.data_class" },
  },
  {
    name: "a risk, where the lowest is blocked",
    rules: [rule(1, "block", { risk_classes: ["low"] }), ALL],
    change: { pointer: "/context/risk_class", to: "medium" },
  },
  {
    name: "a risk that fail_closed is about",
    rules: [rule(2, "allow", {}, { require_context_evidence: false })],
    fail_closed: { enabled: true, risk_classes: ["low"], required_fields: ["targets", "arg_provenance"] },
    change: { pointer: "/context/risk_class", to: "medium" },
  },
];

const NOW = "2026-03-14T10:00:00Z";

const stopped = (selectors: JsonObject): JsonObject => ({
  schema_id: "gait.gate.kill_switch_state",
  schema_version: "1.0.0",
  producer_version: "test",
  created_at: NOW,
  updated_at: NOW,
  entries: [{ entry_id: "s", enabled: true, created_at: NOW, expires_at: "0001-01-01T00:00:00Z", ...selectors }],
});

for (const { name, rules, call, context, stop, fail_closed, change } of CASES) {
  Deno.test(`why: one change is enough: ${name}`, () => {
    const policy = { default_verdict: "block", rules, ...fail_closed === undefined ? {} : { fail_closed } };
    const around = { evaluation_time: NOW, ...stop === undefined ? {} : { kill_switch: stopped(stop) } };
    const request = { ...CALL, ...call, context: { identity: "alice", workspace: "/srv/app", risk_class: "low", ...context } };
    const { explain, decide } = gate(policy, around);
    const { to } = change;
    assertEquals(assertOk(decide(edited(request, [{ ...change, to }]))).verdict, "allow");
    const { verdict, edits } = assertOk(explain(request)).search.change ?? {};
    assertEquals([verdict, edits?.map(({ pointer, to }) => ({ pointer, to }))], ["allow", [{ pointer: change.pointer, to }]]);
  });
}

Deno.test("why: of two changes that are needed, those that give the weakest verdict are told", () => {
  const rules = [
    rule(1, "dry_run", { identities: ["bob"], risk_classes: ["high"] }),
    rule(2, "allow", { identities: ["cy"], risk_classes: ["medium"] }),
  ];
  const { change } = assertOk(gate({ default_verdict: "block", rules }).explain(CALL)).search;
  assertEquals([change?.verdict, change?.edits.map(({ to }) => to)], ["allow", ["medium", "cy"]]);
});
