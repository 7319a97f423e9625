// The order of verdicts, and what counts as destructive.
import { atLeast, isDestructive, strongest } from "../../core/gate/verdict.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assertEquals } from "../assert.ts";
import { intent, request } from "./intents.ts";

Deno.test("verdict: each is raised to every stronger one and to no weaker one", () => {
  for (const [i, a] of VERDICTS.entries()) {
    for (const [j, b] of VERDICTS.entries()) assertEquals(atLeast(a, b), VERDICTS[Math.max(i, j)], `${a} ${b}`);
  }
});

Deno.test("verdict: the strongest of several", () => {
  assertEquals(strongest("allow"), "allow");
  assertEquals(strongest("dry_run", "require_approval", "allow"), "require_approval");
});

const READ = { kind: "path", value: "/a", operation: "read" };
const DELETE = { kind: "path", value: "/a", operation: "delete" };

Deno.test("verdict: a call is destructive by its targets, a script by those of its steps", () => {
  const script = (...targets: readonly (typeof READ)[]) =>
    intent(request({ script: { steps: targets.map((target) => ({ tool_name: "t", targets: [target] })) } }));
  assertEquals(isDestructive(intent(request({ targets: [READ] }))), false);
  assertEquals(isDestructive(intent(request({ targets: [READ, DELETE] }))), true);
  assertEquals(isDestructive(script(READ, READ)), false);
  assertEquals(isDestructive(script(READ, DELETE)), true);
});
