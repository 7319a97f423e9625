// The value of a text that is known to be JSON. JSON.parse is not asked where a backslash is in the text: V8 (14.5 and 15.0 at
// least) can take one name for another there. After `{"a":1,"\\":1}` it reads the name "\u83fa" of `{"a":1,"\u83fa":1}` as "\",
// because it compares the name that it expects with the escape as written. What was read before must not change what is read.
import type { Json, JsonObject } from "./json_value.ts";

/** The value of a JSON text. Throws, or gives anything, for a text that is not JSON. */
export const valueOf = (text: string): Json => text.includes("\\") ? read(text) : JSON.parse(text);

/** The same for a text as JSON.stringify prints it: quicker where the engine has read it right. */
export function valueOfCompact(text: string): Json {
  const value: Json = JSON.parse(text);
  return !text.includes("\\") || JSON.stringify(value) === text ? value : read(text);
}

const BLANK = " \t\n\r";

function read(text: string): Json {
  let at = 0;
  const skip = (): string => {
    while (at < text.length && BLANK.includes(text.charAt(at))) at++;
    return text.charAt(at);
  };
  const string = (): string => {
    const from = at++;
    while (text.charAt(at) !== '"') {
      if (at >= text.length) throw new SyntaxError("the text ends inside of a string");
      at += text.charAt(at) === "\\" ? 2 : 1;
    }
    at++;
    const token = text.slice(from, at);
    return token.includes("\\") ? String(JSON.parse(token)) : token.slice(1, -1); // alone it is read right
  };
  const scalar = (): Json => {
    const from = at;
    while (at < text.length && !BLANK.includes(text.charAt(at)) && !",]}".includes(text.charAt(at))) at++;
    return JSON.parse(text.slice(from, at));
  };
  const list = (): Json[] => {
    const items: Json[] = [];
    at++;
    while (skip() !== "]") {
      items.push(value());
      if (skip() === ",") at++;
    }
    at++;
    return items;
  };
  const members = (): JsonObject => {
    const found: [string, Json][] = [];
    at++;
    while (skip() !== "}") {
      const name = string();
      skip();
      at++; // the colon
      found.push([name, value()]);
      if (skip() === ",") at++;
    }
    at++;
    return Object.fromEntries(found); // `__proto__` is a member like any other
  };
  const value = (): Json => {
    const char = skip();
    if (char === '"') return string();
    return char === "[" ? list() : char === "{" ? members() : scalar();
  };
  return value();
}
