// What may be spoken in a call (spec 04, section 3.4.2): a promise only under a token, with a receipt, after the gate allowed it.
import { quoted } from "../base/json_words.ts";
import type { CallDecision, CallEvent, SpeakReceipt } from "../schema/voice.ts";

/** What must occur in every call. */
export const CALL_EVENT_TYPES = [
  "asr.final",
  "commitment.declared",
  "gate.decision",
  "tts.request",
  "tts.emitted",
  "tool.intent",
  "tool.result",
] as const;

/** The first of those types that no event is of. */
export const missingEventType = (events: readonly CallEvent[]): string | undefined =>
  CALL_EVENT_TYPES.find((name) => !events.some(({ event_type }) => event_type === name));

/** Speech that lacks its proof, in words; `blocked` when the gate had last said block. */
export type SpeechDefect = { readonly words: string; readonly blocked: boolean };

const lacking = (words: string): SpeechDefect => ({ words, blocked: false });

/** The first speech that lacks its proof. */
export function speechDefect(
  events: readonly CallEvent[],
  decisions: readonly CallDecision[],
  receipts: readonly SpeakReceipt[],
): SpeechDefect | undefined {
  const proven = new Set(receipts.map(speechKey));
  for (const event of events) {
    if (event.event_type !== "tts.emitted" || event.commitment_class === "") continue;
    const which = `the promise spoken at ${event.call_seq}`;
    if (event.say_token_id === "") return lacking(`${which} has no say_token_id`);
    if (!proven.has(speechKey(event))) return lacking(`${which} has no receipt under token ${quoted(event.say_token_id)}`);
  }
  const topics = byTopic(decisions);
  for (const receipt of receipts) {
    const verdict = lastVerdict(topics.get(topicOf(receipt)) ?? [], receipt.call_seq);
    if (verdict === "allow") continue;
    const which = `the promise of the receipt at ${receipt.call_seq}`;
    return verdict === undefined
      ? lacking(`${which} has no decision before it`)
      : { words: `${which} was last decided ${quoted(verdict)}, not "allow"`, blocked: verdict === "block" };
  }
  return undefined;
}

type Speech = Pick<SpeakReceipt, "call_seq" | "turn_index" | "commitment_class" | "say_token_id">;

const speechKey = ({ call_seq, turn_index, commitment_class, say_token_id }: Speech): string =>
  JSON.stringify([call_seq, turn_index, commitment_class, say_token_id]);

type Topic = Pick<CallDecision, "turn_index" | "commitment_class">;

const topicOf = ({ turn_index, commitment_class }: Topic): string => JSON.stringify([turn_index, commitment_class]);

/** The decisions of a call by class and turn, each list in the order of the call. */
function byTopic(decisions: readonly CallDecision[]): ReadonlyMap<string, readonly CallDecision[]> {
  const topics = new Map<string, CallDecision[]>();
  for (const decision of decisions) {
    const known = topics.get(topicOf(decision));
    if (known === undefined) topics.set(topicOf(decision), [decision]);
    else known.push(decision);
  }
  for (const list of topics.values()) list.sort((a, b) => a.call_seq - b.call_seq);
  return topics;
}

/** Of decisions in order: the last that does not come after `latest`, the first of those at one place. */
function lastVerdict(decisions: readonly CallDecision[], latest: number): string | undefined {
  const firstAbove = (bound: number): number => {
    let [low, high] = [0, decisions.length];
    while (low < high) {
      const middle = low + high >>> 1;
      if ((decisions[middle]?.call_seq ?? 0) > bound) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const last = decisions[firstAbove(latest) - 1];
  return last === undefined ? undefined : decisions[firstAbove(last.call_seq - 1)]?.verdict;
}
