// What one field of a policy implies for another, what turns a section on, and what does not hold together (spec 02, sections 2.2, 2.3,
// 6 and 7.1).
import { readShape } from "../../core/base/shape.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { normalizePolicy } from "../../core/gate/policy_normal.ts";
import type { Policy, Rule } from "../../core/gate/types.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const normal = (json: Json) => normalizePolicy(assertOk(readShape(PolicyShape, json, "p")));
const policy = (json: Json): Policy => assertOk(normal(json), JSON.stringify(json));
const rule = (fields: JsonObject): Rule => {
  const [first] = policy({ rules: [{ name: "r", effect: "allow", ...fields }] }).rules;
  if (first === undefined) throw new Error("no rule");
  return first;
};

Deno.test("normal policy: the empty one", () => {
  assertEquals(policy({}), {
    schema_id: "gait.gate.policy",
    schema_version: "1.0.0",
    default_verdict: "require_approval",
    scripts: { max_steps: 0, require_approval_above: 0, block_mixed_risk: false },
    fail_closed: { enabled: false, risk_classes: [], required_fields: [], required_high_risk_fields: [] },
    mcp_trust: undefined,
    rules: [],
  });
});

Deno.test("normal policy: aliases are emptied into their fields", () => {
  assertEquals(policy({ default_action: " Block " }).default_verdict, "block");
  assertEquals(policy({ default_action: "block", default_verdict: "BLOCK" }).default_verdict, "block");
  const [made] = policy({
    rules: [{
      name: "r",
      action: "DRY_RUN",
      match: {
        tool_name: " B ",
        tool_names: ["a", "b"],
        endpoint_class: ["fs.write"],
        endpoint_classes: ["fs.read", "FS.WRITE"],
      },
    }],
  }).rules;
  assertEquals([made?.effect, made?.match.tool_names, made?.match.endpoint_classes], [
    "dry_run",
    ["a", "b"],
    ["fs.read", "fs.write"],
  ]);
  const match = { ...made?.match };
  assertEquals(["tool_name", "endpoint_class", "action"].filter((name) => name in match || (made && name in made)), []);
});

Deno.test("normal policy: what implies what", () => {
  assertEquals(rule({ min_approvals: 1 }).require_distinct_approvers, false);
  assertEquals(rule({ min_approvals: 2 }).require_distinct_approvers, true);
  assertEquals(rule({ require_context_evidence: true }).required_context_evidence_mode, "required");
  assertEquals(rule({ required_context_evidence_mode: "Required" }).require_context_evidence, false);
  assertEquals(policy({ fail_closed: { enabled: true } }).fail_closed.risk_classes, ["critical", "high"]);
  assertEquals(policy({ fail_closed: { enabled: true, risk_classes: ["Low"] } }).fail_closed.risk_classes, ["low"]);
  assertEquals(policy({ fail_closed: { risk_classes: [] } }).fail_closed.risk_classes, []);
});

Deno.test("normal policy: sections are off until something turns them on", () => {
  const off: readonly (readonly [keyof Rule, JsonObject])[] = [
    ["endpoint", { reason_code: "x", violation: "y", action: "block" }],
    ["dataflow", { reason_code: "x", action: "block" }],
    ["freeze_window", {}],
    ["sandbox", {}],
    ["rate_limit", { window: "fortnight", scope: "planet" }],
    ["rate_limit", { requests: -1 }],
    ["destructive_budget", { requests: 0 }],
  ];
  for (const [name, section] of off) {
    assertEquals(rule({ [name]: section })[name], undefined, `${name} ${JSON.stringify(section)}`);
  }
  assertEquals(policy({ mcp_trust: { enabled: false, min_score: 0 } }).mcp_trust, undefined);
  const windows = [{ start: "a", end: "b" }];
  const on: readonly (readonly [keyof Rule, JsonObject])[] = [
    ["endpoint", { enabled: true }],
    ["endpoint", { path_denylist: ["/etc"] }],
    ["endpoint", { domain_allowlist: ["x"] }],
    ["endpoint", { egress_classes: ["net.dns"] }],
    ["endpoint", { destructive_action: "block" }],
    ["dataflow", { enabled: true }],
    ["dataflow", { tainted_sources: ["user"] }],
    ["dataflow", { destination_values: ["x"] }],
    ["freeze_window", { timezone: "UTC", windows }],
    ["sandbox", { enabled: true }],
    ["sandbox", { max_timeout_seconds: 1 }],
    ["sandbox", { allowed_user_modes: ["root"] }],
    ["rate_limit", { requests: 1 }],
    ["destructive_budget", { requests: 1 }],
  ];
  for (const [name, section] of on) {
    assertEquals(rule({ [name]: section })[name] === undefined, false, `${name} ${JSON.stringify(section)}`);
  }
});

