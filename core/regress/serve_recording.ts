// A recording as it is played back: its calls in order, which of them are equal, and what each gave back.
import type { Crypto } from "../base/host.ts";
import { digestOf } from "../base/digest.ts";
import type { JsonObject } from "../base/json_value.ts";
import { lower, trim } from "../base/text.ts";
import type { Intent, ResultRecord, RunRecords } from "../schema/runpack.ts";
import type { Bodies, Body } from "./serve_bodies.ts";

/** Calls of one tool with the same arguments, by their positions in the recording, in order. */
export type EqualCalls = {
  readonly members: number[];
  /** Whether the arguments themselves are known, and not their digest alone. */
  spelled: boolean;
};

/** A recorded call. */
export type RecordedCall = {
  /** Its position, from 1. */
  readonly step: number;
  readonly intent: Intent;
  /** Its arguments; undefined where only their digest is known. */
  readonly args: JsonObject | undefined;
  readonly result: ResultRecord | undefined;
  /** What it gave back; undefined where nobody has kept it. */
  readonly body: Body | undefined;
  readonly equals: EqualCalls;
};

/** A recording. */
export type Recording = {
  readonly run_id: string;
  /** When its run began. */
  readonly began: string;
  readonly calls: readonly RecordedCall[];
  /** The tools that were called, in the order of their first calls. */
  readonly tools: readonly string[];
  /** The recorded calls that a call equals; undefined where there are none. */
  find(call: MadeCall): EqualCalls | undefined;
};

/** A call as a client makes it. */
export type MadeCall = { readonly tool: string; readonly args: JsonObject; readonly args_digest: string };

/** The form of arguments whose digest the gate records. */
export type NormalForm = (args: JsonObject) => JsonObject;

// What has no members is not written down, whatever is captured; its digest says that it was there.
const NO_MEMBERS: JsonObject = {};

const plain = (digest: string): string => lower(trim(digest));

const keyOf = (tool: string, digest: string): string => JSON.stringify([tool, plain(digest)]);

/** The recording of a run that has every id once; of several results of one id the last counts, as in every comparison of runs. */
export function recordingOf(
  crypto: Crypto,
  { run, intents, results }: RunRecords,
  bodies: Bodies,
  normalForm: NormalForm,
): Recording {
  const answers = new Map(results.map((result) => [result.intent_id, result]));
  const groups = new Map<string, EqualCalls>();
  const nothing = digestOf(crypto, NO_MEMBERS);
  const calls = intents.map((intent, at): RecordedCall => {
    const key = keyOf(intent.tool_name, intent.args_digest);
    const equals = groups.get(key) ?? { members: [], spelled: false };
    groups.set(key, equals);
    equals.members.push(at);
    const result = answers.get(intent.intent_id);
    const args = intent.args ?? (plain(intent.args_digest) === nothing ? NO_MEMBERS : undefined);
    equals.spelled ||= args !== undefined;
    return { step: at + 1, intent, args, result, body: bodyOf(result, bodies, nothing), equals };
  });
  // A digest may be that of arguments in a normal form of their recorder: a call with the arguments themselves is that call too.
  for (const { intent: { tool_name }, args, equals } of calls) {
    if (args === undefined) continue;
    const key = keyOf(tool_name, digestOf(crypto, args));
    if (!groups.has(key)) groups.set(key, equals);
  }
  return {
    run_id: run.run_id,
    began: run.created_at,
    calls,
    tools: [...new Set(intents.map(({ tool_name }) => tool_name))].filter((tool) => trim(tool) !== ""),
    find({ tool, args, args_digest }) {
      const same = groups.get(keyOf(tool, args_digest));
      if (same !== undefined) return same;
      const alike = groups.get(keyOf(tool, digestOf(crypto, normalForm(args))));
      return alike?.spelled === true ? undefined : alike;
    },
  };
}

function bodyOf(result: ResultRecord | undefined, bodies: Bodies, nothing: string): Body | undefined {
  if (result === undefined) return undefined;
  if (result.result !== undefined) return { kind: "result", value: result.result };
  const digest = plain(result.result_digest);
  return bodies.get(digest) ?? (digest === nothing ? { kind: "result", value: NO_MEMBERS } : undefined);
}
