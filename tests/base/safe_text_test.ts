// What a hostile artifact could say to a terminal, and what comes out.
import { safeJson, safeLine } from "../../core/base/safe_text.ts";
import { assertEquals } from "../assert.ts";

Deno.test("safe text: everything that drives a terminal is spelled out", () => {
  const spelled: Readonly<Record<string, string>> = {
    "\x1b[2J": "\\x1b[2J",
    "\x1b]0;title\x07": "\\x1b]0;title\\x07",
    "a\r\nb\tc\0": "a\\x0d\\nb\\tc\\x00",
    "\x7f\u009b31m": "\\x7f\\x9b31m",
    "\u2028\u202egnp.exe\u2066": "\\u2028\\u202egnp.exe\\u2066",
    "\ud800x": "\\ud800x",
    "plain, ünïcode 日本 😀 \\x1b": "plain, ünïcode 日本 😀 \\x1b",
  };
  for (const [given, expected] of Object.entries(spelled)) assertEquals(safeLine(given), expected);
});

Deno.test("safe text: JSON stays the same value", () => {
  const value = { "k\u009b": "\x1b\x7f\u0085\u2029\u202e😀\\u" };
  const text = safeJson(JSON.stringify(value));
  assertEquals(text, '{"k\\u009b":"\\u001b\\u007f\\u0085\\u2029\\u202e😀\\\\u"}');
  assertEquals(JSON.parse(text), value);
});