Deno.test("normal policy: the defaults of sections", () => {
  assertEquals(rule({ endpoint: { domain_denylist: ["B.Example", "a"] } }).endpoint, {
    enabled: true,
    path_allowlist: [],
    path_denylist: [],
    domain_allowlist: [],
    domain_denylist: ["a", "b.example"],
    egress_classes: [],
    action: "block",
    destructive_action: "",
    reason_code: "endpoint_constraint_violation",
    violation: "endpoint_constraint_violation",
  });
  assertEquals(rule({ dataflow: { enabled: true } }).dataflow, {
    enabled: true,
    tainted_sources: ["external", "tool_output"],
    destination_kinds: [],
    destination_values: [],
    destination_operations: [],
    action: "require_approval",
    reason_code: "dataflow_tainted_destination",
    violation: "tainted_dataflow",
  });
  assertEquals(
    rule({ freeze_window: { timezone: "UTC", windows: [{ start: "1", end: "2" }, { name: " x ", start: "3", end: "4" }] } })
      .freeze_window,
    {
      enabled: true,
      timezone: "UTC",
      effect: "block",
      reason: "",
      environments: [],
      risk_classes: [],
      windows: [{ name: "window-1", start: "1", end: "2" }, { name: "x", start: "3", end: "4" }],
    },
  );
  assertEquals(rule({ rate_limit: { requests: 4 } }).rate_limit, { requests: 4, window: "minute", scope: "tool_identity" });
  assertEquals(rule({ destructive_budget: { requests: 1, window: "HOUR", scope: "Tool" } }).destructive_budget, {
    requests: 1,
    window: "hour",
    scope: "tool",
  });
  const { sandbox } = rule({
    sandbox: {
      allowed_writable_path_prefixes: ["/a//b/", "/a/./b", " ", ".", "/c/.."],
      required_read_only_roots: [" x/../y "],
    },
  });
  assertEquals([sandbox?.allowed_writable_path_prefixes, sandbox?.required_read_only_roots], [["/", "/a/b"], ["y"]]);
  assertEquals(policy({ mcp_trust: { snapshot: " t.json ", max_age: " 90m " } }).mcp_trust, {
    snapshot: "t.json",
    action: "block",
    required_risk_classes: ["critical", "high"],
    min_score: 0,
    max_age: "1h30m0s",
    publisher_allowlist: [],
    require_registry: false,
  });
});

Deno.test("normal policy: rules are sorted by priority, then name by bytes, then by what they say", () => {
  const { rules } = policy({
    rules: [["b", 2], ["a", 2], ["z", -1], ["B", 2], ["a", 2], ["\u{1f600}", 2], ["\uffff", 2]].map(([name, priority]) => ({
      name: name ?? "",
      priority: priority ?? 0,
      effect: "allow",
    })),
  });
  assertEquals(rules.map(({ name, index }) => `${name}${index}`), ["z2", "B3", "a1", "a4", "b0", "\uffff6", "\u{1f600}5"]);
});

