// Each finding of `check`: when there is one, and in which order (spec 02, section 1.6).
import { utf8 } from "../../core/base/bytes.ts";
import { findingsOf } from "../../core/gate/check_findings.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { signalsOf } from "../../core/gate/signals.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

const check = (policy: string, tools: readonly string[] = [], frameworks: readonly string[] = []) => {
  const sightings = (all: readonly string[]) => all.map((name) => ({ name, paths: ["a.py"] }));
  const detection = { tools: sightings(tools), frameworks: sightings(frameworks) };
  const read = assertOk(readPolicy(utf8(policy), "p.yaml"));
  return findingsOf({ policy: read.policy, detection, signals: signalsOf(detection) });
};
const codes = (...given: Parameters<typeof check>): readonly string[] => check(...given).map(({ code }) => code);

const NAMES_ONE = "default_verdict: block\nrules:\n- {name: a, effect: block, match: {tool_names: [Mail.Send]}}\n";
const NAMES_NONE = "default_verdict: block\nrules:\n- {name: a, effect: dry_run}\n";

Deno.test("check: each finding at its time", () => {
  assertEquals(codes("default_verdict: allow\n"), [
    "policy.no_rules",
    "policy.default_allow",
    "policy.no_non_allow_rules",
    "repo.no_supported_framework_detected",
    "repo.no_high_confidence_signals",
  ]);
  assertEquals(codes(NAMES_ONE, ["mail.SEND"], ["mcp"]), ["repo.manual_review_required"], "names are compared in lowercase");
  assertEquals(codes(NAMES_ONE, ["save_note", "helper"], ["mcp"]), [
    "repo.tool_inventory_name_mismatch",
    "repo.generated_rules_available",
  ]);
  assertEquals(codes(NAMES_NONE, ["helper"]), [
    "repo.no_supported_framework_detected",
    "repo.tool_inventory_uncovered",
    "repo.no_high_confidence_signals",
  ]);
  assertEquals(codes(NAMES_NONE, [], ["mcp"]), []);
  assertEquals(codes("rules:\n- {name: a, effect: allow}\n", [], ["mcp"]), ["policy.no_non_allow_rules"]);
});

Deno.test("check: exactly these members, evidence where there is any", () => {
  const [finding] = check(NAMES_ONE, ["save_note"], ["mcp"]);
  assertEquals(finding, {
    code: "repo.tool_inventory_name_mismatch",
    severity: "warning",
    summary: "The rules name tools, and none of those that were found in this folder",
    detected_surface: "repo.tools",
    remediation: "Use the names under which your program calls its tools",
    evidence: ["save_note"],
  });
  for (const { summary, remediation } of check("default_verdict: allow\n", ["x.y", "save_note"])) {
    assert(!summary.endsWith(".") && !remediation.endsWith("."), summary);
  }
});
