// What `--why` says to people: the lines of an explanation.
import type { Json, JsonObject } from "../base/json.ts";
import { quoted } from "../base/json_words.ts";
import { pointerSteps } from "../base/pointer.ts";
import { reasonWords } from "./reason_words.ts";
import type { CallChange, DecidedBy, FailedCondition, NamedRule, NearRule, Why } from "./why.ts";

const LONGEST = 80;
const MOST_WORDS = 4;

const named = ({ name, priority, effect }: NamedRule): string =>
  `rule ${quoted(name, LONGEST)} (priority ${priority}, ${effect})`;

const anyOf = (words: readonly string[]): string => {
  const shown = words.slice(0, MOST_WORDS).map((word) => quoted(word, LONGEST));
  const more = words.length - shown.length;
  return more > 0 ? `${shown.join(", ")} or one of ${more} more` : shown.join(" or ");
};

const HAS_NONE = "the call has none";
const has = (found: readonly string[]): string => found.length === 0 ? HAS_NONE : `the call has ${anyOf(found)}`;

const lacking = ({ field, op, wanted, found }: FailedCondition): string => {
  switch (op) {
    case "in":
    case "some_target":
    case "some_argument":
    case "some_link":
      return `${field} wants ${anyOf(wanted)}, and ${has(found)}`;
    case "prefix":
      return `${field} wants a workspace that begins with ${anyOf(wanted)}, and ${has(found)}`;
    case "delegated":
      return `${field} wants a delegation, and ${HAS_NONE}`;
    case "chain_depth":
      return `${field} wants at most ${wanted.join("")}, and ${
        found.length === 0 ? HAS_NONE : `the chain has ${found.join("")}`
      }`;
    default:
      return op satisfies never;
  }
};

const nearLine = (near: NearRule): string =>
  near.failed === undefined
    ? `too late: ${named(near)} matches, and a rule of a lower number was taken`
    : `${near.holds > 0 ? "came close" : "nearest"}: ${named(near)}: ${near.holds} of ${near.of} conditions hold; ${
      near.failing.map(lacking).join("; ")
    }`;

const BY: Readonly<Record<DecidedBy, string>> = {
  kill_switch: "the kill switch",
  fail_closed: "the policy's fail_closed section",
  rules: "",
  default: "the policy's default",
  script: "the steps of the script",
};

const raised = (rule: Why["rules"][number]): string =>
  `${named(rule)}${rule.became === rule.effect ? "" : `, raised to ${rule.became}`}`;

const head = ({ verdict, decided_by, rules, step }: Why): string => {
  const decisive = rules.filter(({ became }) => became === verdict);
  const others = rules.filter(({ became }) => became !== verdict);
  const by = decided_by === "rules" ? decisive.map(raised).join(" and ") : BY[decided_by];
  const told = decided_by === "rules" ? others : rules;
  const where = decided_by === "script" && step !== undefined ? `; in step ${step}` : told.length > 0 ? ";" : "";
  return `${verdict}: decided by ${by}${where}${told.length === 0 ? "" : ` ${told.map(raised).join(" and ")} matched`}`;
};

/** `/context/risk_class` as `context.risk_class`, `/targets/0` as `targets[0]`, a pointer to what is added as its list. */
const place = (pointer: string): string =>
  pointerSteps(pointer)
    .map((step, i) => step === "-" ? "" : /^\d+$/.test(step) ? `[${step}]` : i === 0 ? step : `.${step}`).join("");

const value = (json: Json): string => quotedJson(JSON.stringify(json));
const quotedJson = (text: string): string => text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;

const editWords = ({ pointer, to, from, example }: CallChange["edits"][number]): string => {
  if (to === undefined) return `without ${place(pointer)}`;
  const such = example ? ", for example" : "";
  if (pointer.endsWith("/-")) return `with one more of ${place(pointer)}${such}: ${value(to)}`;
  return `with ${place(pointer)} ${value(to)}${from === undefined ? "" : ` in the place of ${value(from)}`}${such}`;
};

const changeWords = ({ search: { change, tried, bounded } }: Why): string => {
  const reached = bounded ? ` (${tried} calls tried, there are more to try)` : "";
  if (change !== undefined) return `would be ${change.verdict} ${change.edits.map(editWords).join(" and ")}${reached}`;
  if (bounded) return `no change of those tried gives another verdict${reached}`;
  return `none of the changes that the policy suggests, alone or two together, gives another verdict (${tried} calls tried)`;
};

// What limits, tokens, a broker or simulation made of the verdict is not searched: a call that the policy allows has nothing to gain
// from another verdict of the policy.
const isMoot = ({ verdict }: Why, more: readonly string[]): boolean => more.length > 0 && verdict === "allow";

const changeLine = (why: Why, more: readonly string[]): string => {
  if (isMoot(why, more)) return "what follows decided after the policy: no change of the policy's verdict is told";
  return more.length > 0 ? `by the policy alone: ${changeWords(why)}` : changeWords(why);
};

/** The explanation as lines; `more` tells what came after the policy. */
export const whyLines = (why: Why, more: readonly string[] = []): readonly string[] => [
  head(why),
  ...why.reason_codes.flatMap((code) => {
    const words = reasonWords(code);
    return words === undefined ? [] : [`  ${code}: ${words}`];
  }),
  ...why.near.map(nearLine),
  changeLine(why, more),
  ...more,
];

const defined = (members: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));

const opOf = (edit: CallChange["edits"][number]): string =>
  edit.to === undefined ? "remove" : edit.pointer.endsWith("/-") ? "add" : "set";

const editDocument = (edit: CallChange["edits"][number]): JsonObject =>
  defined({
    op: opOf(edit),
    pointer: edit.pointer,
    from: edit.from,
    to: edit.to,
    example: edit.example ? true : undefined,
  });

const nearDocument = ({ failed, failing, ...near }: NearRule): JsonObject =>
  defined({ ...near, failed: failed && { ...failed }, failing: failed && failing.map((one) => ({ ...one })) });

/** The explanation as JSON. */
export type WhyDocument = JsonObject & { readonly lines: readonly string[] };

/** The explanation as the member `why` of a JSON output, its lines for people among it. */
export const whyDocument = (why: Why, more: readonly string[] = []): WhyDocument => {
  const { verdict, decided_by, rules, step, near, search: { change, tried, bounded } } = why;
  const members = defined({
    verdict,
    decided_by,
    rules: rules.map((rule) => ({ ...rule })),
    step,
    near: near.map(nearDocument),
    change: isMoot(why, more) ? undefined : change && { verdict: change.verdict, edits: change.edits.map(editDocument) },
    calls_tried: tried,
    more_to_try: bounded,
  });
  return { ...members, lines: whyLines(why, more) };
};
