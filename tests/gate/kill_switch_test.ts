// The emergency stop: what each selector selects, which entries count, that nothing gets past it.
import type { JsonObject } from "../../core/base/json.ts";
import type { Conditions, Decision, KillSwitchEntry } from "../../core/gate/types.ts";
import { assertEquals } from "../assert.ts";
import { AROUND, decide, killSwitch, ruled, said } from "./decide.ts";
import { CONTEXT, request } from "./intents.ts";

const CALL = request({
  targets: [{ kind: "path", value: "/srv/books/a", operation: "read" }, { kind: "queue", value: "Q1" }],
  context: { ...CONTEXT, agent_id: "clerk-1", environment: "Prod" },
});

const stop = (entry: Partial<KillSwitchEntry>, json: JsonObject = CALL, around: Partial<Conditions> = {}): Decision =>
  decide(ruled({}), json, { kill_switch: killSwitch(entry), ...around });

const stopped = (entry: Partial<KillSwitchEntry>, json?: JsonObject): boolean => stop(entry, json).verdict === "block";

const SELECTORS:
  readonly (readonly [code: string, hit: Partial<KillSwitchEntry>, misses: readonly Partial<KillSwitchEntry>[]])[] = [
    ["agent_id", { agent_id: "clerk-1" }, [{ agent_id: "Clerk-1" }]],
    ["identity", { identity: "svc.clerk" }, [{ identity: "svc" }]],
    ["tool_name", { tool_name: "ledger.post" }, [{ tool_name: "ledger" }, { tool_name: "script" }]],
    ["environment", { environment: "prod" }, [{ environment: "dev" }]],
    ["target", { target_kind: "queue", target_value: "Q1" }, [{ target_kind: "path", target_value: "Q1" }, {
      target_value: "q1",
    }]],
    ["target", { target_kind: "path" }, [{ target_kind: "url" }]],
    ["path", { path_prefixes: ["/nowhere", "/srv/books"] }, [{ path_prefixes: ["/srv/boo"] }]],
    ["workspace", { workspace_prefixes: ["/srv"] }, [{ workspace_prefixes: ["/srv/boo"] }]],
  ];

for (const [code, hit, misses] of SELECTORS) {
  Deno.test(`kill switch: ${JSON.stringify(hit)}`, () => {
    const decision = stop(hit);
    assertEquals(said(decision), ["block", `kill_switch_active kill_switch_${code}_active ok`, "kill_switch_active"]);
    assertEquals(decision.kill_switch, {
      status: "active",
      reason_code: `kill_switch_${code}_active`,
      reason_codes: ["kill_switch_active", `kill_switch_${code}_active`],
      matched_entry_ids: ["e0"],
      evaluated_at: AROUND.evaluation_time,
    });
    for (const miss of misses) {
      assertEquals(said(stop(miss)), ["allow", "ok", ""], JSON.stringify(miss));
      assertEquals(said(stop({ ...hit, ...miss, identity: "nobody" })), ["allow", "ok", ""]);
    }
  });
}

Deno.test("kill switch: every selector of an entry has to hold", () => {
  assertEquals(stopped({ tool_name: "ledger.post", identity: "svc.clerk" }), true);
  assertEquals(stopped({ tool_name: "ledger.post", identity: "else" }), false);
});

Deno.test("kill switch: an entry without selectors stops every call", () => {
  assertEquals(stop({}).kill_switch?.reason_codes, ["kill_switch_active"]);
  assertEquals(stop({}).kill_switch?.reason_code, "kill_switch_active");
});

Deno.test("kill switch: entries count while they are enabled and last", () => {
  assertEquals(stopped({ enabled: false }), false);
  assertEquals(stopped({ expires_at: AROUND.evaluation_time }), false);
  assertEquals(stopped({ expires_at: "2026-03-14T09:30:00.000000001Z" }), true);
  assertEquals(stopped({ expires_at: "some day" }), true);
  assertEquals(stop({ expires_at: "2026-03-14T09:30:00Z" }, CALL, { evaluation_time: "no time" }).verdict, "block");
});

Deno.test("kill switch: the answer is told when nothing is active, and nothing when there is none", () => {
  assertEquals(stop({ enabled: false }).kill_switch, {
    status: "inactive",
    reason_code: "",
    reason_codes: [],
    matched_entry_ids: [],
    evaluated_at: AROUND.evaluation_time,
  });
  assertEquals(decide(ruled({}), CALL).kill_switch, undefined);
});

