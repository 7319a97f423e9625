// What playing back promises: a run that is played to itself gives every result that was recorded, in either order and from digests too; a
// call with another argument is never taken for a recorded one, and what is other is named.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { readBodies } from "../../core/regress/serve_bodies.ts";
import type { PlayedAnswer } from "../../core/regress/serve_answer.ts";
import { playback, type PlayOrder } from "../../core/regress/serve_play.ts";
import { recordingOf } from "../../core/regress/serve_recording.ts";
import { passes } from "../../core/regress/serve_report.ts";
import { playedServer } from "../../core/flow/regress_serve.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { opened, packOf, quote } from "../regress/worlds.ts";
import { property } from "./run.ts";

const { crypto } = nodeHost;

const word = fc.constantFrom("a", "b", "c", "é", "");
const leaf = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ noNaN: true, noDefaultInfinity: true }), word, fc.boolean());
const payload: fc.Arbitrary<JsonObject> = fc.dictionary(word, fc.oneof(leaf, fc.array(leaf, { maxLength: 2 })), { maxKeys: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)));
const STATUSES = ["ok", "passed", "blocked", "error", "late"] as const;

/** Arguments that often come again. */
const args = fc.oneof({ weight: 4, arbitrary: fc.constantFrom<JsonObject>({}, { a: 1 }) }, { weight: 1, arbitrary: payload });

/** Calls of which some are equal, each with a result of its own. */
const calls = fc.array(
  fc.record({ tool: fc.constantFrom("t", "t", "u", "v.w"), args, result: payload, status: fc.constantFrom(...STATUSES) }),
  { maxLength: 8 },
).map((made) => made.map((call, index) => ({ ...call, result: { ...call.result, index } })));

type Call = typeof calls extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

const runOf = (made: readonly Call[], capture_mode: string): JsonObject => ({
  intents: made.map(({ tool, args }, index) => ({ intent_id: `c${index}`, tool_name: tool, args })),
  results: made.map(({ status, result }, index) => ({ intent_id: `c${index}`, status, result })),
  capture_mode,
});

async function recordingFor(made: readonly Call[], capture_mode: string, results = "") {
  const { records } = await opened(packOf(quote(runOf(made, capture_mode))));
  return recordingOf(crypto, records, assertOk(readBodies(crypto, utf8(results), "r")), (args) => args);
}

const given = (told: PlayedAnswer): Json | undefined => told.kind === "result" ? told.result["structuredContent"] : undefined;

/** The same members in another order, and numbers in another spelling: the same arguments to every reader. */
const respelled = (args: JsonObject): JsonObject => Object.fromEntries(Object.entries(args).reverse());

property(
  "playback: a run played to itself gives every recorded result, and nothing diverges",
  fc.tuple(calls, fc.constantFrom<PlayOrder>("any", "strict"), fc.boolean()),
  async ([made, order, digests]) => {
    const kept = made.map(({ result }) => JSON.stringify(result)).reverse().join("\n");
    const play = playback(crypto, await recordingFor(made, digests ? "reference" : "raw", digests ? kept : ""), order);
    for (const { tool, args, result, status } of made) {
      const told = play.call(tool, respelled(args));
      assertEquals(given(told), result);
      const failed = told.kind === "result" && told.result["isError"] === true;
      assertEquals(failed, status !== "ok" && status !== "passed");
    }
    const state = play.state();
    assertEquals([state.answered, state.divergences_total, state.unplayed_total], [made.length, 0, 0]);
    assert(passes(state, order));
  },
);

property(
  "playback: in any order the same calls get the same results, equal ones in theirs",
  calls.chain((made) => fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length }))),
  async ([made, shuffled]) => {
    const play = playback(crypto, await recordingFor(made, "raw"), "any");
    const key = ({ tool, args }: Call): string => JSON.stringify([tool, Object.entries(args).sort()]);
    const waiting = new Map<string, JsonObject[]>();
    for (const call of made) waiting.set(key(call), [...waiting.get(key(call)) ?? [], call.result]);
    for (const call of shuffled) assertEquals(given(play.call(call.tool, call.args)), waiting.get(key(call))?.shift());
    assert(passes(play.state(), "strict"), "all were made, and none diverged");
  },
);

property(
  "playback: a changed argument is never a recorded call, and is named",
  fc.tuple(calls.filter((made) => made.length > 0), fc.nat(), leaf, fc.constantFrom<PlayOrder>("any", "strict")),
  async ([made, at, value, order]) => {
    const play = playback(crypto, await recordingFor(made, "raw"), order);
    const call = made[at % made.length];
    if (call === undefined) throw new Error("no call");
    for (const before of order === "strict" ? made.slice(0, at % made.length) : []) play.call(before.tool, before.args);
    const told = play.call(call.tool, { ...call.args, changed: value });
    assertEquals([told.kind, given(told)], ["result", undefined]);
    const { divergences, divergences_total } = play.state();
    assertEquals([divergences_total, divergences[0]?.reason_code], [1, "playback_call_unknown"]);
    assert(divergences[0]?.diff.some((line) => /^\+ +changed:/.test(line)), JSON.stringify(divergences[0]));
    assert(!passes(play.state(), order));
  },
);

property(
  "playback: whatever a client says, each line is answered by at most one frame, and only recorded calls are answered as recorded",
  fc.tuple(
    calls,
    fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.json().map(utf8),
        fc.json().map((text) => utf8(`{"id":1,"method":${text}}`)),
      ),
    ),
  ),
  async ([made, lines]) => {
    const server = playedServer(crypto, await recordingFor(made, "raw"), { order: "any", lock: undefined, version: "v" });
    for (const line of lines) {
      const told = server.answer(line.filter((byte) => byte !== 0x0a));
      if (told === undefined) continue;
      const text = new TextDecoder().decode(told);
      assertEquals(text.indexOf("\n"), text.length - 1);
      assertEquals(JSON.parse(text).jsonrpc, "2.0");
    }
    assertEquals(server.state().answered, 0);
  },
);
