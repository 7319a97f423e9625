// A pointer becomes the place that an editor jumps to.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { childrenAt, locate } from "../../core/base/json_locate.ts";
import { assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";
import fc from "fast-check";

const TEXT = `{
  "a": [1, {"b": "x]}\\"", "c~/d": true}, [ ] ],
  "ä": { "inner" : null }, "last": -1e5
}`;

Deno.test("locate: values by pointer, and the nearest one around a missing member", () => {
  const places: Readonly<Record<string, readonly [number, number]>> = {
    "": [1, 1],
    "/a": [2, 8],
    "/a/0": [2, 9],
    "/a/1/b": [2, 18],
    "/a/1/c~0~1d": [2, 35],
    "/a/2": [2, 42],
    "/a/2/0": [2, 42],
    "/ä/inner": [3, 20],
    "/last": [3, 36],
    "/last/x": [3, 36],
    "/none": [1, 1],
    "/a/9": [2, 8],
  };
  for (const [pointer, [line, column]] of Object.entries(places)) {
    assertEquals(locate(utf8(TEXT), pointer), { line, column }, pointer);
  }
});

const pointers = (value: Json, base = ""): string[] => {
  const below = Array.isArray(value)
    ? value.flatMap((item: Json, i: number) => pointers(item, `${base}/${i}`))
    : typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, item]) =>
      pointers(item, `${base}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    )
    : [];
  return [base, ...below];
};

property("every value of a pretty text is found where it is printed", fc.jsonValue({ maxDepth: 3 }), (value) => {
  const json: Json = JSON.parse(JSON.stringify(value).replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, "?"));
  const text = JSON.stringify(json, undefined, 2);
  for (const pointer of pointers(json)) {
    const { line, column } = locate(utf8(text), pointer);
    const rest = text.split("\n").slice(line - 1).join("\n");
    const found = [...rest].slice(column - 1).join("");
    let here: Json | undefined = json;
    for (const step of pointer.split("/").slice(1)) {
      here = Reflect.get(Object(here), step.replaceAll("~1", "/").replaceAll("~0", "~"));
    }
    const head = JSON.stringify(here)[0] ?? "";
    assertEquals(found[0], head, pointer);
  }
});

Deno.test("locate: the members and items of a container, each with its place", () => {
  const text = `{ "a" : [1 , {"b":2}, "x,]" ] ,"\\u0063":null\n}`;
  assertEquals(childrenAt(text, 0).map(({ name, start, from, to }) => [name, text.slice(start, to), text.slice(from, to)]), [
    ["a", `"a" : [1 , {"b":2}, "x,]" ]`, `[1 , {"b":2}, "x,]" ]`],
    ["c", `"\\u0063":null`, "null"],
  ]);
  assertEquals(childrenAt(text, 8).map(({ from, to }) => text.slice(from, to)), ["1", `{"b":2}`, `"x,]"`]);
  assertEquals([childrenAt("{ }", 0), childrenAt("[]", 0), childrenAt("1", 0)], [[], [], []]);
});
