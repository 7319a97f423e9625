// The texts of an answer, for rules that look for some.
import type { Json } from "../../core/base/json.ts";
import { folded, resultTexts } from "../../core/mcp/result_texts.ts";
import { assertEquals } from "../assert.ts";

const has = (result: Json, needle: string): boolean => resultTexts({ id: 1, result }).has(folded(needle));

const content = (...items: readonly Json[]): Json => ({ content: items });

Deno.test("result texts: what comes before a model or a person", () => {
  assertEquals(has(content({ type: "text", text: "the KEY" }), "Key"), true);
  assertEquals(has(content({ type: "resource", resource: { uri: "file:///k", text: "key" } }), "key"), true);
  assertEquals(has(content({ type: "resource_link", uri: "file:///key" }), "KEY"), true);
  assertEquals(has({ structuredContent: { a: [{ "api-key": 1 }] } }, "api-KEY"), true, "names that the tool gives");
  assertEquals(has({ structuredContent: { a: [{ b: "key" }], n: 12345 } }, "key"), true);
  assertEquals(has({ structuredContent: { n: 12345 } }, "2345"), true);
  assertEquals(has({ inputRequests: { x: { params: { message: "your key" } } } }, "key"), true);
  assertEquals(has({ task: { statusMessage: "key" } }, "key"), true);
  assertEquals(has("key", "key"), true, "a result that is none");
  assertEquals(has(["key"], "key"), true);
  const failed = resultTexts({ error: { code: -32000, message: "no Key", data: { lock: "x" } } });
  assertEquals([failed.has("key"), failed.has("lock"), failed.has("x"), failed.has("message")], [true, true, true, false]);
});

Deno.test("result texts: what says how to read the rest is none, nor bytes", () => {
  assertEquals(has(content({ type: "text", text: "" }), "text"), false);
  assertEquals(has(content({ type: "image", data: "a2V5key", mimeType: "image/key" }), "key"), false);
  assertEquals(has(content({ type: "resource", resource: { blob: "key" } }), "key"), false);
  assertEquals(has({ _meta: { key: "key" }, isError: true, resultType: "key", requestState: "key" }, "key"), false);
  assertEquals(has(content({ data: { text: "key" } }), "key"), true, "what only has the name of bytes is looked at");
});

Deno.test("result texts: letter case does not count in any script", () => {
  assertEquals(has(content({ text: "ΟΔΟΣ ΣΑΣ" }), "οδος σας"), true);
  assertEquals(has(content({ text: "οδος" }), "ΟΔΟΣ"), true);
  assertEquals(has(content({ text: "GRÜẞE" }), "grüße"), true);
});

Deno.test("result texts: nothing is found across two texts", () => {
  assertEquals(has(content({ text: "ke" }, { text: "y" }), "key"), false);
});

Deno.test("result texts: deep ones, and more than is looked at", () => {
  let deep: Json = "key";
  for (let i = 0; i < 500; i++) deep = i % 2 === 0 ? [deep] : { d: deep };
  assertEquals(has({ structuredContent: deep }, "key"), true);
  const most = (text: string, bound: number) => resultTexts({ result: { content: [{ text }, { text: "key" }] } }, bound);
  assertEquals([most("abcd", 9).whole, most("abcd", 9).has("key")], [true, true]);
  assertEquals([most("abcd", 8).whole, most("abcd", 8).has("key")], [false, false]);
  assertEquals(most("abcd", 8).has("bc"), true, "what was looked at counts");
  const many = { result: { structuredContent: Array.from({ length: 2 ** 21 + 2 }, () => "") } };
  assertEquals(resultTexts(many).whole, false);
});
