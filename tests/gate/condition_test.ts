// Conditions of a match: their normal form, and when each holds.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { callOf } from "../../core/gate/call.ts";
import { conditionsOf, holds, wantsDelegation } from "../../core/gate/condition.ts";
import type { Match } from "../../core/gate/types.ts";
import { assert, assertEquals } from "../assert.ts";
import { policyOf, ruled } from "./decide.ts";
import { CONTEXT, inContext, intent, request } from "./intents.ts";

const matchOf = (match: JsonObject): Match => {
  const [rule] = policyOf(ruled({ match })).rules;
  assert(rule !== undefined);
  return rule.match;
};

Deno.test("condition: a match becomes a conjunction of plain data, an empty one of nothing", () => {
  assertEquals(conditionsOf(matchOf({})), []);
  assertEquals(
    conditionsOf(matchOf({
      tool_name: "B",
      tool_names: ["a"],
      workspace_prefixes: ["/srv"],
      target_kinds: ["path"],
      tool_annotations: { readOnlyHint: false },
      provenance_sources: ["user"],
      delegation_scopes: ["x"],
      max_delegation_depth: 0,
    })),
    [
      { op: "in", field: "tool_names", values: ["a", "b"] },
      { op: "prefix", field: "workspace_prefixes", values: ["/srv"] },
      { op: "some_target", field: "target_kinds", values: ["path"] },
      { op: "some_target", field: "readOnlyHint", values: ["false"] },
      { op: "some_argument", field: "provenance_sources", values: ["user"] },
      { op: "delegated", field: "require_delegation" },
      { op: "some_link", field: "delegation_scopes", values: ["x"] },
      { op: "chain_depth", field: "max_delegation_depth", most: 0 },
    ],
  );
});

const DELEGATION_FIELDS: readonly (readonly [field: string, value: Json])[] = [
  ["require_delegation", true],
  ["max_delegation_depth", 9],
  ["allowed_delegator_identities", ["lead"]],
  ["allowed_delegate_identities", ["me"]],
  ["delegation_scopes", ["x"]],
];

for (const [field, value] of DELEGATION_FIELDS) {
  Deno.test(`condition: ${field} demands a delegation`, () => {
    const match = matchOf({ [field]: value });
    assertEquals(wantsDelegation(match), true);
    assertEquals(conditionsOf(match).every((condition) => holds(condition, callOf(intent(request())))), false);
  });
}

const target = (change: JsonObject): JsonObject => request({ targets: [{ kind: "topic", value: "x", ...change }] });
const auth = (auth_context: JsonObject): JsonObject => inContext({ auth_context });
const skill = (change: JsonObject): JsonObject =>
  request({ skill_provenance: { skill_name: "s", source: "REGISTRY", publisher: "Acme", ...change } });
const under = (scope_class: string, ...chain: readonly JsonObject[]): JsonObject =>
  request({ delegation: { requester_identity: "me", scope_class, chain } });
const link = (from: string, to: string, scope_class = ""): JsonObject => ({
  delegator_identity: from,
  delegate_identity: to,
  scope_class,
});

type Row = readonly [match: JsonObject, meets: readonly JsonObject[], misses: readonly JsonObject[]];

