// What a session remembers of what it has read.
import { type Mark, sessionLabels } from "../../core/mcp/session_labels.ts";
import { assertEquals } from "../assert.ts";

const mark = (rule: string, source: Mark["source"] = "external", ...labels: readonly string[]): Mark => ({
  rule,
  source,
  labels,
});

Deno.test("session labels: a session that has read nothing says nothing", () => {
  assertEquals([sessionLabels().labels(), sessionLabels().provenance()], [[], []]);
});

Deno.test("session labels: labels unite, each rule is named once, with the call that came first", () => {
  const session = sessionLabels();
  session.mark(3, [mark("web", "external", "web", "b"), mark("mine", "tool_output", "a")]);
  session.mark(7, [mark("web", "external", "c")]);
  session.mark(undefined, [mark("task", "tool_output")]);
  assertEquals(session.labels(), ["a", "b", "c", "web"]);
  assertEquals(session.provenance(), [
    { arg_path: "$", source: "external", source_ref: "call 3, result rule web" },
    { arg_path: "$", source: "tool_output", source_ref: "call 3, result rule mine" },
    { arg_path: "$", source: "tool_output", source_ref: "a task, result rule task" },
  ]);
});

Deno.test("session labels: however many rules there were, no source is lost", () => {
  const session = sessionLabels();
  for (let i = 0; i < 3_000; i++) session.mark(i, [mark(`r${i}`, "tool_output", "t")]);
  session.mark(1, [mark("last", "external", "e")]);
  const all = session.provenance();
  assertEquals(all.length, 1025);
  assertEquals([all.at(-1)?.["source"], session.labels()], ["external", ["e", "t"]]);
});

Deno.test("session labels: a task is its call's, until there are too many", () => {
  const session = sessionLabels();
  for (let i = 0; i <= 4_096; i++) session.began(`t${i}`, { number: i, tool: "x" });
  assertEquals([session.callOf("t0"), session.callOf("t1"), session.callOf("other")], [
    undefined,
    { number: 1, tool: "x" },
    undefined,
  ]);
});
