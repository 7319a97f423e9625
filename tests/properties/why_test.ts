// Explanations of arbitrary calls: what they claim is so.
import type { Json } from "../../core/base/json.ts";
import { edited } from "../../core/gate/why_edit.ts";
import { whyLines } from "../../core/gate/why_words.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { gate } from "../gate/why_world.ts";
import { pairJson } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

property("a suggested change, made, gives the verdict that it claims", pairJson, ({ policy, intent, ...around }) => {
  const { decide, explain } = gate(policy, around);
  const before = decide(intent);
  const explained = explain(intent);
  if (!before.ok) return assertEquals(explained.ok, false);
  const { verdict, search } = assertOk(explained);
  assertEquals(verdict, before.value.verdict);
  if (search.change === undefined) return;
  assert(search.change.edits.length <= 2 && search.change.verdict !== verdict);
  assertEquals(assertOk(decide(edited(intent, search.change.edits))).verdict, search.change.verdict);
});

property("the rules that are told are those taken, and no near rule is one", pairJson, ({ policy, intent, ...around }) => {
  const { decide, explain } = gate(policy, around);
  const before = decide(intent);
  if (!before.ok || before.value.script !== undefined) return;
  const { rules, near } = assertOk(explain(intent));
  const named = rules.map(({ name, priority, effect }): Json => ({ name, priority, effect }));
  assertEquals(named, before.value.matched_rules.map((rule): Json => ({ ...rule })));
  for (const { holds, of, failed, priority } of near) {
    assertEquals(failed === undefined, holds === of);
    const taken = rules[0]?.priority;
    if (taken !== undefined && failed !== undefined) assert(priority <= taken);
    if (taken !== undefined && failed === undefined) assert(priority > taken);
  }
});

property(
  "an explanation has a line for the verdict and one for what would change it",
  pairJson,
  ({ policy, intent, ...around }) => {
    const explained = gate(policy, around).explain(intent);
    if (!explained.ok) return;
    const lines = whyLines(explained.value);
    assert(lines[0]?.startsWith(`${explained.value.verdict}: decided by `));
    assert(/^(?:would be |no change )/.test(lines.at(-1) ?? ""), lines.at(-1));
  },
);
