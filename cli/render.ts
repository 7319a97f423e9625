// All that a command can say, as text: once, for every command. `main.ts` writes it and exits; tests compare it.
import { envelope, MEANING } from "../core/base/envelope.ts";
import type { Category, ExitName } from "../core/base/errors.ts";
import type { Fault, Place } from "../core/base/result.ts";
import { safeJson, safeLine } from "../core/base/safe_text.ts";
import { byBytes } from "../core/base/text.ts";
import type { Answer } from "./command.ts";
import { masked } from "./secrets.ts";

/** The only exit numbers in the program (spec 01, section 3.2). */
export const EXIT: Readonly<Record<ExitName, number>> = {
  ok: 0,
  internal: 1,
  verification: 2,
  blocked: 3,
  approval: 4,
  regression: 5,
  usage: 6,
  dependency: 7,
  unsafe: 8,
};

/** The category that follows from an exit alone; `none` on success. */
export const categoryOf = (exit: ExitName): Category | "none" => exit === "ok" ? "none" : MEANING[exit].category;

/** How an answer is to be written. */
export type View = { readonly json: boolean; readonly colour: boolean; readonly correlation_id: string };

/**
 * What goes to stdout, with its final line break, and how the program ends: with the number of `exit`, or with `code`, which another
 * program gave.
 */
export type Rendered = {
  readonly exit: ExitName;
  readonly out: string;
  readonly code?: number;
  /** How the program ends when what goes to stdout cannot be written; as after any other failure unless told. */
  readonly failing?: number;
};

/** The exit number of a rendered answer. */
export const numberOf = ({ exit, code }: Pick<Rendered, "exit" | "code">): number => code ?? EXIT[exit];

/** A command's answer: its JSON view, or its lines with every control character spelled out; with a fault also the envelope. */
export function renderAnswer(name: string, answer: Answer, view: View, verdict: boolean): Rendered {
  const { exit, data, fault, always = [] } = answer;
  const code = answer.code === undefined ? {} : { code: answer.code };
  if (fault !== undefined) {
    const refusal = renderFault(name, fault, view, data, always);
    return view.json
      ? refusal
      : { ...refusal, out: `${refusal.out}${answer.lines().map((line) => `${safeLine(line)}\n`).join("")}` };
  }
  if (view.json) {
    return { exit, ...code, out: jsonLine({ correlation_id: view.correlation_id, ...data }, ["ok", ...always]) };
  }
  const colour = data.ok && exit === "ok" ? GREEN : RED;
  const out = answer.lines().map(safeLine).map((line, i) => verdict && i === 0 && view.colour ? paint(colour, line) : line);
  return { exit, ...code, out: out.map((line) => `${line}\n`).join("") };
}

/** A fault: the error envelope, or `<name> error: <message>`, its place when that is not in the message, and the remedy. */
export function renderFault(
  name: string,
  fault: Fault,
  view: View,
  extra: object = {},
  always: readonly string[] = [],
): Rendered {
  const { exit, members } = envelope(fault);
  if (!view.json) {
    const first = safeLine(`${name} error: ${fault.message}`.trimStart());
    const lines = [view.colour ? paint(RED, first) : first, ...placeLines(fault.at ?? {}, view.colour), members.remedy];
    return { exit, out: masked(lines.map((line) => `${line}\n`).join("")) };
  }
  const all = { ...fault.details, ...fault.at, ...extra, ...members, correlation_id: view.correlation_id };
  return { exit, out: masked(jsonLine(all, ["ok", "retryable", ...always])) };
}

/** Where a fault is: as editors and terminals take it, with the line below, where there is one to show; else in words. */
function placeLines(at: Place, colour: boolean): readonly string[] {
  const words = placeLine(at);
  if (at.frame === undefined) return words === "" ? [] : [safeLine(words)];
  const [row = "", carets = ""] = at.frame.split("\n").map(safeLine);
  const place = [at.file, at.line, at.column].filter((part) => part !== undefined).join(":");
  return [safeLine(place), row, colour ? paint(RED, carets) : carets];
}

const placeLine = ({ file, entry, line, column, pointer }: Place): string => {
  if (line === undefined && pointer === undefined) return "";
  const parts = [
    ...(file === undefined ? [] : [`file "${file}"`]),
    ...(entry === undefined ? [] : [`entry "${entry}"`]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
    ...(pointer === undefined ? [] : [`member ${pointer === "" ? "(the whole document)" : pointer}`]),
  ];
  return `at ${parts.join(", ")}`;
};

const GREEN = "\x1b[32m";
const RED = "\x1b[31m";
const paint = (colour: string, text: string): string => `${colour}${text}\x1b[0m`;

/** One JSON object on one line: names in byte order at every depth, empty top-level members left out but for `always`. */
export function jsonLine(value: object, always: readonly string[]): string {
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (!isEmpty(member) || always.includes(name)) kept[name] = member;
  return `${safeJson(spell(kept))}\n`;
}

const isEmpty = (value: unknown): boolean => {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
};

// The engine writes an object many times as fast as a loop does, and in the order in which its members were put there; all but names
// that look like whole numbers, which it puts first, and a name that is no member.
function spell(value: unknown): string {
  let fits = true;
  const ordered = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(ordered);
    if (!isMembers(value)) return value;
    const out: Record<string, unknown> = {};
    for (const name of Object.keys(value).sort()) { // by bytes too, as long as all names are plain
      fits &&= isPlain(name);
      out[name] = ordered(value[name]);
    }
    return out;
  };
  const all = ordered(value);
  return fits ? JSON.stringify(all) ?? "null" : spellByHand(value);
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

const PLAIN = /^[A-Za-z][ -~]*$/;

// Names are few and come again; of those that callers make up, only so many are kept.
const plain = new Set<string>();
const MOST_PLAIN = 1_000;

function isPlain(name: string): boolean {
  if (plain.has(name)) return true;
  const fits = PLAIN.test(name);
  if (fits && plain.size < MOST_PLAIN) plain.add(name);
  return fits;
}

function spellByHand(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spellByHand).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => byBytes(a, b));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${spellByHand(member)}`).join(",")}}`;
}