const TABLE: readonly Row[] = [
  [{ tool_names: ["Ledger.post"] }, [request()], [request({ tool_name: "ledger.posts" })]],
  [{ risk_classes: ["LOW"] }, [request()], [inContext({ risk_class: "high" })]],
  [{ identities: ["svc.clerk"] }, [request()], [inContext({ identity: "SVC.clerk" })]],
  [{ workspace_prefixes: ["/srv/boo"] }, [request(), inContext({ workspace: "/srv/bookshelf" })], [
    inContext({ workspace: "/srv/b" }),
  ]],
  [{ workspace_prefixes: ["C:/w"] }, [inContext({ workspace: "C:\\w\\x" })], [request()]],
  [{ target_kinds: ["topic"] }, [target({})], [request(), target({ kind: "queue" })]],
  [{ destination_kinds: ["topic"] }, [target({})], [request()]],
  [{ target_values: ["x"] }, [target({})], [target({ value: "X" })]],
  [{ destination_values: ["x"] }, [target({})], [target({ value: "X" })]],
  [{ endpoint_classes: ["other"] }, [target({})], [target({ endpoint_class: "fs.read" })]],
  [{ discovery_method: ["unknown"] }, [target({})], [request(), target({ discovery_method: "a2a" })]],
  [{ data_classes: ["PII"] }, [target({ sensitivity: "Pii" })], [target({})]],
  [{ destination_operations: ["put"] }, [target({ operation: "PUT" })], [target({})]],
  [{ tool_annotations: { readOnlyHint: true } }, [target({ read_only_hint: true })], [target({}), request()]],
  [{ tool_annotations: { destructiveHint: false } }, [target({})], [target({ destructive_hint: true }), request()]],
  [{ tool_annotations: { idempotentHint: true } }, [target({ idempotent_hint: true })], [target({})]],
  [{ tool_annotations: { openWorldHint: false } }, [target({})], [target({ open_world_hint: true })]],
  [
    { tool_annotations: { readOnlyHint: true } },
    [request({ targets: [{ kind: "topic", value: "x" }, { kind: "topic", value: "y", read_only_hint: true }] })],
    [],
  ],
  [{ skill_publishers: ["ACME"] }, [skill({})], [request(), skill({ publisher: "acme inc" })]],
  [{ skill_sources: ["registry"] }, [skill({})], [request(), skill({ source: "git" })]],
  [
    { provenance_sources: ["external"] },
    [request({ arg_provenance: [{ arg_path: "a", source: "user" }, { arg_path: "b", source: "External" }] })],
    [request(), request({ arg_provenance: [{ arg_path: "a", source: "user" }] })],
  ],
  [{ context_tool_names: ["w"] }, [auth({ "wrkr.tool_name": " W " })], [request(), auth({ "wrkr.tool_name": "v" })]],
  [{ context_data_classes: ["7"] }, [auth({ "wrkr.data_class": "7" })], [auth({ "wrkr.data_class": 7 }), auth({})]],
  [{ context_endpoint_classes: ["net.http"] }, [auth({ "wrkr.endpoint_class": "NET.http" })], [auth({})]],
  [{ context_autonomy_levels: ["assist"] }, [auth({ "wrkr.autonomy_level": "assist" })], [
    auth({ "wrkr.autonomy_level": ["assist"] }),
  ]],
  [{ require_delegation: true }, [under("")], [request()]],
  [{ max_delegation_depth: 0 }, [under("")], [under("", link("a", "me"))]],
  [{ max_delegation_depth: 1 }, [under(""), under("", link("a", "me"))], [under("", link("a", "b"), link("b", "me"))]],
  [{ allowed_delegator_identities: ["b"] }, [under("", link("a", "b"), link("b", "me"))], [
    under(""),
    under("", link("B", "me")),
  ]],
  [{ allowed_delegate_identities: ["me"] }, [under(""), under("", link("a", "me"))], [
    request({ delegation: { requester_identity: "you" } }),
  ]],
  [{ allowed_delegate_identities: ["b"] }, [under("", link("a", "b"), link("b", "me"))], [under("", link("a", "me"))]],
  [{ delegation_scopes: ["post"] }, [under("POST"), under("", link("a", "me", "Post"))], [under("void"), under("")]],
  [{ tool_names: Array.from({ length: 100 }, (_, i) => `t${i}`) }, [
    request({ tool_name: "t0" }),
    request({ tool_name: "t57" }),
    request({ tool_name: "T99" }),
  ], [request({ tool_name: "t100" }), request()]],
];

for (const [match, meets, misses] of TABLE) {
  const all = (json: JsonObject): boolean =>
    conditionsOf(matchOf(match)).every((condition) => holds(condition, callOf(intent(json))));
  Deno.test(`condition: ${JSON.stringify(match).slice(0, 80)}`, () => {
    for (const json of meets) assertEquals(all(json), true, JSON.stringify(json));
    for (const json of misses) assertEquals(all(json), false, JSON.stringify(json));
  });
}

Deno.test("condition: different conditions may be met by different targets", () => {
  const conditions = conditionsOf(matchOf({ target_kinds: ["bucket"], target_values: ["Main"] }));
  const call = callOf(intent(request({ targets: [{ kind: "bucket", value: "x" }, { kind: "queue", value: "Main" }] })));
  assertEquals(conditions.every((condition) => holds(condition, call)), true);
});

Deno.test("condition: what an inventory knows of a step stands in the place of what the caller claims", () => {
  const claims = request({ context: { ...CONTEXT, auth_context: { "wrkr.data_class": "public", "wrkr.tool_name": "mine" } } });
  const known = { tool_name: "ledger.post", data_class: "pii", endpoint_class: "", autonomy_level: "" };
  const call = callOf(intent(claims), undefined, known);
  assertEquals([call.one.context_data_classes, call.one.context_tool_names], ["pii", "ledger.post"]);
  assertEquals([callOf(intent(claims)).one.context_data_classes], ["public"]);
});
