// Names of fixtures, words for verdicts, versions of documents, and where two sequences part.
import { fixtureNameOf, isFixtureName } from "../../core/regress/names.ts";
import { firstMismatch, toolSequence } from "../../core/regress/sequences.ts";
import { isNewer } from "../../core/regress/version.ts";
import { verdictOfResult, verdictOfWord } from "../../core/regress/words.ts";
import { assert, assertEquals } from "../assert.ts";
import { graded } from "./worlds.ts";

Deno.test("regress names: what is a name, and what a run id becomes", () => {
  const names = ["a", "0", "quote_v2.smoke", "0.ok-_", "a".repeat(200)];
  assertEquals(names.filter((name) => !isFixtureName(name)), []);
  const others = ["", "-a", ".a", "_a", "A", "a b", "a/b", "..", "ü", "a\n"];
  assertEquals(others.filter(isFixtureName), []);
  const made: Readonly<Record<string, string>> = {
    "run_demo": "run_demo",
    "Night Run::ÜBER_7..": "night-run-ber_7",
    "../../etc": "etc",
    "a//\\b": "a-b",
    "...": "fixture",
    "": "fixture",
    "éé": "fixture",
    "İx": "ix",
    "a.-_": "a",
    "KELVIN \u212a": "kelvin-k",
  };
  for (const [id, name] of Object.entries(made)) {
    assertEquals([id, fixtureNameOf(id)], [id, name]);
    assert(isFixtureName(fixtureNameOf(id)), id);
  }
});

Deno.test("regress words: what a fixture may write for a verdict, and what none is", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["allow", "allow"],
    [" PASSED ", "allow"],
    ["DENY", "block"],
    ["Needs Approval", "require_approval"],
    ["needsapproval", "require_approval"],
    ["approval-required", "require_approval"],
    ["dry-run", "dry_run"],
    ["dry run", "dry_run"],
    ["Simulated", "dry_run"],
    ["failure", "error"],
    ["error", "error"],
    ["granted", undefined],
    ["", undefined],
    ["constructor", undefined],
    ["needs  approval", undefined],
  ];
  for (const [word, verdict] of rows) assertEquals([word, verdictOfWord(word)], [word, verdict]);
});

Deno.test("regress words: a verdict in the payload of a result wins over its status, if it is one", () => {
  const rows = [
    ["ok", undefined, "allow"],
    ["OK ", undefined, "allow"],
    ["allow", undefined, "error"],
    ["needsapproval", undefined, "error"],
    ["needs approval", undefined, "error"],
    ["dry-run", undefined, "dry_run"],
    ["dry run", undefined, "error"],
    ["timeout", undefined, "error"],
    ["", undefined, "error"],
    ["ok", { verdict: "Denied" }, "block"],
    ["blocked", { verdict: "allow" }, "allow"],
    ["blocked", { verdict: "shrug" }, "block"],
    ["ok", { verdict: null }, "allow"],
    ["ok", { verdict: { verdict: "block" } }, "allow"],
    ["ok", { verdict: true }, "allow"],
    ["ok", { Verdict: "block" }, "allow"],
  ] as const;
  for (const [status, result, verdict] of rows) {
    assertEquals([status, result, verdictOfResult({ status, result })], [status, result, verdict]);
  }
});

Deno.test("regress versions: what is newer than what is read here", () => {
  const newer = ["2", "2.0.0", "1.0.1", "1.1", "10.0.0"];
  assertEquals(newer.filter((version) => !isNewer(version)), []);
  assertEquals(["1.0.0", "1", "0.9.9", "", "v2", "2.x", "latest"].filter(isNewer), []);
});

Deno.test("regress sequences: the first mismatch, and what stands behind an end", () => {
  assertEquals(firstMismatch(["a", "b"], ["a", "b"]), undefined);
  assertEquals(firstMismatch([], []), undefined);
  assertEquals(firstMismatch(["a", "b"], ["a", "c"]), { index: 1, expected: "b", actual: "c" });
  assertEquals(firstMismatch(["a", "b"], ["a"]), { index: 1, expected: "b", actual: "<missing>" });
  assertEquals(firstMismatch(["a"], ["a", "b"]), { index: 1, expected: "<missing>", actual: "b" });
});

Deno.test("regress sequences: tools are trimmed, and calls without one are left out", async () => {
  const { records } = await graded({
    intents: [" t.one ", "", "t.two"].map((tool_name, i) => ({ intent_id: `i${i}`, tool_name, args: {} })),
  });
  assertEquals(toolSequence(records), ["t.one", "t.two"]);
});
