// What an answer of a server says in words, for rules that look for texts in it: all that may come before a model or a person.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";

/** The texts of an answer, ready to be searched. */
export type ResultTexts = {
  /** False where there is more than is looked at. */
  readonly whole: boolean;
  /** Whether some text holds another one, made by `folded`. */
  has(needle: string): boolean;
};

/** How much text of one answer is looked at, in UTF-16 code units, and how many texts. */
export const MOST_TEXT = 2 ** 26;
const MOST_TEXTS = 2 ** 21;

/** A text without its letter case. The engine's own: ten times as fast on ten megabytes, and only two texts have to agree. */
export const folded = (text: string): string => text.toLowerCase().replaceAll("ς", "σ");

// No text that a rule can look for holds it, so that none is found across two texts.
const BETWEEN = "\0";

// What tells clients how to read the rest, and bytes that are no text.
const FORM = new Set(["_meta", "isError", "resultType", "requestState", "ttlMs", "cacheScope"]);
const BYTES = new Set(["type", "mimeType", "data", "blob"]);

/** The texts of a whole answer: of its result, or of its error. */
export function resultTexts(frame: JsonObject, most = MOST_TEXT): ResultTexts {
  const texts: string[] = [];
  let left = most;
  const take = (text: string): void => {
    left -= text.length + 1;
    if (left >= 0) texts.push(text);
  };
  /** `names`: whether the names of members are said too, since it is the tool that gives them. */
  function walk(value: Json, names: boolean): void {
    if (left < 0 || texts.length > MOST_TEXTS) {
      left = -1;
    } else if (typeof value === "string") take(value);
    else if (typeof value === "number") take(String(value));
    else if (isJsonList(value)) { for (const item of value) walk(item, names); }
    else if (isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        const member = value[name] ?? null;
        if (names) take(name);
        if (names || !BYTES.has(name) || typeof member !== "string") walk(member, names);
      }
    }
  }
  const { result, error } = frame;
  if (isJsonObject(result)) {
    for (const [name, member] of Object.entries(result)) {
      if (!FORM.has(name)) walk(member, name === "structuredContent");
    }
  } else if (result !== undefined) walk(result, true);
  if (isJsonObject(error)) {
    for (const [name, member] of Object.entries(error)) walk(member, name === "data");
  } else if (error !== undefined) walk(error, true);
  let all: string | undefined;
  return { whole: left >= 0, has: (needle) => (all ??= folded(texts.join(BETWEEN))).includes(needle) };
}
