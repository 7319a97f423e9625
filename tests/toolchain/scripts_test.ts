// The project's own tools: what they count, stamp, excuse and refuse.
import { MARK, stamp } from "../../scripts/bundle.ts";
import { programPath, runtimeVariable, TARGETS } from "../../scripts/compile.ts";
import { badExcuse, excuses, listed, replayed } from "../../scripts/conformance.ts";
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

Deno.test("conformance: lists, excuses and the output of a replay are read", () => {
  assertEquals(listed("# a\n\n b \nc"), ["b", "c"]);
  assertEquals([...excuses("# x\na/b: session start\n")], [["a/b", "session start"]]);
  const seen = replayed("FAIL a/b.json\n     step 0: no\n     step 1: no\n3 passed, 1 failed\n");
  assertEquals(seen?.passed, 3);
  assertEquals([...seen?.failures ?? []], [["a/b", ["step 0: no", "step 1: no"]]]);
  assertEquals(replayed("Traceback"), undefined);
  assertEquals(replayed("3 passed, 1 failed\n"), undefined);
});

Deno.test("conformance: an excuse holds only for a case that calls a command that there is not", () => {
  const lines = ["run record --input x", "session start --journal j"];
  assertEquals(badExcuse("session start", lines, ["run record"]), undefined);
  assert(badExcuse("", lines, []) !== undefined, "an excuse names a command");
  assert(badExcuse("run record", lines, ["run record"]) !== undefined, "a command that there is excuses nothing");
  assert(badExcuse("pack build", lines, ["run record"]) !== undefined, "a command that is not called excuses nothing");
});
