// Folders of a sandbox: trimmed and cleaned until nothing changes, in time linear in the text.
import fc from "fast-check";
import { cleanPath } from "../../core/base/paths.ts";
import { trim } from "../../core/base/text.ts";
import { cleanFolder } from "../../core/gate/intent_context.ts";
import { assert, assertEquals } from "../assert.ts";
import { inContext, intent } from "./intents.ts";
import { property } from "../properties/run.ts";

// As the format says it: again and again.
const slowly = (path: string): string => {
  const cleaned = cleanPath(trim(path));
  return cleaned === path ? path : slowly(cleaned);
};

property(
  "a folder is as if it were trimmed and cleaned again and again",
  fc.array(fc.constantFrom(" ", " ", "/", "/", ".", "..", "a", " .. ", " . ", "\u2003"), { maxLength: 14 }),
  (pieces) => {
    const path = pieces.join("");
    assertEquals(cleanFolder(path), slowly(path), JSON.stringify(path));
  },
);

Deno.test("sandbox: a folder of many parts that are blank is read at once", () => {
  const began = performance.now();
  for (
    const [path, clean] of [
      ["x" + " /".repeat(100_000), "x"],
      [" ./".repeat(100_000) + "x", "x"],
      ["y/" + "a/".repeat(50_000) + ".. /".repeat(50_001), `y${"/a".repeat(49_999)}`],
      [" /".repeat(100_000) + "x ", `/${" /".repeat(99_999)}x`],
    ] as const
  ) {
    assertEquals(cleanFolder(path), clean);
  }
  assertEquals(
    intent(inContext({ sandbox: { writable_paths: ["x" + " /".repeat(20_000)] } })).context.sandbox?.writable_paths,
    ["x"],
  );
  assert(performance.now() - began < 2_000, "time is linear in the text");
});
