// From a call to its intent (spec 05, section 1.2): each numbered rule.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { readToolCall } from "../../core/mcp/adapters.ts";
import { blankContext, intentRequest } from "../../core/mcp/call_intent.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { digestOfCall, intentOfCall, jsonOf } from "./decide.ts";

const call = (change: JsonObject = {}): JsonObject => ({ name: "shelf.peek", ...change });
const intent = (change: JsonObject = {}) => assertOk(intentOfCall(call(change)), JSON.stringify(change));

const same = (a: JsonObject, b: JsonObject): void =>
  assertEquals(digestOfCall(call(a)), digestOfCall(call(b)), `${JSON.stringify(a)} and ${JSON.stringify(b)}`);
const differ = (a: JsonObject, b: JsonObject): void =>
  assert(digestOfCall(call(a)) !== digestOfCall(call(b)), `${JSON.stringify(a)} and ${JSON.stringify(b)}`);

Deno.test("call: a script drops name and arguments, and an empty one is none", () => {
  const script = {
    steps: [{ name: " A.b ", args: { n: 1 }, targets: [{ kind: "path", value: "/x", operation: "read" }] }, { name: "c" }],
  };
  const got = intent({ args: { dropped: 1 }, script });
  assertEquals([got.tool_name, got.args], ["script", {}]);
  assertEquals(got.script?.steps.map(({ tool_name, args }) => [tool_name, args]), [["a.b", { n: 1 }], ["c", {}]]);
  assertEquals(digestOfCall({ script }), digestOfCall({ name: "x", args: { y: 1 }, script }));
  same({ script: { steps: [] } }, {});
  same({ script: null }, {});
  same({ script: { steps: null } }, {});
});

Deno.test("call: the older single target is a url, a path or a host, and only where there are no others", () => {
  const target = (value: string, kind: string) => same({ target: ` ${value}\t` }, { targets: [{ kind, value }] });
  target("https://a.test/x", "url");
  target("s3://bucket", "url");
  target("/var/x", "path");
  target("a/b", "path");
  target("db.shelf.test", "host");
  same({ target: "https://left.test", targets: [{ kind: "host", value: "h" }] }, { targets: [{ kind: "host", value: "h" }] });
  same({ target: "db.test", targets: [] }, { targets: [{ kind: "host", value: "db.test" }] });
  same({ target: " " }, {});
  differ({ target: "db.test" }, {});
});

const hinted = (change: JsonObject): JsonObject => ({ targets: [{ kind: "path", value: "/x", ...change }] });
const HINTS = [
  ["read_only_hint", "readOnlyHint"],
  ["destructive_hint", "destructiveHint"],
  ["idempotent_hint", "idempotentHint"],
  ["open_world_hint", "openWorldHint"],
] as const;

Deno.test("call: hints in either spelling, either of which suffices", () => {
  for (const [snake, camel] of HINTS) {
    const on = hinted({ [snake]: true });
    differ(on, hinted({}));
    same(hinted({ [camel]: true }), on);
    same(hinted({ [snake]: false, [camel]: true }), on);
    same(hinted({ [snake]: true, [camel]: false }), on);
    same(hinted({ [snake]: false, [camel]: null }), hinted({}));
  }
});

Deno.test("call: an annotation turns a hint on, and off", () => {
  for (const [snake, camel] of HINTS) {
    const [on, off] = [hinted({ [snake]: true }), hinted({})];
    const annotated = (annotations: JsonObject, hint: boolean) => hinted({ [snake]: hint, [camel]: hint, annotations });
    for (const no of [false, "false", " FALSE "]) {
      same(annotated({ [snake]: no }, true), off);
      same(annotated({ [camel]: no }, true), off);
    }
    for (const yes of [true, "true", " True"]) {
      same(annotated({ [snake]: yes }, false), on);
      same(annotated({ [camel]: yes }, false), on);
    }
    same(annotated({ [snake]: false, [camel]: true }, true), off);
    same(annotated({ [snake]: true, [camel]: false }, false), on);
    for (const odd of [null, 0, 1, "no", "yes", "", [], {}] satisfies Json[]) {
      same(annotated({ [snake]: odd }, true), on);
      same(annotated({ [snake]: odd }, false), off);
      same(annotated({ [snake]: odd, [camel]: false }, true), off);
    }
  }
});