Deno.test("normal policy: what does not hold together is refused with its pointer", () => {
  const bad = (fields: JsonObject): JsonObject => ({
    rules: [{ name: "r", effect: "allow" }, { name: "s", effect: "allow", ...fields }],
  });
  const digits = "0123456789abcdef".repeat(4);
  assertEquals(rule({ required_agent_manifest_digest: digits.toUpperCase() }).required_agent_manifest_digest, digits);
  const rows: readonly (readonly [JsonObject, string, string])[] = [
    [{ schema_id: "gait.gate.other" }, "/schema_id", 'field "schema_id" must be gait.gate.policy, not "gait.gate.other"'],
    [{ schema_version: "1.1.0" }, "/schema_version", 'field "schema_version" must be 1.0.0, not "1.1.0"'],
    [
      { default_action: "allow", default_verdict: "block" },
      "/default_action",
      'field "default_action" says "allow" and "default_verdict" says "block", drop one',
    ],
    [bad({ action: "block" }), "/rules/1/action", 'field "action" says "block" and "effect" says "allow", drop one'],
    [bad({ name: "  " }), "/rules/1/name", 'rule 2 needs a "name"'],
    [bad({ effect: " " }), "/rules/1", 'rule "s" needs an "effect": allow, dry_run, require_approval, block'],
    [
      bad({ required_agent_manifest_digest: "12ab" }),
      "/rules/1/required_agent_manifest_digest",
      'field "required_agent_manifest_digest" must be 64 hexadecimal digits',
    ],
    [
      bad({ freeze_window: { enabled: true } }),
      "/rules/1/freeze_window",
      'the freeze window needs a "timezone", such as Europe/Lisbon',
    ],
    [
      bad({ freeze_window: { reason: "x", timezone: "UTC" } }),
      "/rules/1/freeze_window",
      'the freeze window needs "windows", each with a start and an end',
    ],
    [
      bad({ freeze_window: { timezone: "UTC", windows: [{ start: "1", end: "2" }, { end: "2" }] } }),
      "/rules/1/freeze_window/windows/1",
      'window 2 needs a "start", such as 2026-12-24T18:00:00',
    ],
    [
      bad({ freeze_window: { timezone: "UTC", windows: [{ start: "1" }] } }),
      "/rules/1/freeze_window/windows/0",
      'window 1 needs an "end", such as 2027-01-02T06:00:00',
    ],
    [
      bad({ rate_limit: { requests: 1, window: "hours" } }),
      "/rules/1/rate_limit/window",
      'field "window" must be one of minute, hour, not "hours", did you mean "hour"',
    ],
    [
      bad({ rate_limit: { requests: 1, scope: "planet" } }),
      "/rules/1/rate_limit/scope",
      'field "scope" must be one of tool_identity, tool, identity, not "planet"',
    ],
    [
      bad({ destructive_budget: { scope: "tool" } }),
      "/rules/1/destructive_budget/requests",
      'the destructive budget needs "requests" of at least 1',
    ],
    [
      bad({ destructive_budget: { requests: -1 } }),
      "/rules/1/destructive_budget/requests",
      'the destructive budget needs "requests" of at least 1',
    ],
    [{ mcp_trust: { enabled: true } }, "/mcp_trust", 'mcp_trust needs a "snapshot"'],
    [{ mcp_trust: { require_registry: true } }, "/mcp_trust", 'mcp_trust needs a "snapshot"'],
    [
      { mcp_trust: { snapshot: "t", min_score: 1.2 } },
      "/mcp_trust/min_score",
      'field "min_score" must be between 0 and 1, not 1.2',
    ],
    ...["2d", "0", "-90m", "90", "0s"].map((age): readonly [JsonObject, string, string] => [
      { mcp_trust: { snapshot: "t", max_age: age } },
      "/mcp_trust/max_age",
      `field "max_age" must be a duration above 0, such as 90m or 36h, not "${age}"`,
    ]),
  ];
  for (const [json, pointer, words] of rows) {
    const fault = assertFault(normal(json), "policy_shape", JSON.stringify(json));
    assertEquals([fault.at, fault.message], [{ pointer }, `Cannot use the policy: ${words}`], JSON.stringify(json));
  }
});

Deno.test("normal policy: a pattern may have 4,096 code units and no more", () => {
  for (const field of ["path_allowlist", "path_denylist", "domain_allowlist", "domain_denylist"]) {
    const made = (length: number) => ({
      rules: [{ name: "r", effect: "allow", endpoint: { [field]: ["b", "a".repeat(length)] } }],
    });
    policy(made(4096));
    const words = `field "${field}" may have patterns of at most 4096 characters, and one has 4097`;
    const fault = assertFault(normal(made(4097)), "policy_shape");
    assertEquals([fault.message, fault.at?.pointer], [`Cannot use the policy: ${words}`, `/rules/0/endpoint/${field}`]);
  }
});
