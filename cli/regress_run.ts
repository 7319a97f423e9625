// Running a suite: graded as a whole first, then written, each file at once, so that a run that is cut short leaves what was there.
import { utf8 } from "../core/base/bytes.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { candidatePath } from "../core/flow/regress_load.ts";
import { regressJunit, regressSarif } from "../core/regress/reports.ts";
import { regressResult, resultBytes } from "../core/regress/result.ts";
import type { Files, Ports } from "../core/ports.ts";
import type { Outcome } from "./command.ts";
import { checkOutputs, takenBy } from "./output_paths.ts";
import { type ReportPaths, type RunReport, runReport, suitePath } from "./regress_report.ts";
import { type DeclaredSuite, declaredSuite, gradedSuite, type SuiteFlags } from "./regress_suite.ts";
import { besideFile } from "./targets.ts";

/** What a run is asked for. */
export type RunValues = SuiteFlags & {
  readonly config: string;
  readonly output: string;
  readonly junit?: string | undefined;
  readonly sarif?: string | undefined;
};

/** The flags of a run. */
export const RUN_FLAGS = {
  config: { kind: "text", doc: "The suite (JSON or YAML)", default: "gait.yaml", value: "file", complete: "path" },
  output: {
    kind: "text",
    doc: "File for the result; its folder has to be there",
    default: "regress_result.json",
    value: "file",
    complete: "path",
  },
  junit: { kind: "text", doc: "File for a JUnit report", value: "file", complete: "path" },
  sarif: { kind: "text", doc: "File for a SARIF 2.1.0 report", value: "file", complete: "path" },
  "allow-nondeterministic": { kind: "switch", doc: "Let graders run that may say something else the next time" },
  "context-conformance": { kind: "switch", doc: "Demand of every fixture that its context is the recorded one" },
  "allow-context-runtime-drift": { kind: "switch", doc: "Let the context have been fetched at other times" },
} as const;

/** The ports that a run takes. */
export const RUN_NEEDS = ["files", "store", "host", "progress"] as const;

type RunPorts = Pick<Ports, "store" | "host" | "progress"> & { readonly files: Pick<Files, "read" | "kind" | "real"> };

const RESULT = "regress_result.json";

/** Grades the suite and writes what came of it. */
export async function runSuite(values: RunValues, ports: RunPorts, version: string): Promise<Result<Outcome<RunReport>>> {
  const config = suitePath(values.config);
  const paths = { output: values.output || RESULT, junit: values.junit ?? "", sarif: values.sarif ?? "" };
  const suite = await declaredSuite(config, ports.files);
  if (!suite.ok) return suite;
  const apart = await checkPaths(paths, config, suite.value, ports.files);
  if (!apart.ok) return apart;
  const graded = await gradedSuite(suite.value, values, ports);
  if (!graded.ok) return graded;
  const { divergence, ...about } = graded.value;
  const result = regressResult({ ...about, producer_version: version });
  const documents = new Map(suite.value.fixtures.map(({ fixture, document }) => [fixture.name, document]));
  const files: readonly (readonly [string, () => Uint8Array])[] = [
    [paths.output, () => resultBytes(result)],
    [paths.junit, () => utf8(regressJunit(result))],
    [paths.sarif, () => utf8(regressSarif(result, documents, version))],
  ];
  for (const [path, bytes] of files) {
    if (path === "") continue;
    const written = await ports.store.write(path, bytes(), "replace");
    if (!written.ok) return written;
  }
  const warnings = suite.value.fixtures.flatMap(({ fixture }) => fixture.warnings);
  const report = runReport(result, paths, { config: values.config, divergence, warnings });
  return ok({ exit: report.ok ? "ok" : "regression", data: report });
}

async function checkPaths(
  { output, junit, sarif }: ReportPaths,
  config: string,
  { fixtures }: DeclaredSuite,
  files: Pick<Files, "kind" | "real">,
): Promise<Result<void>> {
  const read = fixtures.flatMap((one) => [one.entry.runpack, one.document.path, candidatePath(one)]);
  const taken = await takenBy({ read: [config, ...read], shared: [] }, files);
  const outputs = [["the result", output], ["the JUnit report", junit], ["the SARIF report", sarif]] as const;
  const apart = await checkOutputs(outputs.filter(([, path]) => path !== ""), taken, files);
  if (!apart.ok) return apart;
  const folder = besideFile(output, ".");
  return folder === "." || await files.kind(folder) === "folder"
    ? ok(undefined)
    : fail("file_missing", `Cannot write the result to "${output}": there is no folder "${folder}"`, { file: output });
}