Deno.test("call: how a tool was discovered, the annotation above the member, snake case first", () => {
  const by = (discovery_method: string) => hinted({ discovery_method });
  same(hinted({ discoveryMethod: " A2A " }), by("a2a"));
  same(hinted({ discovery_method: " ", discoveryMethod: "mcp" }), by("mcp"));
  same(hinted({ discovery_method: "mcp", discoveryMethod: "a2a" }), by("mcp"));
  same(hinted({ discovery_method: "mcp", annotations: { discoveryMethod: "webmcp" } }), by("webmcp"));
  same(hinted({ annotations: { discovery_method: "manual", discoveryMethod: "webmcp" } }), by("manual"));
  same(hinted({ discovery_method: "mcp", annotations: { discovery_method: 7, discoveryMethod: true } }), by("mcp"));
  same(hinted({ discovery_method: "mcp", annotations: { discovery_method: " " } }), by("mcp"));
});

Deno.test("call: targets and steps are mapped alike", () => {
  const targets = [{ kind: " PATH ", value: " /x ", operation: "Write ", sensitivity: " Secret", readOnlyHint: true }];
  const [plain] = intent({ targets }).targets;
  const [stepped] = assertOk(intentOfCall({ script: { steps: [{ name: "a", targets }] } })).script?.steps[0]?.targets ?? [];
  assertEquals(stepped, plain);
  assertEquals([plain?.kind, plain?.value, plain?.operation, plain?.sensitivity, plain?.read_only_hint], [
    "path",
    "/x",
    "write",
    "secret",
    true,
  ]);
});

Deno.test("call: a context that says nothing has its defaults", () => {
  const { context, created_at } = intent();
  assertEquals([context.identity, context.workspace, context.risk_class, context.phase, created_at], [
    "mcp-proxy",
    ".",
    "high",
    "apply",
    "1980-01-01T00:00:00Z",
  ]);
  same({ context: null }, {});
  same({ context: { identity: " ", workspace: "", risk_class: "\t" } }, {});
  same({ context: { identity: "mcp-proxy", workspace: ".", risk_class: " HIGH ", phase: "Apply" } }, {});
});

Deno.test("call: what is for others is not in the intent", () => {
  same({ context: { run_id: "r-1" } }, {});
  same({ server: { server_id: "srv", publisher: "acme" } }, {});
  same({ unknown: [1, 2], Context: { identity: "x" }, context: { unknown: 1 } }, {});
  same({ skill_provenance: { skill_name: "s" }, relationship: { parent_ref: {} } }, {});
  for (const name of ["identity", "workspace", "risk_class", "session_id", "job_id", "request_id", "environment_fingerprint"]) {
    differ({ context: { [name]: "other" } }, {});
  }
  differ({ context: { phase: "plan" } }, {});
  differ({ context: { credential_scopes: ["a"] } }, {});
});

Deno.test("call: times come in UTC", () => {
  assertEquals(intent({ created_at: "2030-01-01T00:30:00.500+01:00" }).created_at, "2029-12-31T23:30:00.5Z");
  same({ created_at: "2030-01-01T00:30:00+01:00" }, { created_at: "2029-12-31T23:30:00Z" });
});

