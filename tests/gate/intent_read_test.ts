// Reading intents (spec 02, sections 4.1 and 4.2): what is refused, by which fault and where; what is taken, and in which normal form.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { INTENT_LIMIT, intentOf, readIntent } from "../../core/gate/intent_read.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { CONTEXT, inContext, intent, read, request } from "./intents.ts";

const HEX = "ab".repeat(32);
const PATH = { kind: "path", value: "/x" };
const agent = (change: JsonObject) => inContext({ agent_identity: change });
const sandbox = (change: JsonObject) => inContext({ sandbox: change });
const delegated = (change: JsonObject) => request({ delegation: { requester_identity: "c", ...change } });
const link = (from: string, to: string, change: JsonObject = {}) => ({
  delegator_identity: from,
  delegate_identity: to,
  ...change,
});
const skill = (change: JsonObject) =>
  request({ skill_provenance: { skill_name: "s", source: "git", publisher: "p", ...change } });
const steps = (...all: readonly JsonObject[]) => request({ script: { steps: all } });
const [EARLY, LATE] = ["2026-03-14T09:00:00Z", "2026-03-14T09:00:00.000000001Z"];

// In each: the pointer of the fault, words of its message, the intent.
const REFUSED: readonly (readonly [pointer: string, words: string, json: Json])[] = [
  ["/tool_name", "must not be blank", request({ tool_name: " \u2003" })],
  ["/tool_name", "is missing", { context: CONTEXT }],
  ["/tool_name", 'is missing, did you mean "tool_name" by "tol_name"', { tol_name: "a", context: CONTEXT }],
  [
    "/script/steps/1/tool_name",
    'is missing, did you mean "tool_name" by "toolname"',
    steps({ tool_name: "a" }, { toolname: "b" }),
  ],
  ["/context/identity", "must not be blank", inContext({ identity: "\u0085" })],
  ["/context/workspace", "must not be blank", inContext({ workspace: "" })],
  ["/context/risk_class", "is missing", inContext({ risk_class: null })],
  ["/context/context_set_digest", "must be 64 hexadecimal digits", inContext({ context_set_digest: `${HEX}a` })],
  ["/targets/0/kind", "must be one of path, url", request({ targets: [{ value: "/x" }] })],
  ["/targets/1/value", "must not be blank", request({ targets: [PATH, { kind: "path", value: " " }] })],
  ["/targets/0/discovery_method", "must be one of webmcp", request({ targets: [{ ...PATH, discovery_method: "web-mcp" }] })],
  ["/arg_provenance/0/arg_path", "is missing", request({ arg_provenance: [{ source: "user" }] })],
  ["/arg_provenance/0/source", "must be one of user", request({ arg_provenance: [{ arg_path: "a" }] })],
  [
    "/arg_provenance/0/integrity_digest",
    "must be 64 hexadecimal digits",
    request({ arg_provenance: [{ arg_path: "a", source: "user", integrity_digest: `sha256:${HEX}` }] }),
  ],
  ["/script/steps", "must hold 1 to 64 steps", steps()],
  ["/script/steps", "must hold 1 to 64 steps", request({ script: {} })],
  ["/script/steps", "must hold 1 to 64 steps", steps(...Array.from({ length: 65 }, () => ({ tool_name: "a" })))],
  ["/script/steps/1/tool_name", "must not be blank", steps({ tool_name: "a" }, { tool_name: " " })],
  ["/script/steps/0/targets/0/kind", "must be one of", steps({ tool_name: "a", targets: [{ value: "x" }] })],
  ["/script/steps/0/args/ ", "must have a name that is not blank", steps({ tool_name: "a", args: { " ": 1 } })],
  ["/skill_provenance/skill_name", "must not be blank", skill({ skill_name: "" })],
  ["/skill_provenance/source", "must not be blank", skill({ source: " " })],
  ["/skill_provenance/publisher", "is missing", skill({ publisher: null })],
  ["/skill_provenance/digest", "must be 64 hexadecimal digits", skill({ digest: "12" })],
  ["/delegation/requester_identity", "must not be blank", delegated({ requester_identity: "" })],
  ["/delegation/chain/0/delegator_identity", "must not be blank", delegated({ chain: [link(" ", "c")] })],
  ["/delegation/chain/0/delegate_identity", "must not be blank", delegated({ chain: [link("a", "")] })],
  [
    "/delegation/chain/1/delegator_identity",
    "must be the delegate of the link before",
    delegated({ chain: [link("a", "b"), link("x", "c")] }),
  ],
  [
    "/delegation/chain/1/delegate_identity",
    "must be the requester_identity of the delegation",
    delegated({ chain: [link("a", "b"), link("b", "d")] }),
  ],
  ["/delegation/expires_at", "must be after issued_at", delegated({ issued_at: LATE, expires_at: EARLY })],
  ["/delegation/expires_at", "must be after issued_at", delegated({ issued_at: EARLY, expires_at: EARLY })],
  [
    "/delegation/chain/0/expires_at",
    "must be after issued_at",
    delegated({ chain: [link("a", "c", { issued_at: "2026-03-14T11:00:00+02:00", expires_at: EARLY })] }),
  ],
  ["/context/agent_identity/manifest_digest", "must be 64 hexadecimal digits", agent({ manifest_digest: "xyz" })],
  ["/context/agent_identity/approved_at", "must be at or after issued_at", agent({ issued_at: LATE, approved_at: EARLY })],
  ["/context/agent_identity/expires_at", "must be after issued_at", agent({ issued_at: EARLY, expires_at: EARLY })],
  ["/context/agent_identity/expires_at", "must be after approved_at", agent({ approved_at: LATE, expires_at: LATE })],
  ["/context/sandbox/evidence_digest", "must be 64 hexadecimal digits", sandbox({ evidence_digest: "zz" })],
  ["/context/sandbox/writable_paths", "must hold paths, not NAME=value", sandbox({ writable_paths: ["/w", "./HOME=/root"] })],
  ["/context/sandbox/read_only_roots", "must hold paths, not NAME=value", sandbox({ read_only_roots: [" _p1=x"] })],
];

