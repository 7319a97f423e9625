// Texts that globs are meant for.
import { exampleOfGlob } from "../../core/gate/glob_example.ts";
import { matchesGlob, readGlob } from "../../core/gate/glob.ts";
import { assert, assertEquals } from "../assert.ts";

const CASES = [
  ["/srv/*/x", "/srv/a/x"],
  ["*.log", "a.log"],
  ["a?c", "aac"],
  ["[x-z]1", "x1"],
  ["[a-f]", "a"],
  ["[^a-c]", "0"],
  ["[^/]*", "aa"],
  ["\\*\\[", "*["],
  ["[\u{1F600}]", "\u{1F600}"],
  ["", ""],
] as const;

for (const [pattern, example] of CASES) {
  Deno.test(`glob example: ${pattern === "" ? "nothing" : pattern}`, () => {
    const glob = readGlob(pattern);
    assert(glob !== undefined);
    assertEquals(exampleOfGlob(glob), example);
    assert(matchesGlob(glob, example, "/", false));
  });
}
