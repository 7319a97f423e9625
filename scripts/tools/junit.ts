// Counts tests from a JUnit file and the exit code together: a test file that fails to load is missing from the former.

/** How many tests passed and failed. */
export type Tally = { readonly passed: number; readonly failed: number };

/** Both tallies in one. */
export const plus = (a: Tally, b: Tally): Tally => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

const attribute = (element: string, name: string): number =>
  Number(new RegExp(`\\b${name}="(\\d+)"`).exec(element)?.[1] ?? "0");

/**
 * The tests of a JUnit report (undefined when none was written). A run that ended with another code than 0 has at least
 * one failure, whatever the report says; so has a run without any test.
 */
export function tally(report: string | undefined, code: number): Tally {
  const head = /<testsuites\b[^>]*>/.exec(report ?? "")?.[0] ?? "";
  const tests = attribute(head, "tests");
  const bad = attribute(head, "failures") + attribute(head, "errors");
  const skipped = (report ?? "").split("<skipped").length - 1;
  const failed = bad === 0 && (code !== 0 || tests === 0) ? 1 : bad;
  return { passed: tests - bad - skipped, failed };
}

/** The same for a report in a file, which is removed first-hand by whoever starts the tests. */
export function tallyFile(path: string, code: number): Tally {
  let report: string | undefined;
  try {
    report = Deno.readTextFileSync(path);
  } catch {
    report = undefined; // the run ended before it wrote one, which `tally` counts as a failure
  }
  return tally(report, code);
}