for (const [pointer, words, json] of REFUSED) {
  Deno.test(`readIntent refuses ${pointer}: ${words} ${JSON.stringify(json).slice(0, 90)}`, () => {
    const fault = assertFault(read(json), "intent_invalid");
    assert(fault.message.startsWith(`Cannot read "i.json": member "${pointer}" ${words}`), fault.message);
    assertEquals([fault.at?.file, fault.at?.pointer], ["i.json", pointer]);
    assert((fault.at?.line ?? 0) >= 1 && (fault.at?.column ?? 0) >= 1, JSON.stringify(fault.at));
    const bare = assertFault(intentOf(json, "i.json"), "intent_invalid");
    assertEquals([bare.message, bare.at], [fault.message, { pointer }]);
  });
}

Deno.test("readIntent: the place of a fault is that of the member, counted from the first line", () => {
  const bytes = utf8(`{"tool_name":"a",\n "targets":[{"kind":"path",\n   "value": " "}],"context":{"identity":"i"}}`);
  const fault = assertFault(readIntent(bytes, "i.json"), "intent_invalid");
  assertEquals(fault.at, { file: "i.json", pointer: "/targets/0/value", line: 3, column: 13 });
  assertEquals(assertFault(readIntent(bytes, "i.json", 41), "intent_invalid").at?.line, 43);
  const wrong = assertFault(readIntent(utf8(`{"tool_name":"a",\n"args":[]}`), "i.json", 7), "document_shape");
  assertEquals(wrong.at, { file: "i.json", pointer: "/args", line: 8, column: 8 });
});

Deno.test("readIntent: what is not JSON, or JSON of another type, is refused", () => {
  const text = JSON.stringify(request());
  const refused: readonly (readonly [string, Parameters<typeof assertFault>[1]])[] = [
    ["", "json_syntax"],
    [`${text} {}`, "json_syntax"],
    [`\ufeff${text}`, "text_encoding"],
    [`{"tool_name":"a","tool_name":"a","context":{}}`, "json_duplicate_key"],
    [text.replace("{", `{"args":{"deep":[{"k":1,"k":1}]},`), "json_duplicate_key"],
    [text.replace("{", `{"args":{"n":1e400},`), "json_number_range"],
    ["[]", "document_shape"],
    ["null", "document_shape"],
    [`{"tool_name":"a"}`, "document_shape"],
    [JSON.stringify({ ...request(), Context: {}, context: null }), "document_shape"],
    ...[
      request({ args: [1] }),
      request({ targets: { kind: "path" } }),
      request({ targets: [null] }),
      request({ targets: [{ kind: "file", value: "x" }] }),
      request({ targets: [{ ...PATH, endpoint_class: "fs.stat" }] }),
      request({ targets: [{ ...PATH, destructive: "false" }] }),
      request({ arg_provenance: [{ arg_path: "a", source: "guess" }] }),
      request({ script: [] }),
      request({ script: { steps: [1] } }),
      request({ relationship: { edges: 1 } }),
      request({ created_at: "" }),
      request({ created_at: "2026-03-14T09:30:00" }),
      delegated({ issued_at: 5 }),
      inContext({ identity: 5 }),
      inContext({ phase: "dry" }),
      inContext({ auth_context: [] }),
      inContext({ credential_source: "ldap" }),
      inContext({ credential_access_type: "perpetual" }),
      inContext({ credential_ttl_seconds: -1 }),
      inContext({ credential_ttl_seconds: 1.5 }),
      inContext({ credential_scopes: "read" }),
      inContext({ context_evidence_mode: "strict" }),
      sandbox({ env_exposure_mode: "some" }),
      sandbox({ timeout_seconds: -1 }),
    ].map((json): readonly [string, "document_shape"] => [JSON.stringify(json), "document_shape"]),
  ];
  for (const [given, code] of refused) assertFault(readIntent(utf8(given), "i.json"), code, given);
  assertFault(readIntent(new Uint8Array(INTENT_LIMIT + 1).fill(0x20), "i.json"), "json_too_large");
});

