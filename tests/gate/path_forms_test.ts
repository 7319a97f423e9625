// Paths in both spellings, and what lies below what.
import { isAtOrBelow, isPlain, maybeBelow, pathForms, staysBelow, surelyBelow } from "../../core/gate/path_forms.ts";
import { assert, assertEquals } from "../assert.ts";

const CLEANED: readonly (readonly [path: string, cleaned: string])[] = [
  ["/srv/a", "/srv/a"],
  ["a/b", "a/b"],
  ["/srv/./a", "/srv/a"],
  ["/srv//a", "/srv/a"],
  ["/srv/a/", "/srv/a"],
  ["/ok/../etc/passwd", "/etc/passwd"],
  ["/ok/%2e%2e/etc", "/etc"],
  ["/ok/%2E%2e%2Fetc", "/etc"],
  ["/ok/%252e%25252E/etc", "/etc"],
  ["\\ok\\..\\etc", "/etc"],
  ["/ok%5c..%5cetc", "/etc"],
  ["/etc/passwd\0.csv", "/etc/passwd"],
  ["/a%20b", "/a b"],
  ["/ok/%25%32%65%25%32%65/etc", "/etc"],
  ["/%65tc/passwd", "/etc/passwd"],
  ["/etc/passwd%00.csv", "/etc/passwd"],
  ["/a%2", "/a%2"],
  ["/%zz", "/%zz"],
];

for (const [path, cleaned] of CLEANED) {
  Deno.test(`paths: ${JSON.stringify(path)} leads to ${cleaned}`, () => {
    assertEquals(pathForms(path), { raw: path, cleaned });
    assertEquals(isPlain(path), path === cleaned);
  });
}

Deno.test("paths: below is by whole segments", () => {
  assertEquals(isAtOrBelow("/srv", "/srv"), true);
  assertEquals(isAtOrBelow("/srv/a", "/srv"), true);
  assertEquals(isAtOrBelow("/srvx", "/srv"), false);
  assertEquals(isAtOrBelow("/srv", "/"), true);
  assertEquals(isAtOrBelow("/srv", ""), true);
  assertEquals(isAtOrBelow("srv", ""), false);
});

Deno.test("paths: what climbs out again does not stay below", () => {
  assertEquals(isAtOrBelow("../../etc", ".."), true);
  assertEquals(staysBelow("../../etc", ".."), false);
  assertEquals(staysBelow("../..", ".."), false);
  assertEquals(staysBelow("../..a", ".."), true);
  assertEquals(staysBelow("../a", ".."), true);
});

Deno.test("paths: an allowlist wants one spelling, a denylist takes either", () => {
  assertEquals(surelyBelow("/srv/a", ["/srv"]), true);
  assertEquals(surelyBelow("/srv/../srv/a", ["/srv"]), false);
  assertEquals(surelyBelow("/srv/%2e%2e/etc", ["/srv"]), false);
  assertEquals(maybeBelow("/srv/../etc/x", ["/srv"]), true);
  assertEquals(maybeBelow("/srv/../etc/x", ["/etc"]), true);
  assertEquals(maybeBelow("/srv/x", ["/etc"]), false);
});

Deno.test("paths: long ones take no long time", () => {
  const begun = performance.now();
  pathForms("/..".repeat(100_000) + "%25".repeat(100_000) + "%" + "25".repeat(100_000));
  pathForms("%25%32%35".repeat(100_000));
  assert(performance.now() - begun < 1000);
});
