// A recording that is played back: which call gets which result, and what is said of a call that the recording does not have.
import { utf8 } from "../../core/base/bytes.ts";
import { digestOf, sha256Hex } from "../../core/base/digest.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { readBodies } from "../../core/regress/serve_bodies.ts";
import type { PlayedAnswer } from "../../core/regress/serve_answer.ts";
import { playback, type PlayOrder } from "../../core/regress/serve_play.ts";
import { recordingOf } from "../../core/regress/serve_recording.ts";
import { passes } from "../../core/regress/serve_report.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { opened, packOf, quote } from "./worlds.ts";

const { crypto } = nodeHost;

const call = (intent_id: string, tool_name: string, args: JsonObject) => ({ intent_id, tool_name, args });
const answer = (intent_id: string, result: JsonObject, status = "ok") => ({ intent_id, status, result });

/** Stands in for the normal form of the gate. */
const trimmed = (args: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === "string" ? value.trim() : value]));

const WEATHER = {
  intents: [
    call("a", "sky.look", { at: "noon" }),
    call("b", "sky.look", { at: "night", zone: "UTC" }),
    call("c", "mail.send", { to: "x" }),
    call("d", "sky.look", { at: "noon" }),
  ],
  results: [
    answer("a", { sky: "blue" }),
    answer("b", { sky: "black" }),
    answer("c", { sent: true }),
    answer("d", { sky: "grey" }),
  ],
};

async function play(
  change: JsonObject = WEATHER,
  { order = "any", results = "" }: { readonly order?: PlayOrder; readonly results?: string } = {},
) {
  const { records } = await opened(packOf(quote(change)));
  const bodies = assertOk(readBodies(crypto, utf8(results), "results.jsonl"));
  const made = playback(crypto, recordingOf(crypto, records, bodies, trimmed), order);
  return { ...made, passes: () => passes(made.state(), order) };
}

const given = (told: PlayedAnswer): Json | undefined => told.kind === "result" ? told.result["structuredContent"] : undefined;

/** The reason code, and the words, of an answer that no recording holds. */
function refusal(told: PlayedAnswer): readonly [code: string, words: string] {
  if (told.kind === "error") throw new Error(told.message);
  const { isError, content, _meta } = JSON.parse(JSON.stringify(told.result));
  assertEquals(isError, true);
  return [_meta["dev.gait/playback"].reason_codes.join(), content[0].text];
}

Deno.test("playback: the n-th equal call gets the n-th result, in whatever order others come", async () => {
  const { call, state, passes } = await play();
  assertEquals(given(call("mail.send", { to: "x" })), { sent: true });
  assertEquals(given(call("sky.look", { at: "noon" })), { sky: "blue" });
  assertEquals(given(call("sky.look", { zone: "UTC", at: "night" })), { sky: "black" });
  assertEquals([state().unplayed_total, passes()], [1, true]);
  assertEquals(given(call("sky.look", { at: "noon" })), { sky: "grey" });
  const { calls, answered, divergences_total, unplayed } = state();
  assertEquals([calls, answered, divergences_total, unplayed], [4, 4, 0, []]);
});

Deno.test("playback: a call that is made more often than it was diverges", async () => {
  const { call, state, passes } = await play();
  call("sky.look", { at: "noon" });
  call("sky.look", { at: "noon" });
  const [code, words] = refusal(call("sky.look", { at: "noon" }));
  assertEquals([code, words], [
    "playback_call_repeated",
    "gait: playback_call_repeated\nthe recording has this call 2 times, and it was made again",
  ]);
  assertEquals([passes(), state().divergences[0]?.call], [false, 3]);
});

Deno.test("playback: a call that was not recorded is held against the nearest one, member by member", async () => {
  const { call, state } = await play();
  const [code, words] = refusal(call("sky.look", { at: "night", zone: "CET" }));
  assertEquals(code, "playback_call_unknown");
  const lines = words.split("\n");
  assertEquals(lines.slice(1, 9), [
    'the recording has no call of this tool with these arguments; nearest is step 2, "sky.look" (b)',
    "--- recorded",
    "+++ made",
    '  tool_name: "sky.look"',
    "  args:",
    '    at: "night"',
    '-   zone: "UTC"',
    '+   zone: "CET"',
  ]);
  assertEquals(state().divergences.map(({ against }) => against?.step), [2]);
  // What was played already is less likely to be meant.
  call("sky.look", { at: "noon" });
  assert(refusal(call("sky.look", { at: "dawn" }))[1].includes("nearest is step 4"), "step 1 was played");
});