Deno.test("readIntent: names are exact, unknown ones are ignored at every level", () => {
  const json = request({ extra: 1, Tool_name: "x", intent_digest: "x", targets: [{ ...PATH, Value: "y", more: [] }] });
  assertEquals(intent(json), intent(request({ targets: [PATH] })));
  assertFault(read({ Tool_Name: "a", context: CONTEXT }), "intent_invalid");
});

Deno.test("readIntent: null, absent and empty are the same", () => {
  const empty = {
    schema_id: null,
    created_at: null,
    args: null,
    targets: null,
    arg_provenance: [],
    script: null,
    skill_provenance: null,
    delegation: null,
    relationship: null,
    context: {
      ...CONTEXT,
      phase: "",
      agent_id: " ",
      auth_context: {},
      sandbox: { writable_paths: [" ", ".", "x/.."], timeout_seconds: 0 },
      credential_scopes: [""],
    },
  };
  assertEquals(assertOk(read(request(empty))), intent(request()));
  assertEquals(intent(request()).context.phase, "apply");
  assertEquals(intent(request()).context.sandbox, undefined);
});

Deno.test("readIntent: times are told in UTC with all digits, the zero time is no time", () => {
  const time = "2026-03-14T01:00:00.1234567890+02:00";
  const utc = "2026-03-13T23:00:00.123456789Z";
  assertEquals(intent(request({ created_at: time })).created_at, utc);
  assertEquals(intent(request()).created_at, "1980-01-01T00:00:00Z");
  assertEquals(intent(request({ created_at: "0001-01-01T00:00:00Z" })).created_at, "1980-01-01T00:00:00Z");
  const { delegation } = intent(delegated({ issued_at: time, chain: [link("a", "c", { expires_at: time })] }));
  assertEquals([delegation?.issued_at, delegation?.expires_at], [utc, "0001-01-01T00:00:00Z"]);
  assertEquals(delegation?.chain[0]?.expires_at, utc);
  const { agent_identity } = intent(agent({ issued_at: time, approved_at: time, expires_at: LATE })).context;
  assertEquals([agent_identity?.issued_at, agent_identity?.approved_at], [utc, utc]);
});

Deno.test("readIntent: texts are trimmed, and lowered where letter case does not count", () => {
  const { context, tool_name, skill_provenance } = intent({
    tool_name: " Ledger.Post\n",
    skill_provenance: { skill_name: " Recon ", source: " GIT", publisher: " Acme ", digest: HEX.toUpperCase() },
    context: {
      identity: " Svc ",
      workspace: " C:\\Data\\books ",
      risk_class: " HIGH ",
      phase: "PLAN",
      credential_source: " AWS_STS",
      context_refs: ["b", " a", "b "],
      agent_identity: { lifecycle_states: ["Active", " Active"], source: "GIT" },
    },
  });
  assertEquals([tool_name, context.identity, context.workspace, context.risk_class, context.phase], [
    "ledger.post",
    "Svc",
    "C:/Data/books",
    "high",
    "plan",
  ]);
  assertEquals([context.credential_source, context.context_refs], ["aws_sts", ["a", "b"]]);
  assertEquals([context.agent_identity?.lifecycle_states, context.agent_identity?.source], [["Active"], "git"]);
  assertEquals([skill_provenance?.skill_name, skill_provenance?.publisher, skill_provenance?.digest], ["Recon", "Acme", HEX]);
});

Deno.test("readIntent: the paths of a sandbox are cleaned", () => {
  const { sandbox: read } = intent(sandbox({
    writable_paths: ["/w//a/", "/w/x/../b", " ./rel/. ", "."],
    read_only_roots: ["/", "../up"],
    evidence_ref: " sandbox:x1 ",
  })).context;
  assertEquals([read?.writable_paths, read?.read_only_roots, read?.evidence_ref], [["/w/a", "/w/b", "rel"], [
    "../up",
    "/",
  ], "sandbox:x1"]);
});

