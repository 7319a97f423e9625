// A pending request for its approver to read: every member of the call, in lines of their own that nothing in it can forge, and what
// about it is out of the ordinary. Whoever prints the lines still makes them safe for a terminal.
import { isJsonList, type Json } from "../base/json_value.ts";
import { quoted, visible } from "../base/json_words.ts";
import { writeShape } from "../base/shape.ts";
import { ZERO_TIME } from "../base/time.ts";
import { DelegationShape, IntentContextShape, SkillShape, TargetShape } from "../schema/intent.ts";
import type { PendingRequest } from "../schema/pending_request.ts";
import { remarks } from "./pending_remarks.ts";

/** Most lines and most characters of one text that are shown of what a caller may fill as it likes, unless all of it is wanted. */
const MOST_LINES = 200;
const MOST_TEXT = 2_000;

// What needs no quotes to be told from its surroundings.
const PLAIN = /^[\w$.@/:+-]+$/;

const nameOf = (name: string): string => PLAIN.test(name) ? name : quoted(name, Infinity);

const textOf = (text: string, full: boolean): string =>
  full || text.length <= MOST_TEXT
    ? quoted(text, Infinity)
    : `${quoted(text.slice(0, MOST_TEXT).toWellFormed(), Infinity)} and ${
      text.length - MOST_TEXT
    } characters more; --full shows them`;

// A text of several lines stands in lines that each begin with a bar, so that none of them looks like a line of ours.
function valueLines(head: string, value: Json, indent: string, full: boolean): readonly string[] {
  if (typeof value === "string" && value.includes("\n") && (full || value.length <= MOST_TEXT)) {
    return [head, ...value.split("\n").map((line) => `${indent}  | ${visible(line)}`)];
  }
  if (typeof value === "string") return [`${head} ${textOf(value, full)}`];
  if (typeof value !== "object" || value === null) return [`${head} ${JSON.stringify(value)}`];
  const members = isJsonList(value)
    ? value.map((item) => valueLines(`${indent}  -`, item, `${indent}  `, full))
    : Object.entries(value).map(([name, item]) => valueLines(`${indent}  ${nameOf(name)}:`, item, `${indent}  `, full));
  return members.length === 0 ? [`${head} ${isJsonList(value) ? "[]" : "{}"}`] : [head, ...members.flat()];
}

/** Lines of an object under a head; cut with a line that says so. */
function section(head: string, value: Json, full: boolean, indent = ""): readonly string[] {
  const lines = valueLines(head, value, indent, full);
  return full || lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `${indent}  ... ${lines.length - MOST_LINES} lines more; --full shows them`];
}

/** The same of a document of ours, whose times that were not given are left out. */
const given = (head: string, value: Json, full: boolean): readonly string[] => section(head, withoutZeroTimes(value), full);

const withoutZeroTimes = (value: Json): Json => {
  if (typeof value !== "object" || value === null) return value;
  if (isJsonList(value)) return value.map(withoutZeroTimes);
  const members = Object.entries(value).filter(([, member]) => member !== ZERO_TIME);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutZeroTimes(member)]));
};

const targetLines = (targets: PendingRequest["intent"]["targets"]): readonly string[] =>
  targets.map((target) => {
    const { kind, value, destructive = false, ...others } = writeShape(TargetShape, target);
    const about = Object.entries(others).filter(([, said]) => said !== "unknown")
      .map(([name, said]) => said === true ? name : `${name} ${shortly(said)}`);
    return `  ${shortly(kind)} ${shortly(value)}${destructive === true ? " DESTRUCTIVE" : ""}${
      about.length === 0 ? "" : ` (${about.join(", ")})`
    }`;
  });

const shortly = (value: Json | undefined): string =>
  typeof value === "string" ? (PLAIN.test(value) ? value : quoted(value, Infinity)) : JSON.stringify(value);

/** The call and why it asks, in lines. `full` leaves nothing out, however long it is. */
export function requestLines(request: PendingRequest, full: boolean): readonly string[] {
  const { intent } = request;
  const { context, script, delegation, skill_provenance } = intent;
  const steps = script?.steps ?? [];
  return [
    `tool: ${shortly(intent.tool_name)}`,
    ...listed("look at this", remarks(request)),
    ...listed(`targets (${request.target_count})`, targetLines(intent.targets), ""),
    ...(script === undefined || Object.keys(intent.args ?? {}).length > 0
      ? section("arguments:", intent.args ?? {}, full)
      : []),
    ...steps.flatMap((step, i) => [
      `step ${i + 1} of ${steps.length}: ${shortly(step.tool_name)}`,
      ...targetLines(step.targets),
      ...section("  arguments:", step.args ?? {}, full, "  "),
    ]),
    ...listed(
      "arguments come from",
      intent.arg_provenance.map(({ arg_path, source, source_ref }) =>
        `${shortly(arg_path)}: ${shortly(source)}${source_ref === "" ? "" : ` ${shortly(source_ref)}`}`
      ),
    ),
    ...given("context:", writeShape(IntentContextShape, context), full),
    ...(delegation === undefined ? [] : given("delegation:", writeShape(DelegationShape, delegation), full)),
    ...(skill_provenance === undefined ? [] : given("skill:", writeShape(SkillShape, skill_provenance), full)),
    ...listed(
      "rules that were taken",
      request.matched_rules.map(({ name, priority, effect }) => `${quoted(name, 200)}, priority ${priority}: ${effect}`),
    ),
    ...listed("reasons", request.reason_codes.map((code) => shortly(code))),
    ...listed("violations", request.violations.map((code) => shortly(code))),
    ...listed(
      "verdicts on its steps",
      request.step_verdicts.map(({ index, tool_name, verdict, reason_codes }) =>
        `${index + 1} ${shortly(tool_name)}: ${shortly(verdict)} (${reason_codes.map((code) => shortly(code)).join(", ")})`
      ),
    ),
    `an approval covers: ${request.required_scope.map((word) => shortly(word)).join(", ")}`,
    `intent_digest: ${request.intent_digest}`,
    `policy_digest: ${request.policy_digest}`,
    ...(request.delegation_binding_digest === "" ? [] : [`delegation_digest: ${request.delegation_binding_digest}`]),
    `trace_id: ${request.trace_id}`,
  ];
}

const listed = (head: string, items: readonly string[], indent = "  "): readonly string[] =>
  items.length === 0 ? [] : [`${head}:`, ...items.map((item) => `${indent}${item}`)];
