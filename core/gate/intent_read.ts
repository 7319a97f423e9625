// A tool call about to happen, read and brought into normal form (spec 02, sections 4.1 and 4.2). Nothing after this checks again.
import { placed, readDocument } from "../base/document.ts";
import { type Json, MAX_LINE_BYTES, readJson } from "../base/json.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import { isJsonList } from "../base/json_value.ts";
import { pointerStep } from "../base/pointer.ts";
import { readShape } from "../base/shape.ts";
import { ZERO_TIME } from "../base/time.ts";
import { INTENT_ID, type IntentRequest, IntentRequestShape, type Step as GivenStep } from "../schema/intent.ts";
import { normalContext } from "./intent_context.ts";
import { checkSkill, normalDelegation, utc } from "./intent_delegation.ts";
import { BLANK, type Flaws, needed, note } from "./intent_flaws.ts";
import { normalPayload } from "./intent_payload.ts";
import { normalProvenance, normalTargets, uniqueProvenance, uniqueTargets } from "./intent_targets.ts";
import { isAbsent, meantFor } from "./intent_unknown.ts";
import type { Intent, Step } from "./types.ts";

/** Most bytes of an intent: those of a line, so that a file and a stream bear the same. */
export const INTENT_LIMIT = MAX_LINE_BYTES;

/** Most steps of a script. */
export const MAX_STEPS = 64;

/** When a call was made that does not say so. */
export const UNKNOWN_CALL = "1980-01-01T00:00:00Z";

/** The tool of a script, whatever it says. */
export const SCRIPT_TOOL = "script";

/**
 * Reads an intent. `what` names it in messages; faults have the line and column of what is wrong, counted from `firstLine`, and its
 * JSON pointer. Refused is what `readJson` refuses, and with `document_shape`, `intent_invalid` or `intent_credential` what is no
 * intent. Unknown members are ignored.
 */
export function readIntent(bytes: Uint8Array, what: string, firstLine = 1): Result<Intent> {
  const rules = { maxBytes: INTENT_LIMIT, kind: INTENT_ID, firstLine };
  const read = readDocument(IntentRequestShape, bytes, what, { file: what }, rules);
  if (!read.ok) {
    const json = readJson(bytes, what, { ...rules, text: "replace" });
    return { ok: false, fault: json.ok ? withMeant(read.fault, json.value) : read.fault };
  }
  const intent = normalIntent(read.value.value, what, read.value.raw);
  return intent.ok ? intent : { ok: false, fault: placed(intent.fault, bytes, { file: what }, firstLine) };
}

/** A line of a stream that is not blank; `number` counts from 1. */
export type IntentLine = { readonly number: number; readonly bytes: Uint8Array };

/** What such a line came to. */
export type ReadLine = { readonly line: number; readonly intent: Result<Intent> };

/**
 * The same for some lines. Each step is done for all of them: what it runs and reads is then still at hand for the next one. Lines that
 * are no intent are read once more by themselves, which says why.
 */
export function readIntents(lines: readonly IntentLine[], what: string): readonly ReadLine[] {
  const rules = { maxBytes: INTENT_LIMIT, text: "replace" } as const;
  const jsons = lines.map(({ bytes, number }) => readJson(bytes, what, { ...rules, firstLine: number }));
  const fitted = jsons.map((json) => {
    const given = json.ok ? readShape(IntentRequestShape, json.value, what) : json;
    return json.ok && given.ok ? { raw: json.value, given: given.value } : undefined;
  });
  const intents = fitted.map((one) => one === undefined ? undefined : normalIntent(one.given, what, one.raw));
  return lines.map(({ bytes, number }, i) => {
    const intent = intents[i];
    return { line: number, intent: intent?.ok === true ? intent : readIntent(bytes, what, number) };
  });
}

/** The same for an intent that is JSON already. Half characters in its names and texts read as U+FFFD, as those of bytes do. */
export function intentOf(given: Json, what: string): Result<Intent> {
  const flaws: Flaws = { first: undefined };
  const json = isWhole(given, 1) ? given : wholeTexts(given, "", 1, flaws); // they are nearly always
  if (flaws.first !== undefined) {
    const { code, pointer, words } = flaws.first;
    return fail(code, `Cannot read "${what}": member "${pointer}" ${words}`, { pointer });
  }
  const read = readShape(IntentRequestShape, json, what);
  return read.ok ? normalIntent(read.value, what, json) : { ok: false, fault: withMeant(read.fault, json) };
}

