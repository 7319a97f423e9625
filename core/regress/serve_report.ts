// What playing a recording back came to: a document that is the same for the same calls, and lines for people.
import { utf8 } from "../base/bytes.ts";
import { prettyText } from "../base/pretty.ts";
import { writeShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { REGRESS_PLAYBACK_ID, type RegressPlayback, RegressPlaybackShape } from "../schema/regress_playback.ts";
import { startOf } from "./result.ts";
import type { PlayDivergence, PlayOrder, PlayState } from "./serve_play.ts";
import type { Recording } from "./serve_recording.ts";

/** What is played, and how. */
export type Playing = {
  readonly recording: Recording;
  /** As it was named. */
  readonly name: string;
  readonly order: PlayOrder;
  readonly version: string;
};

/** Whether a state passes: no call diverged and, in strict order, none is missing. */
export const passes = ({ divergences_total, unplayed_total }: PlayState, order: PlayOrder): boolean =>
  divergences_total === 0 && (order === "any" || unplayed_total === 0);

/** The document. */
export const playbackDocument = (
  { recording, name, order, version }: Playing,
  state: PlayState,
  ended: boolean,
): RegressPlayback => ({
  schema_id: REGRESS_PLAYBACK_ID,
  schema_version: VERSION_1,
  created_at: startOf(recording.began),
  producer_version: version,
  recording: name,
  run_id: recording.run_id,
  order,
  status: passes(state, order) ? "pass" : "fail",
  ended,
  recorded: recording.calls.length,
  calls: state.calls,
  answered: state.answered,
  unanswered: state.unanswered,
  diverged: state.divergences_total,
  missing: state.unplayed_total,
  divergences: state.divergences.map(({ against, ...told }) => ({
    ...told,
    step: against?.step ?? 0,
    intent_id: against?.intent.intent_id ?? "",
  })),
  missing_calls: state.unplayed.map(({ step, intent: { intent_id, tool_name } }) => ({ step, intent_id, tool_name })),
});

/** The document as a file. */
export const playbackBytes = (playing: Playing, state: PlayState, ended: boolean): Uint8Array =>
  utf8(prettyText(writeShape(RegressPlaybackShape, playbackDocument(playing, state, ended))));

/** A divergence for people, when it happens. */
export const divergenceLines = ({ call, tool_name, reason_code, words, diff }: PlayDivergence): readonly string[] => [
  `call ${call}, ${JSON.stringify(tool_name)}: ${reason_code}: ${words}`,
  ...diff,
];

/** The end of a session for people. */
export function endLines({ recording, order }: Playing, state: PlayState): readonly string[] {
  const { calls, answered, unanswered, divergences_total, unplayed, unplayed_total } = state;
  const [first] = unplayed;
  return [
    `${
      passes(state, order) ? "pass" : "fail"
    }: ${calls} calls, ${answered} answered as recorded, ${divergences_total} diverged`,
    ...(unanswered === 0 ? [] : [`${unanswered} calls are recorded without what they gave back`]),
    ...(first === undefined ? [] : [
      `${unplayed_total} of ${recording.calls.length} recorded calls were not made, the first is step ${first.step}, ${
        JSON.stringify(first.intent.tool_name)
      } (${first.intent.intent_id})`,
    ]),
  ];
}

/** What is to be known of a recording before it is played; nothing where it holds what every call gave back. */
export function lackLines({ calls }: Recording): readonly string[] {
  const lacking = calls.filter(({ body }) => body === undefined).length;
  return lacking === 0 ? [] : [
    `of ${lacking} of ${calls.length} calls the recording does not keep what they gave back; they are answered by an error (--results hands it in)`,
  ];
}
