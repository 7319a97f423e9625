// Globs match what Go's path.Match matches (its own table is here), and none can be made to run long.
import { hasWildcard, matchesGlob, readGlob } from "../../core/gate/glob.ts";
import { assert, assertEquals } from "../assert.ts";

const matches = (pattern: string, text: string, separator = "/"): boolean | undefined => {
  const glob = readGlob(pattern);
  return glob === undefined ? undefined : matchesGlob(glob, text, separator, false);
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
  const below = (pattern: string, text: string) => matchesGlob(readGlob(pattern) ?? [], text, "/", false, true);
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

const LONG: readonly (readonly [what: string, pattern: string])[] = [
  ["letters", "*" + "a".repeat(4000) + "b"],
  ["letters beyond the cap", "/*" + "a".repeat(20_000) + "b"],
  ["any", "*" + "?".repeat(4000) + "b"],
  ["classes", "*" + "[a-z]".repeat(800) + "b"],
  ["a wide class", "*" + `[${"a-z".repeat(1300)}]`.repeat(10) + "b"],
  ["negated classes", "*" + "[^b]".repeat(1000) + "b"],
  ["many stars", "*a".repeat(2000) + "b"],
  ["many stars and any", "*a?".repeat(1300) + "b"],
  ["stars between runs", ("*" + "a".repeat(1000)).repeat(4) + "b"],
];

for (const [what, pattern] of LONG) {
  Deno.test(`glob: a long pattern of ${what} is bounded on a long text, and is never an allow`, () => {
    const text = (pattern.startsWith("/") ? "/" : "") + "a".repeat(1_000_000);
    const glob = readGlob(pattern) ?? [];
    const begun = performance.now();
    assertEquals(matchesGlob(glob, text, "/", false), false);
    matchesGlob(glob, text, "/", true, true);
    const took = performance.now() - begun;
    assert(took < 3000, `took ${took} ms`);
  });
}

Deno.test("glob: in doubt the answer is the one asked for", () => {
  const glob = readGlob("*" + "a".repeat(4000) + "b") ?? [];
  const text = "a".repeat(1_000_000);
  assertEquals([matchesGlob(glob, text, "/", false), matchesGlob(glob, text, "/", true)], [false, true]);
});

Deno.test("glob: what is as long as real patterns and names are is never in doubt", () => {
  const text = "a".repeat(100_000);
  for (const inDoubt of [false, true]) {
    assertEquals(matchesGlob(readGlob("*" + "a".repeat(14) + "b") ?? [], text, "/", inDoubt), false);
    assertEquals(matchesGlob(readGlob("*" + "a".repeat(14)) ?? [], text, "/", inDoubt), true);
    assertEquals(matchesGlob(readGlob("*" + "a".repeat(4000) + "b") ?? [], "a".repeat(4060), "/", inDoubt), false);
  }
});
