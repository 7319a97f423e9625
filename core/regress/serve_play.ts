// Playing a recording back, as a state machine: from a call to its answer. The n-th equal call gets what the n-th of them gave back; a call
// that the recording does not have, or not in this place, is answered by an error that says so.
import type { Crypto } from "../base/host.ts";
import { closest } from "../base/closest.ts";
import { digestOf } from "../base/digest.ts";
import type { JsonObject } from "../base/json_value.ts";
import { ownAnswer, type PlayedAnswer, recordedAnswer } from "./serve_answer.ts";
import { madeDiff, nearestCall } from "./serve_nearest.ts";
import type { MadeCall, RecordedCall, Recording } from "./serve_recording.ts";

/** Whether calls may come in any order, or have to come in that of the recording. */
export type PlayOrder = "any" | "strict";

/** Why a call is another than the recording has. */
export type DivergenceCode =
  | "playback_call_unknown"
  | "playback_call_repeated"
  | "playback_call_out_of_order"
  | "playback_call_after_end";

/** A call that is another than the recording has. */
export type PlayDivergence = {
  /** Its position among the calls of this session, from 1. */
  readonly call: number;
  readonly tool_name: string;
  readonly reason_code: DivergenceCode;
  /** In words. */
  readonly words: string;
  /** The recorded call that it is held against: the nearest one, or the one that was expected. */
  readonly against: RecordedCall | undefined;
  readonly diff: readonly string[];
};

/** How far playing has come: what can be asked for after every call. */
export type PlayProgress = {
  readonly calls: number;
  /** The first of them. */
  readonly divergences: readonly PlayDivergence[];
};

/** What playing came to so far. */
export type PlayState = PlayProgress & {
  /** How many were answered by what was recorded. */
  readonly answered: number;
  /** How many the recording has without what they gave back. */
  readonly unanswered: number;
  readonly divergences_total: number;
  /** The recorded calls that were not made, the first of them. */
  readonly unplayed: readonly RecordedCall[];
  readonly unplayed_total: number;
};

/** A recording that is played back. */
export interface Playback {
  call(tool: string, args: JsonObject): PlayedAnswer;
  progress(): PlayProgress;
  state(): PlayState;
}

/** Most divergences, and calls that were not made, that are kept. */
export const MOST_KEPT = 100;

const nameOf = ({ step, intent }: RecordedCall): string =>
  `step ${step}, ${JSON.stringify(intent.tool_name)} (${intent.intent_id})`;

/** Begins before the first call. */
export function playback(crypto: Crypto, recording: Recording, order: PlayOrder): Playback {
  const { calls } = recording;
  const played = new Set<RecordedCall>();
  const next = new Map<object, number>(); // how many of equal calls were made
  const divergences: PlayDivergence[] = [];
  let [made, answered, unanswered, total, cursor] = [0, 0, 0, 0, 0];

  type Found =
    | { readonly kind: "recorded"; readonly call: RecordedCall }
    | Pick<PlayDivergence, "reason_code" | "words" | "against"> & { readonly kind: "diverged" };
  const diverged = (reason_code: DivergenceCode, words: string, against: RecordedCall | undefined): Found => ({
    kind: "diverged",
    reason_code,
    words,
    against,
  });

  const unknownWords = (tool: string): string => {
    const { tools } = recording;
    return tools.includes(tool)
      ? "the recording has no call of this tool with these arguments"
      : `the recording has no call of tool ${JSON.stringify(tool)}${closest(tool, tools)}`;
  };

  function inAnyOrder(call: MadeCall): Found {
    const equals = recording.find(call);
    if (equals === undefined) {
      const nearest = nearestCall(recording, call, (one) => played.has(one));
      const near = nearest === undefined ? "" : `; nearest is ${nameOf(nearest)}`;
      return diverged("playback_call_unknown", `${unknownWords(call.tool)}${near}`, nearest);
    }
    const at = next.get(equals) ?? 0;
    next.set(equals, at + 1);
    const found = calls[equals.members[at] ?? calls.length];
    if (found !== undefined) return { kind: "recorded", call: found };
    const times = equals.members.length === 1 ? "once" : `${equals.members.length} times`;
    const words = `the recording has this call ${times}, and it was made again`;
    return diverged("playback_call_repeated", words, calls[equals.members.at(-1) ?? 0]);
  }

  function inStrictOrder(call: MadeCall): Found {
    const expected = calls[cursor];
    const equals = recording.find(call);
    if (expected === undefined) {
      return diverged("playback_call_after_end", `the recording ends after step ${calls.length}`, undefined);
    }
    if (equals === expected.equals) {
      cursor++;
      return { kind: "recorded", call: expected };
    }
    const wanted = `expected is ${nameOf(expected)}`;
    return equals === undefined
      ? diverged("playback_call_unknown", `${unknownWords(call.tool)}; ${wanted}`, expected)
      : diverged("playback_call_out_of_order", `${wanted}; this call is ${placesOf(equals.members)}`, expected);
  }

  function answerTo(call: RecordedCall): PlayedAnswer {
    const given = recordedAnswer(call);
    if (given !== undefined) {
      answered++;
      return given;
    }
    unanswered++;
    const { step, intent: { intent_id }, result } = call;
    const facts = { step, intent_id, ...(result === undefined ? {} : { result_digest: result.result_digest }) };
    return result === undefined
      ? ownAnswer("playback_result_missing", [`the recording has no result of ${nameOf(call)}`], facts)
      : ownAnswer("playback_result_not_kept", [
        `the recording keeps the digest of the result of ${nameOf(call)}, and not the result`,
        `recorded status: ${result.status}`,
        `recorded digest: ${result.result_digest}`,
      ], facts);
  }

  return {
    call(tool, args) {
      const call: MadeCall = { tool, args, args_digest: digestOf(crypto, args) };
      made++;
      const found = order === "strict" ? inStrictOrder(call) : inAnyOrder(call);
      if (found.kind === "recorded") {
        played.add(found.call);
        return answerTo(found.call);
      }
      const { reason_code, words, against } = found;
      const diff = against === undefined || reason_code === "playback_call_repeated" ? [] : madeDiff(against, call);
      total++;
      if (divergences.length < MOST_KEPT) {
        divergences.push({ call: made, tool_name: tool, reason_code, words, against, diff });
      }
      const held = against === undefined ? {} : { step: against.step, intent_id: against.intent.intent_id };
      return ownAnswer(reason_code, [words, ...diff], held);
    },
    progress: () => ({ calls: made, divergences: [...divergences] }),
    state() {
      const unplayed = calls.filter((call) => !played.has(call));
      return {
        calls: made,
        answered,
        unanswered,
        divergences: [...divergences],
        divergences_total: total,
        unplayed: unplayed.slice(0, MOST_KEPT),
        unplayed_total: unplayed.length,
      };
    },
  };
}

const placesOf = (members: readonly number[]): string => {
  const [first = 0, ...others] = members.map((at) => at + 1);
  return others.length === 0 ? `step ${first}` : `step ${first} and ${others.length} more`;
};