Deno.test("kill switch: several entries are merged and sorted", () => {
  const several = killSwitch({ entry_id: "zz", identity: "svc.clerk" }, { entry_id: "aa", agent_id: "clerk-1" }, {
    identity: "no",
  });
  const { kill_switch } = decide(ruled({}), CALL, { kill_switch: several });
  assertEquals(kill_switch?.matched_entry_ids, ["aa", "zz"]);
  assertEquals(kill_switch?.reason_code, "kill_switch_agent_id_active");
});

const script = (...steps: readonly JsonObject[]): JsonObject => request({ script: { steps } });

Deno.test("kill switch: it sees the tools and targets of every step", () => {
  const json = script({ tool_name: "a" }, { tool_name: "B", targets: [{ kind: "path", value: "/x/y", operation: "read" }] });
  assertEquals(stopped({ tool_name: "b" }, json), true);
  assertEquals(stopped({ tool_name: "script" }, json), true);
  assertEquals(stopped({ path_prefixes: ["/x"] }, json), true);
  assertEquals(stopped({ tool_name: "c" }, json), false);
  const hidden = { ...json, targets: [{ kind: "path", value: "/harmless", operation: "read" }] };
  assertEquals(stopped({ path_prefixes: ["/x"] }, hidden), true);
});

Deno.test("kill switch: no spelling of a host or of a path that an entry names gets past it", () => {
  const at = (kind: string, value: string) => request({ targets: [{ kind, value, operation: "read" }] });
  const host = { target_kind: "host", target_value: "evil.example" };
  for (
    const value of [
      "evil.example",
      "evil.example.",
      "EVIL.example",
      "http://evil.example/x",
      "evil.example:8443",
      "ev%69l.example",
      "evil.example\0",
      "evil.example\0.x",
      "ev\u0001il.example",
      "evil.example%00",
    ]
  ) {
    assertEquals(stopped(host, at("host", value)), true, value);
    assertEquals(stopped({ ...host, target_value: value }, at("host", "evil.example")), true, value);
  }
  assertEquals(stopped({ target_kind: "host", target_value: "127.0.0.1" }, at("host", "0x7f.1")), true);
  for (const value of ["evil.example.org", "notevil.example", "example"]) {
    assertEquals(stopped(host, at("host", value)), false, value);
  }
  assertEquals(stopped(host, at("bucket", "evil.example")), false);
  const path = { target_kind: "path", target_value: "/w/./c" };
  for (const value of ["/w/./c", "/w/c", "/w//c", "/w/x/../c", "/w/%63"]) {
    assertEquals(stopped(path, at("path", value)), true, value);
  }
  assertEquals(stopped(path, at("path", "/w/c/d")), false);
});

Deno.test("kill switch: no spelling of a path gets past it", () => {
  const at = (value: string) => request({ targets: [{ kind: "path", value, operation: "read" }] });
  for (const value of ["/srv/../etc/x", "/etc//x", "\\etc\\x", "/%65tc/../etc/x", "/srv/%2e%2e/etc/x", "/etc/x\0.csv"]) {
    assertEquals(stopped({ path_prefixes: ["/etc"] }, at(value)), true, value);
  }
  for (const value of ["a", "./a", "a/b", "a/../b", ".", "%2e/a"]) {
    assertEquals(stopped({ path_prefixes: ["."] }, at(value)), true, value);
  }
  assertEquals(stopped({ path_prefixes: ["."] }, at("/a")), false);
  assertEquals(stopped({ target_value: "/etc/x" }, at("/srv/../etc/x")), true);
  assertEquals(stopped({ workspace_prefixes: ["/etc"] }, request({ context: { ...CONTEXT, workspace: "/srv/../etc" } })), true);
});

Deno.test("kill switch: one that is needed and cannot be read blocks before all else", () => {
  const decision = decide(ruled({}), CALL, { kill_switch: { status: "unavailable" } });
  assertEquals(said(decision), ["block", "kill_switch_state_unavailable", "kill_switch_state_unavailable"]);
  assertEquals([decision.matched_rule, decision.kill_switch?.status], ["", "unavailable"]);
});

Deno.test("kill switch: what the rules demand stays known", () => {
  const policy = ruled({ effect: "require_approval", min_approvals: 2, rate_limit: { requests: 1 } });
  const decision = decide(policy, CALL, { kill_switch: killSwitch({}) });
  assertEquals([decision.verdict, decision.required_approvals, decision.rate_limit?.requests], ["block", 2, 1]);
});