Deno.test("playback: a tool that was never called; the one that is probably meant is named", async () => {
  const { call } = await play();
  const [code, words] = refusal(call("mail.snd", { to: "x" }));
  assertEquals(code, "playback_call_unknown");
  assert(words.includes(`no call of tool "mail.snd", did you mean "mail.send"`), words);
  const empty = await play({ intents: [], results: [] });
  assertEquals(refusal(empty.call("any", {}))[1].split("\n").length, 2);
});

Deno.test("playback: strict order wants the calls of the recording, all of them and in its order", async () => {
  const { call, state, passes } = await play(WEATHER, { order: "strict" });
  assertEquals(given(call("sky.look", { at: "noon" })), { sky: "blue" });
  const [code, words] = refusal(call("mail.send", { to: "x" }));
  assertEquals(code, "playback_call_out_of_order");
  assert(words.includes(`expected is step 2, "sky.look" (b); this call is step 3`), words);
  assert(words.includes(`- tool_name: "sky.look"\n+ tool_name: "mail.send"`), words);
  const [unknown, against] = refusal(call("sky.look", { at: "dusk", zone: "UTC" }));
  assertEquals(unknown, "playback_call_unknown");
  assert(against.includes(`-   at: "night"\n+   at: "dusk"`), against);
  // What is expected stays so until it comes.
  assertEquals(given(call("sky.look", { at: "night", zone: "UTC" })), { sky: "black" });
  assertEquals(given(call("mail.send", { to: "x" })), { sent: true });
  assertEquals(given(call("sky.look", { at: "noon" })), { sky: "grey" });
  assertEquals(refusal(call("sky.look", { at: "noon" }))[0], "playback_call_after_end");
  assertEquals([state().divergences_total, state().unplayed_total, passes()], [3, 0, false]);
});

Deno.test("playback: in strict order a call that is not made fails, in any order it is only told", async () => {
  for (const order of ["any", "strict"] as const) {
    const { call, passes, state } = await play(WEATHER, { order });
    call("sky.look", { at: "noon" });
    assertEquals([passes(), state().unplayed.map(({ step }) => step)], [order === "any", [2, 3, 4]]);
  }
});

Deno.test("playback: what failed or was blocked is an error for the client too; a result of MCP passes as it stands", async () => {
  const mcp = { content: [{ type: "text", text: "hi" }, { type: "resource_link", uri: "u", name: "n" }], _meta: { x: 1 } };
  const failed = { content: [], isError: true };
  const odd = { content: [{ type: "movie" }] };
  const rows: readonly (readonly [status: string, result: JsonObject, played: JsonObject])[] = [
    ["ok", mcp, mcp],
    ["ok", failed, failed],
    ["tool_error", mcp, { ...mcp, isError: true }],
    ["ok", odd, { content: [{ type: "text", text: JSON.stringify(odd) }], structuredContent: odd }],
    ["ok", {}, { content: [{ type: "text", text: "{}" }], structuredContent: {} }],
    ["blocked", { why: 1 }, { content: [{ type: "text", text: `{"why":1}` }], structuredContent: { why: 1 }, isError: true }],
    ["ok", { verdict: "block" }, {
      content: [{ type: "text", text: `{"verdict":"block"}` }],
      structuredContent: { verdict: "block" },
      isError: true,
    }],
  ];
  for (const [status, result, played] of rows) {
    const { call: made } = await play({ intents: [call("a", "t", {})], results: [answer("a", result, status)] });
    assertEquals(made("t", {}), { kind: "result", result: played }, status);
  }
});

const REFERENCE = { ...WEATHER, capture_mode: "reference" };

Deno.test("playback: a recording of digests says what it lacks, and takes it from somebody who has kept it", async () => {
  const { call, state, passes } = await play(REFERENCE);
  const [code, words] = refusal(call("sky.look", { at: "noon" }));
  assertEquals(code, "playback_result_not_kept");
  assert(words.includes(`recorded digest: ${digestOf(crypto, { sky: "blue" })}`), words);
  assertEquals([state().unanswered, state().divergences_total, passes()], [1, 0, true]);
  const unknown = refusal(call("sky.look", { at: "dawn" }))[1];
  assert(/^- args_digest/m.test(unknown) && !/^[-+ ] args:/m.test(unknown), "arguments are told only where both are known");

  const results = [
    JSON.stringify({ intent_id: "whoever", result: { sky: "blue" } }), // a record
    JSON.stringify({ sent: true }), // a bare result
    JSON.stringify({ intent_id: "d", result: { sky: "green" }, result_digest: digestOf(crypto, { sky: "grey" }) }), // says that it is one
  ].join("\n");
  const kept = await play(REFERENCE, { results });
  assertEquals(given(kept.call("sky.look", { at: "noon" })), { sky: "blue" });
  assertEquals(given(kept.call("mail.send", { to: "x" })), { sent: true });
  assertEquals(refusal(kept.call("sky.look", { at: "noon" }))[0], "playback_result_not_kept");
});

