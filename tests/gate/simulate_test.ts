// What would change from one policy to another: what counts as a change, and what is recommended.
import { utf8 } from "../../core/base/bytes.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { readFixture } from "../../core/gate/fixture.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { recommend, simulate } from "../../core/gate/simulate.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";

Deno.test("simulate: a call let through weighs most, then one that is newly blocked", () => {
  for (const baseline of VERDICTS) {
    for (const candidate of VERDICTS) {
      const expected = baseline !== "allow" && candidate === "allow"
        ? "observe"
        : baseline !== "block" && candidate === "block"
        ? "require_approval"
        : "enforce";
      assertEquals(recommend([{ baseline, candidate }]), expected, `${baseline} to ${candidate}`);
    }
  }
  assertEquals(recommend([]), "enforce");
  const loosened = { baseline: "block", candidate: "allow" } as const;
  const blocked = { baseline: "allow", candidate: "block" } as const;
  assertEquals(recommend([blocked, loosened]), "observe");
  assertEquals(recommend([blocked, { baseline: "allow", candidate: "dry_run" }]), "require_approval");
});

const policy = (text: string) => compilePolicy(assertOk(readPolicy(utf8(text), "p.yaml")).policy);

const context = { identity: "i", workspace: "/w", risk_class: "low" };
const call = {
  path: "a.json",
  fixture: assertOk(readFixture(nodeHost.crypto, utf8(JSON.stringify({ tool_name: "a", context })), "a")),
};

const changed = (baseline: string, candidate: string) =>
  assertOk(
    simulate(nodeHost.crypto, { baseline: policy(baseline), candidate: policy(candidate) }, [call], "2026-01-01T00:00:00Z"),
  );

Deno.test("simulate: verdict, reasons, violations and rules each make a change; nothing else does", () => {
  const rule = (name: string, more = "") => `rules:\n- {name: ${name}, effect: block, reason_codes: [r]${more}}\n`;
  assertEquals(changed(rule("a"), rule("a", ", priority: 7, min_approvals: 2")).changed, []);
  assertEquals(changed(rule("a"), rule("b")).changed.length, 1);
  assertEquals(changed(rule("a"), rule("a", ", violations: [v]")).changed.length, 1);
  assertEquals(
    changed("rules: [{name: a, effect: block}]\n", "rules: [{name: a, effect: block, reason_codes: [x]}]\n").changed.length,
    1,
  );
  const { changed: [one], ...counts } = changed("default_verdict: allow\n", "default_verdict: dry_run\n");
  assertEquals([one?.path, one?.baseline.verdict, one?.candidate.verdict], ["a.json", "allow", "dry_run"]);
  assertEquals(counts, {
    baseline_verdicts: [{ verdict: "allow", count: 1 }],
    candidate_verdicts: [{ verdict: "dry_run", count: 1 }],
    recommendation: "enforce",
  });
});

Deno.test("simulate: verdicts are counted in byte order", () => {
  const calls = ["a", "b", "c", "d"].map((tool_name) => {
    const bytes = utf8(JSON.stringify({ tool_name, context }));
    return { path: `${tool_name}.json`, fixture: assertOk(readFixture(nodeHost.crypto, bytes, tool_name)) };
  });
  const both = policy(`default_verdict: allow
rules:
- {name: a, effect: block, match: {tool_name: a}}
- {name: b, effect: require_approval, match: {tool_name: b}}
- {name: c, effect: dry_run, match: {tool_name: c}}
`);
  const simulated = assertOk(simulate(nodeHost.crypto, { baseline: both, candidate: both }, calls, "2026-01-01T00:00:00Z"));
  assertEquals(simulated.baseline_verdicts, [
    { verdict: "allow", count: 1 },
    { verdict: "block", count: 1 },
    { verdict: "dry_run", count: 1 },
    { verdict: "require_approval", count: 1 },
  ]);
  assertEquals(simulated.candidate_verdicts, simulated.baseline_verdicts);
});
