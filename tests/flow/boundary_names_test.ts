// The names that calls at the boundary go by (spec 05, sections 2.2 and 3.3).
import { boundaryFileName, normalRunId, runIdOf, stampOf } from "../../core/flow/boundary_names.ts";
import { assert, assertEquals } from "../assert.ts";

const DIGEST = "c5ee9d9e77b9982efcaa8bd6d672a35f43bd88134c9472c8a69f2cc81a789877";

Deno.test("boundary names: a run id in its normal form", () => {
  for (
    const [given, wanted] of [
      ["", ""],
      ["  ", ""],
      ["///", ""],
      ["___", ""],
      ["winner", "run_winner"],
      ["run_kept-1", "run_kept-1"],
      [" job 7//x ", "run_job_7_x"],
      [" nightly/42 ", "run_nightly_42"],
      ["__run_q__", "run_q"],
      ["../../etc/passwd", "run_etc_passwd"],
      ["a _b", "run_a__b"],
      ["é\u{1f600}x", "run_x"],
      ["run_", "run_run"],
      ["RUN_x", "run_RUN_x"],
      ["a\0b", "run_a_b"],
    ] as const
  ) {
    assertEquals(normalRunId(given), wanted, JSON.stringify(given));
    if (wanted !== "") assertEquals(normalRunId(wanted), wanted, "normal form is its own");
  }
});

Deno.test("boundary names: the first run id that comes to something counts", () => {
  assertEquals(runIdOf(["a", "b"], DIGEST), "run_a");
  assertEquals(runIdOf(["//", "b"], DIGEST), "run_b");
  assertEquals(runIdOf(["", " . "], DIGEST), "run_mcp_c5ee9d9e77b9");
});

Deno.test("boundary names: moments in names of files have nine decimals and are in UTC", () => {
  assertEquals(stampOf("2026-03-01T10:15:00Z"), "20260301T101500.000000000");
  assertEquals(stampOf("2026-03-01T10:15:00.25+01:00"), "20260301T091500.250000000");
  assertEquals(stampOf("2026-03-01T10:15:00.123456789Z"), "20260301T101500.123456789");
  assertEquals(boundaryFileName("trace", "", "2026-03-01T10:15:00Z"), "trace__20260301T101500.000000000.json");
  assertEquals(boundaryFileName("pack", "run_a", "2026-03-01T10:15:00Z"), "pack_run_a_20260301T101500.000000000.zip");
});

Deno.test("boundary names: a run id of a million characters takes no time", () => {
  const began = performance.now();
  for (const long of ["_".repeat(1_000_000), `a${"_".repeat(1_000_000)}b`, "/".repeat(1_000_000), "_/".repeat(500_000)]) {
    normalRunId(long);
  }
  assert(performance.now() - began < 2_000, "it grows faster than the text");
});
