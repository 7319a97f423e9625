// What a policy can never allow, told from the name of a tool alone.
import type { JsonObject } from "../../core/base/json.ts";
import { canAllow } from "../../core/gate/can_allow.ts";
import { assertEquals } from "../assert.ts";
import { compiled } from "./decide.ts";

type Row = readonly [name: string, policy: JsonObject, can: boolean];

const rule = (name: string, effect: string, match: JsonObject = {}, priority = 0): JsonObject => ({
  name,
  effect,
  match,
  priority,
});

const TOOL = { tool_names: ["Mail.Send"] };

const TABLE: readonly Row[] = [
  ["the default blocks and no rule is about it", { default_verdict: "block" }, false],
  ["the default asks", {}, true],
  ["the default rehearses", { default_verdict: "dry_run" }, true],
  ["a rule allows another tool", {
    default_verdict: "block",
    rules: [rule("a", "allow", { tool_names: ["mail.read"] })],
  }, false],
  ["a rule allows it somewhere", {
    default_verdict: "block",
    rules: [rule("a", "allow", { ...TOOL, identities: ["ann"] })],
  }, true],
  ["a rule asks about it", { default_verdict: "block", rules: [rule("a", "require_approval", TOOL)] }, true],
  ["a rule rehearses it", { default_verdict: "block", rules: [rule("a", "dry_run", TOOL)] }, true],
  ["a rule blocks it", { default_verdict: "allow", rules: [rule("b", "block", TOOL)] }, false],
  ["a rule blocks everything", { default_verdict: "allow", rules: [rule("b", "block")] }, false],
  ["a rule blocks it at one risk", {
    default_verdict: "allow",
    rules: [rule("b", "block", { ...TOOL, risk_classes: ["high"] })],
  }, true],
  ["a block of its tier is stronger", {
    default_verdict: "allow",
    rules: [rule("a", "allow", { ...TOOL, risk_classes: ["low"] }), rule("b", "block", TOOL)],
  }, false],
  ["a block of an earlier tier is taken first", {
    default_verdict: "allow",
    rules: [rule("a", "allow", TOOL, 2), rule("b", "block", TOOL, 1)],
  }, false],
  ["a block of a later tier is not looked at", {
    default_verdict: "block",
    rules: [rule("a", "allow", { ...TOOL, risk_classes: ["low"] }, 1), rule("b", "block", TOOL, 2)],
  }, true],
  ["a block takes some calls of what allows", {
    default_verdict: "block",
    rules: [rule("a", "allow", TOOL), rule("b", "block", { ...TOOL, identities: ["ann"] })],
  }, true],
  ["a block takes all calls of what allows, and one all others", {
    default_verdict: "allow",
    rules: [
      rule("a", "allow", { ...TOOL, identities: ["ann"], risk_classes: ["low"] }, 1),
      rule("b", "block", { identities: ["ann", "bob"] }, 1),
      rule("c", "block", {}, 2),
    ],
  }, false],
  ["what allows can hold for no call", {
    default_verdict: "block",
    rules: [rule("a", "allow", { ...TOOL, target_kinds: ["planet"] })],
  }, false],
  ["a section blocks what is not complete: a complete call passes", {
    default_verdict: "allow",
    fail_closed: { enabled: true, required_fields: ["targets"] },
  }, true],
  ["a constraint may raise what allows", {
    default_verdict: "block",
    rules: [{ ...rule("a", "allow", TOOL), block_standing_credentials: true }],
  }, true],
];

for (const [name, policy, can] of TABLE) {
  Deno.test(`can allow: ${name}`, () => {
    assertEquals([canAllow(compiled(policy), "mail.send"), canAllow(compiled(policy), " MAIL.send ")], [can, can]);
  });
}

Deno.test("can allow: the steps of a script have names of their own", () => {
  assertEquals(canAllow(compiled({ default_verdict: "block" }), "Script"), true);
});
