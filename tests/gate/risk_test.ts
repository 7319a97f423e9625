// How risky targets are.
import { highestRisk, riskOf } from "../../core/gate/risk.ts";
import { assertEquals } from "../assert.ts";
import { intent, request } from "./intents.ts";

const risk = (...targets: readonly Record<string, string | boolean>[]) => riskOf(intent(request({ targets })).targets);

Deno.test("risk: by endpoint class and by what destroys", () => {
  assertEquals(risk(), "low");
  assertEquals(risk({ kind: "path", value: "/a", operation: "read" }), "low");
  assertEquals(risk({ kind: "table", value: "t" }), "low");
  assertEquals(risk({ kind: "path", value: "/a", operation: "write" }), "medium");
  assertEquals(risk({ kind: "host", value: "h" }), "medium");
  assertEquals(risk({ kind: "host", value: "h", operation: "resolve" }), "medium");
  assertEquals(risk({ kind: "host", value: "h" }, { kind: "path", value: "/a", operation: "rm" }), "high");
  assertEquals(risk({ kind: "other", value: "make", operation: "exec" }), "high");
  assertEquals(risk({ kind: "table", value: "t", destructive: true }), "high");
});

Deno.test("risk: the highest of several, of none low", () => {
  assertEquals(highestRisk([]), "low");
  assertEquals(highestRisk(["low", "medium"]), "medium");
  assertEquals(highestRisk(["medium", "high", "low"]), "high");
});
