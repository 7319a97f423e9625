// Text for 80 columns: no line is longer unless one word is, and no word is lost or cut.
import fc from "fast-check";
import { COLUMNS, wrapped } from "../../cli/wrap.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

Deno.test("wrap: the head once, then as many spaces", () => {
  assertEquals(wrapped("head: ", []), []);
  assertEquals(wrapped("head: ", ["a", "b"]), ["head: a b"]);
  const words = Array.from({ length: 5 }, () => "x".repeat(30));
  assertEquals(wrapped("- ", words), [`- ${words[0]} ${words[0]}`, `  ${words[0]} ${words[0]}`, `  ${words[0]}`]);
});

property("wrap: lines fit, words stay whole", fc.array(fc.stringMatching(/^[a-z/]{1,100}$/)), (words) => {
  const lines = wrapped("members: ", words);
  for (const line of lines) assert(line.length <= COLUMNS || line.trim().split(/ +/).length <= 2, line);
  assertEquals(lines.join(" ").replace("members: ", "").split(/ +/).filter((word) => word !== ""), words);
});
