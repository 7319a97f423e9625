// Globs match what Go's path.Match matches (its own table is here), and none can be made to run long.
import { hasWildcard, matchesGlob, readGlob } from "../../core/gate/glob.ts";
import { assert, assertEquals } from "../assert.ts";

const matches = (pattern: string, text: string, separator = "/"): boolean | undefined => {
  const glob = readGlob(pattern);
  return glob === undefined ? undefined : matchesGlob(glob, text, separator);
};

const TABLE: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ["abc", "abc", true],
  ["*", "abc", true],
  ["*c", "abc", true],
  ["a*", "a", true],
  ["a*", "abc", true],
  ["a*", "ab/c", false],
  ["a*/b", "abc/b", true],
  ["a*/b", "a/c/b", false],
  ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxexxx/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false],
  ["a*b*c*d*e*/f", "axbxcxdxexxx/fff", false],
  ["a*b?c*x", "abxbbxdbxebxczzx", true],
  ["a*b?c*x", "abxbbxdbxebxczzy", false],
  ["ab[c]", "abc", true],
  ["ab[b-d]", "abc", true],
  ["ab[e-g]", "abc", false],
  ["ab[^c]", "abc", false],
  ["ab[^b-d]", "abc", false],
  ["ab[^e-g]", "abc", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "ab", false],
  ["a?b", "a\u263ab", true],
  ["a?b", "a\u{1f600}b", true],
  ["a[^a]b", "a\u263ab", true],
  ["a???b", "a\u263ab", false],
  ["a[^a][^a][^a]b", "a\u263ab", false],
  ["[a-\u03b6]*", "\u03b1", true],
  ["*[a-\u03b6]", "A", false],
  ["a?b", "a/b", false],
  ["a*b", "a/b", false],
  ["[\\]a]", "]", true],
  ["[\\-]", "-", true],
  ["[x\\-]", "x", true],
  ["[x\\-]", "-", true],
  ["[x\\-]", "z", false],
  ["[\\-x]", "x", true],
  ["[\\-x]", "-", true],
  ["[\\-x]", "a", false],
  ["*x", "xxx", true],
  ["[a-z]", "M", false],
  ["[z-a]", "m", false],
  ["[*]", "*", true],
  ["**", "abc", true],
  ["a**c", "abbc", true],
  ["]-", "]-", true],
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["?", "", false],
];

for (const [pattern, text, expected] of TABLE) {
  Deno.test(`glob: ${pattern} ${expected ? "matches" : "does not match"} ${text}`, () =>
    assertEquals(matches(pattern, text), expected));
}

for (const pattern of ["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "[]", "[a\\", "[a-\\"]) {
  Deno.test(`glob: ${pattern} is malformed`, () => assertEquals(readGlob(pattern), undefined));
}

Deno.test("glob: without a separator nothing stops * and ?", () => {
  assertEquals(matches("a*b", "a/x.y/b", ""), true);
  assertEquals(matches("a?b", "a.b", ""), true);
});

Deno.test("glob: the glob of a folder has what lies below", () => {
  const below = (pattern: string, text: string) => matchesGlob(readGlob(pattern) ?? [], text, "/", true);
  assertEquals(below("/home/*/.ssh", "/home/ann/.ssh"), true);
  assertEquals(below("/home/*/.ssh", "/home/ann/.ssh/keys/id"), true);
  assertEquals(below("/home/*/.ssh", "/home/ann/.sshx"), false);
  assertEquals(below("/home/*/.ssh", "/home/ann/x/.ssh"), false);
  assertEquals(below("/a*", "/ab/c"), true);
});

Deno.test("glob: wildcards are told from plain text", () => {
  assertEquals(["a", "*", "a?", "[", "\\"].map(hasWildcard), [false, true, true, true, true]);
});

Deno.test("glob: no pattern makes the time explode", () => {
  const text = "a".repeat(20_000);
  const begun = performance.now();
  assertEquals(matches("*a".repeat(200) + "*b", text), false);
  assertEquals(matches("*" + "a".repeat(200) + "b", text), false);
  assertEquals(matches("*[a-z]?".repeat(100) + "b", text), false);
  const took = performance.now() - begun;
  assert(took < 1000, `took ${took} ms`);
});
