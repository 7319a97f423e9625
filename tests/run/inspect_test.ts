// A runpack laid open (spec 01, section 7.2): recorded order, the first result of each id, what results say.
import type { Json } from "../../core/base/json.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { type Inspection, inspectRunpack } from "../../core/run/inspect.ts";
import { openRunpack } from "../../core/run/open.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { sealed } from "./runs.ts";

const EMPTY = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

async function inspect(intents: Json, results: Json, capture_mode = "raw"): Promise<Inspection> {
  const { bytes } = await sealed({ run: { run_id: "r" }, intents, results, capture_mode });
  return inspectRunpack(assertOk(await openRunpack(nodeHost, bytesSource(bytes), "pack.zip")));
}

Deno.test("inspect: calls in recorded order with their first result, the others apart", async () => {
  const { calls, orphans, warnings, ...totals } = await inspect(
    [
      { intent_id: "b", tool_name: "t1", args: {}, created_at: "2026-03-01T00:30:00.50+01:00" },
      { intent_id: "a", tool_name: "t2", args: {} },
      { intent_id: "b", tool_name: "t3", args_digest: "AbC" },
    ],
    [
      { intent_id: "z", status: "lost", result_digest: "2" },
      { intent_id: "b", status: "first", result: {} },
      { intent_id: "b", status: "second", result: {} },
      { intent_id: "z", status: "lost too", result_digest: "1" },
      { intent_id: "\u{1F600}", status: "late", result: {} },
      { intent_id: "\uE000", status: "early", result: {} },
    ],
  );
  assertEquals(totals, { run_id: "r", capture_mode: "raw", intents_total: 3, results_total: 6 });
  assertEquals(
    calls.map((
      { index, intent, created_at, answer },
    ) => [index, intent.intent_id, intent.tool_name, intent.args_digest, created_at, answer?.status]),
    [
      [1, "b", "t1", EMPTY, "2026-02-28T23:30:00.5Z", "first"],
      [2, "a", "t2", EMPTY, "2026-03-01T10:00:00Z", undefined],
      [3, "b", "t3", "AbC", "2026-03-01T10:00:00Z", "first"],
    ],
  );
  assertEquals(orphans.map(({ intent_id, status }) => [intent_id, status]), [
    ["z", "lost too"],
    ["z", "lost"],
    ["\uE000", "early"],
    ["\u{1F600}", "late"],
  ]);
  assertEquals(warnings, [
    `Intent "b" has several results; the first one is shown`,
    `Intent "z" has several results; the first one is shown`,
  ]);
});

Deno.test("inspect: verdict and lists are read from raw results, trimmed, unique and sorted, texts only", async () => {
  const answers: readonly (readonly [Json, Json])[] = [
    [{ verdict: " block ", reason_codes: ["z", " a ", "a", "", 5, null, ["n"], {}], violations: " one " }, [
      "block",
      ["a", "z"],
      ["one"],
    ]],
    [{ verdict: 5, reason_codes: 7, violations: {} }, ["", [], []]],
    [{ verdict: ["block"], reason_codes: " ", violations: [] }, ["", [], []]],
    [{ Verdict: "allow", reason_codes: ["\uE000", "\u{1F600}", "B", "a"] }, ["", ["B", "a", "\uE000", "\u{1F600}"], []]],
    [JSON.parse(`{"__proto__":{"verdict":"allow"},"constructor":{"verdict":"allow"}}`), ["", [], []]],
  ];
  for (const [result, wanted] of answers) {
    const { calls, orphans } = await inspect([{ intent_id: "i", args: {} }], [{ intent_id: "i", result }, {
      intent_id: "o",
      result,
    }]);
    for (const answer of [calls[0]?.answer, orphans[0]]) {
      assertEquals([answer?.verdict, answer?.reason_codes, answer?.violations], wanted, JSON.stringify(result));
    }
  }
});

Deno.test("inspect: a reference capture holds no verdicts", async () => {
  const { calls } = await inspect([{ intent_id: "i", args: {} }], [{
    intent_id: "i",
    status: "ok",
    result: { verdict: "block" },
  }], "reference");
  assertEquals([calls[0]?.answer?.status, calls[0]?.answer?.verdict], ["ok", ""]);
});

Deno.test("inspect: ten thousand results of one id are no harder than of many", async () => {
  const results = Array.from({ length: 10_000 }, () => ({ intent_id: "i", result_digest: "d" }));
  const intents = Array.from({ length: 10_000 }, () => ({ intent_id: "i", args_digest: "d" }));
  const started = performance.now();
  const { warnings, calls } = await inspect(intents, results);
  assertEquals([warnings.length, calls.length], [1, 10_000]);
  assert(performance.now() - started < 10_000, "it took longer than 10 s");
});
