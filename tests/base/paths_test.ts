// Paths by their text alone, and ids that may become file names.
import { cleanPath, climbs, fileNameId, joinPath, outputPath } from "../../core/base/paths.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { property } from "../properties/run.ts";
import fc from "fast-check";

Deno.test("paths: cleaned", () => {
  const cases = {
    "a//b/./c/..": "a/b",
    "": ".",
    "./": ".",
    "/..": "/",
    "../a/..": "..",
    "/a/../../b/": "/b",
    "a/../..": "..",
    ".//x": "x",
  };
  for (const [given, want] of Object.entries(cases)) assertEquals(cleanPath(given), want, given);
  assertEquals(joinPath("./gait-out", "x.zip"), "gait-out/x.zip");
});

Deno.test("paths: a relative one must not climb", () => {
  assertEquals(["../x", "a/../../x", "..", "a\\..\\..\\x"].map(climbs), [true, true, true, true]);
  assertEquals(["a/../x", "/../x", "..x/y", "C:\\..\\x"].map(climbs), [false, false, false, false]);
});

Deno.test("paths: where output may go", () => {
  assertEquals(assertOk(outputPath(" out//x.zip ", "it")), "out/x.zip");
  assertEquals(assertOk(outputPath("/tmp/../x", "it")), "/x");
  for (const bad of ["", " ", ".", "/", "./", "a/..", "../x", "a\0b"]) assertFault(outputPath(bad, "it"), "path_refused", bad);
});

Deno.test("paths: ids that are no file names", () => {
  for (const good of ["run 1 ü", "a..b", "Night Run::7..", "..."]) assertEquals(assertOk(fileNameId(good, "run id")), good);
  for (const bad of ["", "  ", "..", "../x", "a/b", "a\\b", "a\0", ".", " .. "]) {
    assertFault(fileNameId(bad, "run id"), "path_refused", bad);
  }
});

property(
  "cleaning is idempotent and keeps whether a path is absolute",
  fc.array(fc.constantFrom("a", ".", "..", "/", "b")),
  (parts) => {
    const path = parts.join("/");
    assertEquals(cleanPath(cleanPath(path)), cleanPath(path));
    assertEquals(cleanPath(path).startsWith("/"), path.startsWith("/"));
  },
);
