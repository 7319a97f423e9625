// The project's own tools: what they count, stamp, excuse and refuse.
import { holds, line, median } from "../../scripts/bench/measure.ts";
import { MARK, stamp } from "../../scripts/bundle.ts";
import { programPath, runtimeVariable, runtimeVersion, TARGETS, versionIn, whyDead } from "../../scripts/compile.ts";
import { badExcuse, excuses, listed, replayed } from "../../scripts/conformance.ts";
import { plant } from "../../scripts/faults/main.ts";
import { FAULTS } from "../../scripts/faults/table.ts";
import { tally } from "../../scripts/tools/junit.ts";
import { assert, assertEquals } from "../assert.ts";

const head = (tests: number, failures: number, errors: number): string =>
  `<?xml version="1.0"?>\n<testsuites name="deno test" tests="${tests}" failures="${failures}" errors="${errors}" time="0.1">`;

Deno.test("junit: failures, errors and ignored tests are told apart", () => {
  assertEquals(tally(head(5, 1, 1) + "<testcase><skipped/></testcase>", 1), { passed: 2, failed: 2 });
  assertEquals(tally(head(5, 0, 0), 0), { passed: 5, failed: 0 });
});

Deno.test("junit: a run that ended badly or ran nothing has failed, whatever its report says", () => {
  assertEquals(tally(head(5, 0, 0), 1), { passed: 5, failed: 1 });
  assertEquals(tally(undefined, 1), { passed: 0, failed: 1 });
  assertEquals(tally(undefined, 0), { passed: 0, failed: 1 });
  assertEquals(tally(head(0, 0, 0), 0), { passed: 0, failed: 1 });
});

Deno.test("bundle: the version mark is replaced where it stands, and must stand once", () => {
  const chunks = new Map([["main.js", "a"], ["version.js", `v="${MARK}"`]]);
  assertEquals(stamp(chunks, "1.2.3-rc.1"), { file: "version.js", text: `v="1.2.3-rc.1"` });
  assert(typeof stamp(new Map([["main.js", ""]]), "1.2.3") === "string", "no mark is a fault");
  assert(typeof stamp(new Map([...chunks, ["b.js", MARK]]), "1.2.3") === "string", "two marks are a fault");
  assert(typeof stamp(chunks, `1"; evil()`) === "string", "a version is not code");
});

Deno.test("compile: another machine's program and runtime have names of their own", () => {
  assertEquals(runtimeVariable(Deno.build.target), "DENORT_BIN");
  assertEquals(new Set(TARGETS.map(runtimeVariable)).size, TARGETS.length);
  assertEquals(new Set(TARGETS.map(programPath)).size, TARGETS.length);
  assert(programPath("x86_64-pc-windows-msvc").endsWith(".exe"), "a Windows program ends in .exe");
});

Deno.test("compile: a program that does not run is none, and both versions are told", async () => {
  assertEquals(versionIn("deno 2.9.6 (stable, release, x86_64)\nv8 15\n"), "2.9.6");
  assertEquals(runtimeVersion("\0Deno/0.80.0\0canarydenover2.6.10Deno/2.6.10+88Deno/2.6.9"), "2.6.10");
  assertEquals(runtimeVersion("nothing"), "unknown");
  const why = await whyDead("dist/no-such-program") ?? "";
  assert(why.startsWith('"dist/no-such-program version" ends with 127') && why.includes("deno "), why);
});

Deno.test("conformance: lists, excuses and the output of a replay are read", () => {
  assertEquals(listed("# a\n\n b \nc"), ["b", "c"]);
  assertEquals([...excuses("# x\na/b: session start, run diff\n")], [["a/b", ["session start", "run diff"]]]);
  const seen = replayed("FAIL a/b.json\n     step 0: no\n     step 1: no\n3 passed, 1 failed\n");
  assertEquals(seen?.passed, 3);
  assertEquals([...seen?.failures ?? []], [["a/b", ["step 0: no", "step 1: no"]]]);
  assertEquals(replayed("Traceback"), undefined);
  assertEquals(replayed("3 passed, 1 failed\n"), undefined);
});

Deno.test("conformance: an excuse holds only while a case fails where it calls a command that there is not", () => {
  const known = ["run record"];
  assertEquals(badExcuse(["run diff", "session start"], "session start --journal j", known), undefined);
  assert(badExcuse([], "session start", known) !== undefined, "an excuse names a command");
  assert(badExcuse(["run record"], "run record --input x", known) !== undefined, "a command that there is excuses nothing");
  assert(badExcuse(["session start"], "run record --input x", known) !== undefined, "what comes before it must pass");
  assert(badExcuse(["session start"], "session starting", known) !== undefined, "words are compared whole");
  assert(badExcuse(["session start"], undefined, known) !== undefined, "a case that passes needs no excuse");
});

Deno.test("faults: each can be planted in the tree as it is, and at least 15 there are", async () => {
  for (const fault of FAULTS) {
    const planted = plant(await Deno.readTextFile(new URL(`../../${fault.file}`, import.meta.url)), fault);
    assert(planted.includes(fault.replace), fault.name);
  }
  assertEquals(new Set(FAULTS.map(({ name }) => name)).size, FAULTS.length, "names are told apart");
  assert(FAULTS.length >= 15, "there are too few");
});

Deno.test("faults: one whose text is gone, or is there twice, is not planted quietly", () => {
  const fault = { name: "x", file: "x.ts", find: "ab", replace: "c", test: "x_test.ts", filter: "x" };
  assertEquals(plant("1ab2", fault), "1c2");
  for (const text of ["12", "abab"]) {
    let thrown = "";
    try {
      plant(text, fault);
    } catch (error) {
      thrown = String(error);
    }
    assert(thrown.includes("wanted once"), `"${text}" was planted: ${thrown}`);
  }
});

Deno.test("bench: the middle of five runs is held against the limit", () => {
  const row = { what: "a", by: "b", values: [9, 1, 3, 2, 8], limit: 3 };
  assertEquals([median(row.values), holds(row), holds({ ...row, limit: 2.9 })], [3, true, false]);
  assert(/^ok +1\.00 +3\.00 +9\.00 +limit +3\.00 +a \/ b$/.test(line(row)), line(row));
});
