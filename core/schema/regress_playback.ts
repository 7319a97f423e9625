// What playing a recording back came to (a format of ours): a document of `regress serve --report`.
import { filled, type Infer, integer, listOf, object, oneOf, text, truth } from "../base/shape.ts";
import { heading } from "./heading.ts";

export const REGRESS_PLAYBACK_ID = "gait.regress.playback";

const step = integer("Position of the call in the recording, from 1");
const intent_id = text("Id of the call in the recording");

export const RegressPlaybackShape = object("What playing a recording back came to; the same for the same calls", () => ({
  ...heading(REGRESS_PLAYBACK_ID),
  recording: text("What was played, as it was named"),
  run_id: text("Id of the recorded run"),
  order: oneOf(["any", "strict"], "Whether calls had to come in the order of the recording"),
  status: oneOf(
    ["pass", "fail"],
    "pass where every call was one of the recording; in strict order also where all of them were made",
  ),
  ended: truth("Whether the client had ended; false while it goes on, and where the session was cut short"),
  recorded: integer("Calls of the recording"),
  calls: integer("Calls that were made"),
  answered: integer("Calls that were answered by what was recorded"),
  unanswered: integer("Calls of the recording that keeps no result of theirs"),
  diverged: integer("Calls that the recording does not have, or not in their place"),
  missing: integer("Calls of the recording that were not made"),
  divergences: filled(listOf(
    object("One call that diverged", () => ({
      call: integer("Its position among the calls that were made, from 1"),
      tool_name: text("The tool"),
      reason_code: text("Why"),
      words: text("The same in words"),
      step: filled(step),
      intent_id: filled(intent_id),
      diff: filled(listOf(text("One line"), "How it differs from that recorded call")),
    })),
    "The first hundred of them",
  )),
  missing_calls: filled(listOf(
    object("One call that was not made", () => ({ step, intent_id, tool_name: text("The tool") })),
    "The first hundred of them",
  )),
}));

export type RegressPlayback = Infer<typeof RegressPlaybackShape>;