Deno.test("call: sets, provenance and delegation are brought into normal form", () => {
  const chain = [{ delegator_identity: " lead ", delegate_identity: "mcp-proxy", token_ref: "d-1" }];
  same(
    { delegation: { requester_identity: " mcp-proxy ", token_refs: ["d-2", " d-1", "d-2"], chain } },
    {
      delegation: {
        requester_identity: "mcp-proxy",
        scope_class: "",
        token_refs: ["d-1", "d-2"],
        chain: [{ delegator_identity: "lead", delegate_identity: "mcp-proxy", scope_class: " ", token_ref: "d-1" }],
      },
    },
  );
  same({ context: { credential_scopes: ["b", " a ", "b", ""] } }, { context: { credential_scopes: ["a", "b"] } });
  same(
    { arg_provenance: [{ arg_path: " $.a ", source: " USER ", source_ref: " r " }] },
    { arg_provenance: [{ arg_path: "$.a", source: "user", source_ref: "r" }] },
  );
  assertFault(intentOfCall(call({ delegation: { requester_identity: " " } })), "intent_invalid");
});

Deno.test("call: how the caller has access goes into auth_context", () => {
  const authority = (context: JsonObject) => intent({ context }).context.auth_context;
  assertEquals(authority({ auth_context: { tenant: "t1" }, auth_mode: " Token " }), { tenant: "t1", auth_mode: "Token" });
  assertEquals(authority({ auth_mode: "  " }), undefined);
  assertEquals(authority({ auth_context: {}, auth_mode: "" }), undefined);
  assertEquals(authority({ auth_context: { auth_mode: "carried" }, auth_mode: "oauth" }), { auth_mode: "oauth" });
  assertEquals(authority({ auth_context: { auth_mode: "carried" } }), { auth_mode: "carried" });
  assertEquals(
    authority({
      oauth_evidence: { issuer: " https://id.test ", subject: " ", scopes: ["b", " ", "a", "b"], audience: [""], unknown: 1 },
    }),
    { oauth_evidence: { issuer: "https://id.test", scopes: ["b", "a", "b"] } },
  );
  assertEquals(authority({ oauth_evidence: { subject: " " } }), undefined);
  assertEquals(authority({ oauth_evidence: null }), undefined);
});

Deno.test("call: oss-prod wants identity, workspace and session, and nothing else is said of the rest", () => {
  const full = { identity: "clerk", workspace: "/shop", session_id: "s-1" };
  const of = (context: JsonObject) => assertOk(readToolCall("mcp", call({ context }), "c"));
  for (const name of ["identity", "workspace", "session_id"] as const) {
    const lacking = of({ ...full, [name]: " " });
    assertEquals(blankContext(lacking), [name]);
    const fault = assertFault(intentRequest(lacking, "oss-prod"), "profile_refused");
    assertEquals(fault.at, { pointer: `/context/${name}` });
    assertOk(intentRequest(lacking, "standard"));
  }
  assertEquals(blankContext(of(full)), []);
  const { context } = assertOk(intentOfCall(call({ context: full }), "mcp", "oss-prod"));
  assertEquals(context.risk_class, "high");
});

Deno.test("call: key order, 1 and 1.0, null and absent make no difference", () => {
  const texts = [
    '{"name":"a","args":{"x":1,"y":{"b":[1,0],"c":null}},"context":{"session_id":"s","job_id":"j"}}',
    '{"context":{"job_id":"j","session_id":"s","identity":null},"args":{"y":{"c":null,"b":[1.0,-0]},"x":10e-1},"name":"a"}',
    ' {"name":" A ","target":null,"targets":null,"script":null,"delegation":null,"server":null,"created_at":null,' +
    '"arg_provenance":null,"args":{"x":1e0,"y":{"b":[1.000,0.0e5],"c":null}},"context":{"session_id":"s","job_id":"j",' +
    '"oauth_evidence":null,"auth_context":null,"credential_scopes":null,"phase":null,"risk_class":null}} ',
  ];
  const [first = "", ...others] = texts.map((text) => digestOfCall(assertOk(jsonOf(text))));
  for (const other of others) assertEquals(other, first);
});