/** Deeper than any value that is taken: what lies below is refused as too deep, or no member of an intent. */
const MAX_DEPTH = 1_024;

const isWhole = (value: Json, depth: number): boolean => {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return true;
  if (isJsonList(value)) return value.every((item) => isWhole(item, depth + 1));
  return Object.keys(value).every((name) => name.isWellFormed() && isWhole(value[name] ?? null, depth + 1));
};

// Names are compared after that, as the reader of bytes does.
const wholeTexts = (value: Json, pointer: string, depth: number, flaws: Flaws): Json => {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (isJsonList(value)) {
    const items = value.map((item, index) => wholeTexts(item, pointer + pointerStep(index), depth + 1, flaws));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const members = new Map<string, Json>();
  let same = true;
  for (const [name, member] of Object.entries(value)) {
    const key = name.toWellFormed();
    const at = pointer + pointerStep(key);
    if (members.has(key)) note(flaws, at, "must not have the name of another one", "json_duplicate_key");
    const whole = wholeTexts(member, at, depth + 1, flaws);
    same &&= key === name && whole === member;
    members.set(key, whole);
  }
  return same ? value : Object.fromEntries(members);
};

// An object that has to be there, such as the context, is missed by the shape already.
function withMeant(fault: Fault, json: Json): Fault {
  const pointer = fault.at?.pointer;
  const meant = fault.code === "document_shape" && pointer !== undefined && isAbsent(json, pointer);
  return meant ? { ...fault, message: fault.message + meantFor(json, pointer) } : fault;
}

function normalIntent(given: IntentRequest, what: string, raw: Json): Result<Intent> {
  const flaws: Flaws = { first: undefined };
  const script = given.script && { steps: normalSteps(given.script.steps, "/script/steps", flaws) };
  const tool_name = script === undefined ? given.tool_name : SCRIPT_TOOL;
  needed(flaws, "/tool_name", tool_name);
  const targets = normalTargets(given.targets, tool_name, "/targets", flaws);
  const arg_provenance = normalProvenance(given.arg_provenance, "/arg_provenance", flaws);
  const steps = script?.steps ?? [];
  if (given.skill_provenance !== undefined) checkSkill(given.skill_provenance, "/skill_provenance", flaws);
  const intent: Intent = {
    created_at: given.created_at === ZERO_TIME ? UNKNOWN_CALL : utc(given.created_at),
    tool_name,
    args: normalPayload(given.args, "/args", flaws),
    targets: targets.length === 0 ? uniqueTargets(steps.flatMap((step) => step.targets)) : targets,
    arg_provenance: arg_provenance.length === 0
      ? uniqueProvenance(steps.flatMap((step) => step.arg_provenance))
      : arg_provenance,
    script,
    skill_provenance: given.skill_provenance,
    delegation: given.delegation && normalDelegation(given.delegation, "/delegation", flaws),
    context: normalContext(given.context, "/context", flaws),
    relationship: given.relationship,
  };
  if (flaws.first === undefined) return ok(intent);
  const { code, pointer } = flaws.first;
  const absent = isAbsent(raw, pointer);
  const words = absent && flaws.first.words === BLANK ? "is missing" : flaws.first.words;
  return fail(code, `Cannot read "${what}": member "${pointer}" ${words}${absent ? meantFor(raw, pointer) : ""}`, { pointer });
}

const normalSteps = (given: readonly GivenStep[], pointer: string, flaws: Flaws): readonly Step[] => {
  if (given.length === 0 || given.length > MAX_STEPS) note(flaws, pointer, `must hold 1 to ${MAX_STEPS} steps`);
  return given.slice(0, MAX_STEPS).map((step, index) => {
    const at = `${pointer}/${index}`;
    needed(flaws, `${at}/tool_name`, step.tool_name);
    return {
      tool_name: step.tool_name,
      args: normalPayload(step.args, `${at}/args`, flaws),
      targets: normalTargets(step.targets, step.tool_name, `${at}/targets`, flaws),
      arg_provenance: normalProvenance(step.arg_provenance, `${at}/arg_provenance`, flaws),
    };
  });
};