Deno.test("readIntent: the reference to a proof must be none of a credential, and is not told", () => {
  for (const evidence_ref of ["ghp_abcdef", "PROOF=1", "abcd1234efgh5678"]) {
    const fault = assertFault(read(sandbox({ evidence_ref })), "intent_credential");
    assertEquals(fault.at?.pointer, "/context/sandbox/evidence_ref");
    assert(!fault.message.includes(evidence_ref), fault.message);
  }
  for (const evidence_ref of ["receipt:abcd1234efgh5678", "Proof:abcd1234efgh5678", "env:abcd1234efgh5678", "short1", HEX]) {
    assertOk(read(sandbox({ evidence_ref })), evidence_ref);
  }
});

Deno.test("readIntent: a script is called script, and takes what its steps say where it says nothing itself", () => {
  const script = {
    steps: [
      { tool_name: " Files.Read ", targets: [PATH], arg_provenance: [{ arg_path: "b", source: "user" }] },
      { tool_name: "files.rm", args: { " k": "v " }, targets: [PATH, { kind: "table", value: "t" }] },
      { tool_name: "files.read", targets: [PATH], arg_provenance: [{ arg_path: "a", source: "external" }] },
    ],
  };
  const read = intent({ script, tool_name: "anything", context: CONTEXT });
  assertEquals(read.tool_name, "script");
  assertEquals(read.script?.steps.map((step) => [step.tool_name, step.args, step.targets.map((one) => one.endpoint_class)]), [
    ["files.read", {}, ["fs.read"]],
    ["files.rm", { k: "v" }, ["fs.delete", "other"]],
    ["files.read", {}, ["fs.read"]],
  ]);
  // Two steps read the path, one removes it: repeats are dropped, and both remain.
  assertEquals(read.targets.map((one) => [one.kind, one.endpoint_class, one.destructive]), [
    ["path", "fs.delete", true],
    ["path", "fs.read", false],
    ["table", "other", false],
  ]);
  assertEquals(read.arg_provenance.map((one) => one.arg_path), ["a", "b"]);
  const own = intent({ script, targets: [{ kind: "queue", value: "q" }], arg_provenance: [], context: CONTEXT });
  assertEquals(own.targets.map((one) => one.kind), ["queue"]);
  // The tool of a script is `script`, which hints at nothing.
  assertEquals(intent({ script, tool_name: "rm", targets: [PATH], context: CONTEXT }).targets[0]?.endpoint_class, "other");
});

Deno.test("intentOf: values that no reader has seen are not followed without end", () => {
  let deep: Json = 1;
  for (let i = 0; i < 5000; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
  assertFault(intentOf(request({ args: { deep } }), "i.json"), "json_too_deep");
  assertFault(intentOf(inContext({ auth_context: { deep } }), "i.json"), "json_too_deep");
});

Deno.test("readIntent: an object that is missing, and what is beside it", () => {
  const misspelt = { tool_name: "a", contxt: CONTEXT };
  const words = 'Cannot read "i.json": member "/context" is missing, did you mean "context" by "contxt"';
  assertEquals(assertFault(read(misspelt), "document_shape").message, words);
  assertEquals(assertFault(intentOf(misspelt, "i.json"), "document_shape").message, words);
});

Deno.test("intentOf: half characters read as those of bytes do, in names and texts at every depth", () => {
  const given = request({
    tool_name: "t\ud800",
    args: { "\udc00k": ["x\ud83d", { a: "\ude00" }], fine: "😀" },
    targets: [{ kind: "path", value: "/\udfff" }],
    context: { ...CONTEXT, identity: "i\ud800", auth_context: { "\ud800": "\ud800" } },
  });
  const taken = assertOk(intentOf(given, "i.json"));
  assertEquals(taken, assertOk(read(given)));
  assertEquals(taken.args, { "\ufffdk": ["x\ufffd", { a: "\ufffd" }], fine: "😀" });
  assertEquals(intentDigests(nodeHost.crypto, taken).intent_digest.length, 64);
  // Names that are one when read, which no literal can have.
  const names = (...all: readonly string[]) => Object.fromEntries(all.map((name) => [name, 1]));
  for (
    const [members, pointer] of [
      [names("\ud800", "\ufffd"), "/args/\ufffd"],
      [{ a: [names("\ud800", "\ud801")] }, "/args/a/0/\ufffd"],
    ] as const
  ) {
    const twice = request({ args: members });
    assertEquals(assertFault(intentOf(twice, "i.json"), "json_duplicate_key").at?.pointer, pointer);
    assertFault(read(twice), "json_duplicate_key");
  }
});

Deno.test("intentOf: values that nest without end are refused, not walked", () => {
  let deep: Json = "\ud800";
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assertFault(intentOf(request({ args: { deep } }), "i.json"), "json_too_deep");
  assertOk(intentOf(request({ unknown: deep }), "i.json"));
});
