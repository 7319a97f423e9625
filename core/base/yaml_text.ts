// The bytes of a YAML text as characters, and how a fault in it is told: what both readers of YAML begin with.
import { fromUtf8, hex } from "./bytes.ts";
import type { FaultCode } from "./errors.ts";
import { framed } from "./frame.ts";
import { invalidByte } from "./json.ts";
import { placeOfByte } from "./json_words.ts";
import { fail, ok, type Result } from "./result.ts";

/** Most bytes of a YAML text. */
export const MAX_YAML_BYTES = 2 ** 20;

/** The fault at the units `from` to `to` of a text; `what` names the text. */
export function flawAt(code: FaultCode, text: string, from: number, to: number, what: string, words: string): Result<never> {
  const at = framed(text, solid(text, from), to);
  return fail(code, `Cannot read ${what}: line ${at.line}, column ${at.column}: ${words}`, at);
}

// Where the eye finds something: behind the blanks that a line begins with, and on the last line that is not blank.
function solid(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  if (text[at] !== undefined && !"\r\n".includes(text[at] ?? "")) return at;
  let end = Math.min(from, text.length);
  while (end > 0 && " \t\r\n".includes(text[end - 1] ?? "")) end--;
  return text.slice(end).trim() === "" ? end : from;
}

const BOM = "\ufeff";

// YAML's own set of characters (section 5.1), without a byte order mark but at the start: nothing else can be seen in an editor.
const UNPRINTABLE = /[^\t\n\r -~\x85\xa0-\ufefe\uff00-\ufffd]/;

/** The text of bytes, without its byte order mark. Faults: `yaml_too_large`, `text_encoding`, `yaml_syntax` for control characters. */
export function yamlText(bytes: Uint8Array, what: string): Result<string> {
  if (bytes.length > MAX_YAML_BYTES) {
    return fail("yaml_too_large", `Cannot read ${what}: expected at most ${MAX_YAML_BYTES} bytes, found ${bytes.length}`);
  }
  const decoded = fromUtf8(bytes);
  const bad = decoded.includes("\ufffd") ? invalidByte(bytes, decoded) : bytes.length;
  if (bad < bytes.length) {
    const { line, column } = placeOfByte(bytes, bad, 1);
    const words = `expected UTF-8, found byte 0x${hex(bytes.subarray(bad, bad + 1))}`;
    return fail("text_encoding", `Cannot read ${what}: line ${line}, column ${column}: ${words}`, { line, column });
  }
  const text = decoded.startsWith(BOM) ? decoded.slice(1) : decoded;
  const strange = text.search(UNPRINTABLE);
  if (strange === -1) return ok(text);
  const number = text.charCodeAt(strange).toString(16).toUpperCase().padStart(4, "0");
  return flawAt("yaml_syntax", text, strange, strange + 1, what, `expected text, found the character U+${number}`);
}
