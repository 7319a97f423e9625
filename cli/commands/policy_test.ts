// `gait policy test`: what a policy alone says of a call, or of a folder of fixtures that say what they expect.
import { utf8 } from "../../core/base/bytes.ts";
import { cleanPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import type { LoadedPolicy } from "../../core/gate/policy_read.ts";
import { runSuite } from "../../core/gate/policy_suite.ts";
import { testIntent, testNotes, testSummary } from "../../core/gate/policy_test.ts";
import type { Verdict } from "../../core/gate/types.ts";
import type { Ports } from "../../core/ports.ts";
import { command, type Outcome } from "../command.ts";
import { type FixtureFile, jsonFiles, loadFixtures } from "../policy_fixtures.ts";
import { loadPolicy } from "../policy_file.ts";
import { SUITE_COUNTS, suiteJunit, suiteLines, type SuiteReport, suiteReport, suiteSarif } from "../policy_suite_view.ts";
import { targetPath } from "../targets.ts";

type OneTested = {
  readonly ok: true;
  readonly schema_id: "gait.policytest.result";
  readonly schema_version: "1.0.0";
  readonly created_at: string;
  readonly policy_digest: string;
  readonly intent_digest: string;
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  readonly matched_rule: string;
  readonly summary: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
};

const EXIT_FOR = { allow: "ok", dry_run: "ok", require_approval: "approval", block: "blocked" } as const;

type Loaded = { readonly policy: LoadedPolicy; readonly policy_path: string; readonly policy_digest: string };

function testOne(
  { policy, policy_digest }: Loaded,
  { fixture: { intent, kill_switch, unknown } }: FixtureFile,
  { clock, host: { crypto } }: Pick<Ports, "clock" | "host">,
): Result<Outcome<OneTested>> {
  const given = { evaluation_time: clock.now(), kill_switch };
  const tested = testIntent(crypto, compilePolicy(policy.policy), intent, given);
  if (!tested.ok) return tested;
  const { intent_digest, decision } = tested.value;
  const { verdict, reason_codes, violations, matched_rule } = decision;
  const data: OneTested = {
    ok: true,
    schema_id: "gait.policytest.result",
    schema_version: "1.0.0",
    created_at: intent.created_at,
    policy_digest,
    intent_digest,
    verdict,
    reason_codes,
    violations,
    matched_rule,
    summary: testSummary(decision),
    notes: testNotes(intent),
    warnings: unknown,
  };
  return ok({ exit: EXIT_FOR[verdict], data });
}

type Written = { readonly junit?: string; readonly sarif?: string };

// Where the reports go, before anything is evaluated.
function reportPaths(flags: Written, others: readonly string[]): Result<Written> {
  const paths: { junit?: string; sarif?: string } = {};
  for (const kind of ["junit", "sarif"] as const) {
    const given = flags[kind];
    if (given === undefined || given === "") continue;
    const path = targetPath({
      given,
      name: "",
      what: `the ${kind === "junit" ? "JUnit" : "SARIF"} report`,
      others: [...others, paths.junit ?? ""],
    });
    if (!path.ok) return path;
    paths[kind] = path.value;
  }
  return ok(paths);
}

async function testAll(
  { policy, ...about }: Loaded,
  fixtures: readonly FixtureFile[],
  flags: Written,
  ports: Pick<Ports, "clock" | "store" | "host">,
  version: string,
): Promise<Result<Outcome<SuiteReport>>> {
  const paths = reportPaths(flags, [about.policy_path, ...fixtures.map(({ path }) => path)]);
  if (!paths.ok) return paths;
  const suite = runSuite(ports.host.crypto, compilePolicy(policy.policy), fixtures, ports.clock.now());
  if (!suite.ok) return suite;
  const report = { ...suiteReport(suite.value, policy, about), ...paths.value };
  const { junit, sarif } = paths.value;
  const texts = [
    ...(junit === undefined ? [] : [[junit, suiteJunit(report)] as const]),
    ...(sarif === undefined ? [] : [[sarif, suiteSarif(report, fixtures, version)] as const]),
  ];
  for (const [path, text] of texts) {
    const written = await ports.store.write(path, utf8(text), "replace");
    if (!written.ok) return written;
  }
  return ok({ exit: report.ok ? "ok" : "regression", data: report, always: SUITE_COUNTS });
}

// The fixtures that an argument names, and whether it names one bare intent.
async function fixturesAt(
  given: string,
  { files, host }: Pick<Ports, "files" | "host">,
): Promise<Result<readonly FixtureFile[]>> {
  const path = cleanPath(trim(given));
  if (await files.kind(path) !== "folder") return await loadFixtures(host.crypto, [trim(given)], files);
  const found = await jsonFiles(path, files);
  if (!found.ok) return found;
  return found.value.length === 0
    ? fail("file_missing", `Cannot test with folder "${given}": it holds no file that ends in .json`, { file: path })
    : await loadFixtures(host.crypto, found.value, files);
}

const isGiven = (flag: string | undefined): boolean => flag !== undefined && flag !== "";

export default command({
  path: ["policy", "test"],
  summary: "Try a policy on a call, or on fixtures",
  explain:
    "Says what a policy alone decides of one call; of a folder of fixtures, which expectations fail and which rules no fixture reaches.",
  positionals: {
    name: "file",
    doc: "The policy, then an intent, a fixture or a folder of fixtures (JSON)",
    min: 2,
    max: 2,
    complete: "path",
  },
  flags: {
    junit: { kind: "text", doc: "File for a JUnit report of fixtures", value: "file", complete: "path" },
    sarif: { kind: "text", doc: "File for a SARIF 2.1.0 report of fixtures", value: "file", complete: "path" },
  },
  verdict: true,
  examples: [
    "gait policy test gait.policy.yaml intent.json",
    "gait policy test gait.policy.yaml fixtures --junit out/policy.xml",
  ],
  needs: ["files", "store", "clock", "host"],
  spared: ({ junit, sarif }) => isGiven(junit) || isGiven(sarif) ? [] : ["store"],
  async run(
    { positionals: [policyPath = "", given = ""], junit, sarif },
    ports,
    { version },
  ): Promise<Result<Outcome<OneTested | SuiteReport>>> {
    const policy = await loadPolicy(policyPath, ports.files);
    if (!policy.ok) return policy;
    const loaded = {
      policy: policy.value,
      policy_path: policyPath,
      policy_digest: policyDigest(ports.host.crypto, policy.value.policy),
    };
    const fixtures = await fixturesAt(given, ports);
    if (!fixtures.ok) return fixtures;
    const [first] = fixtures.value;
    const bare = first !== undefined && fixtures.value.length === 1 && first.fixture.bare && first.path === trim(given);
    const flags = { ...(junit === undefined ? {} : { junit }), ...(sarif === undefined ? {} : { sarif }) };
    if (!bare) return await testAll(loaded, fixtures.value, flags, ports, version);
    if (isGiven(junit) || isGiven(sarif)) {
      return fail("usage", `Cannot report on "${given}": --junit and --sarif are for fixtures, and it is a bare intent`);
    }
    return testOne(loaded, first, ports);
  },
  lines: (data: OneTested | SuiteReport) =>
    "fixtures" in data ? suiteLines(data) : [
      data.summary,
      ...(data.matched_rule === "" ? [] : [`matched rule: ${data.matched_rule}`]),
      ...(data.summary.endsWith(")") ? [...data.reason_codes.map((code) => `reason: ${code}`)] : []),
      ...data.notes.map((note) => `note: ${note}`),
      ...data.warnings.map((warning) => `warning: ${warning}`),
    ],
});