Deno.test("playback: frames of a server count by the digest of their bytes, or of those of their answer", async () => {
  const line = `{"jsonrpc":"2.0", "id":7,"result":{"content":[{"type":"text","text":"3"}]}}\r`;
  const error = `{"jsonrpc":"2.0","id":8,"error":{"code":-7,"message":"no","data":{"a":1}}}`;
  const recorded = {
    capture_mode: "reference",
    intents: [call("a", "add", {}), call("b", "fail", {}), call("c", "other", {}), call("d", "alone", {})],
    results: [
      { intent_id: "a", status: "ok", result_digest: sha256Hex(crypto, utf8(line)) },
      { intent_id: "b", status: "error", result_digest: sha256Hex(crypto, utf8(error)) },
      { intent_id: "c", status: "ok", result_digest: digestOf(crypto, JSON.parse(line).result) },
      { intent_id: "d", status: "ok", result_digest: sha256Hex(crypto, utf8(line.slice(line.indexOf("result") + 8, -2))) },
    ],
  };
  const { call: made } = await play(recorded, { results: `\n${line}\n${error}\n` });
  assertEquals(made("add", {}), { kind: "result", result: { content: [{ type: "text", text: "3" }] } });
  assertEquals(made("alone", {}), { kind: "result", result: { content: [{ type: "text", text: "3" }] } });
  assertEquals(made("fail", {}), { kind: "error", code: -7, message: "no", data: { a: 1 } });
  assertEquals(
    refusal(made("other", {}))[0],
    "playback_result_not_kept",
    "what is in a frame is not what is known by its digest",
  );
});

Deno.test("playback: a call that never had a result", async () => {
  const { call: made, state } = await play({ intents: [call("a", "t", {})], results: [] });
  assertEquals(refusal(made("t", {}))[0], "playback_result_missing");
  assertEquals([state().unanswered, state().divergences_total], [1, 0]);
});

Deno.test("playback: arguments whose recorder has digested a normal form of them are found by both", async () => {
  const normal = { at: "NOON" };
  const recorded = {
    intents: [call("a", "t", { at: "noon " }), call("b", "t", { at: " noon" })],
    results: [answer("a", { n: 1 }), answer("b", { n: 2 })],
    normalization: { intent_args: { a: normal, b: normal } },
  };
  const first = await play(recorded);
  assertEquals([given(first.call("t", { at: "noon " })), given(first.call("t", { at: " noon" }))], [{ n: 1 }, { n: 2 }]);
  const second = await play(recorded);
  assertEquals([given(second.call("t", normal)), given(second.call("t", { at: "noon " }))], [{ n: 1 }, { n: 2 }]);
  assertEquals(refusal(second.call("t", { at: "noon" }))[0], "playback_call_unknown");
});

Deno.test("playback: of a recording of digests blanks around texts do not count, as for the gate; where arguments are recorded they do", async () => {
  const kept = await play(REFERENCE);
  assertEquals(refusal(kept.call("mail.send", { to: " x\n" }))[0], "playback_result_not_kept");
  assertEquals(refusal((await play()).call("mail.send", { to: " x\n" }))[0], "playback_call_unknown");
});

Deno.test("playback: results that cannot be read are a fault with its place", () => {
  const fault = assertFault(readBodies(crypto, utf8(`{}\n{"a":1,"a":2}\n`), "r.jsonl"), "json_duplicate_key");
  assertEquals([fault.at?.file, fault.at?.line], ["r.jsonl", 2]);
});

Deno.test("playback: of very many divergences the first hundred are kept", async () => {
  const { call, state } = await play();
  for (let i = 0; i < 250; i++) call("none", { i });
  assertEquals([state().divergences.length, state().divergences_total, state().calls], [100, 250, 250]);
});
