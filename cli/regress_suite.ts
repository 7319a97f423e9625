// Grading a suite of fixtures from its files: all is read and checked before anything is written.
import type { Host } from "../core/base/host.ts";
import { fail, located, ok, type Result } from "../core/base/result.ts";
import { bytesSource } from "../core/base/zip_source.ts";
import { gradeFixture } from "../core/flow/regress_grade.ts";
import {
  candidatePath,
  type DeclaredFixture,
  declaredFixture,
  documentPath,
  type NamedBytes,
  recordedRun,
} from "../core/flow/regress_load.ts";
import type { CallDivergence } from "../core/regress/divergence.ts";
import { type CandidateRun, type GradeEvidence, type Grader, mayRun } from "../core/regress/evidence.ts";
import { FIXTURE_LIMIT } from "../core/regress/fixture.ts";
import { gradersFor } from "../core/regress/graders.ts";
import { readSuite, type Suite, SUITE_LIMIT, type SuiteEntry } from "../core/regress/suite.ts";
import { openRunpack } from "../core/run/open.ts";
import type { Files, Ports } from "../core/ports.ts";
import type { Grade } from "../core/schema/regress.ts";
import { inTurn } from "./in_turn.ts";

/** Most bytes of a runpack that is graded: it is read whole. */
export const RUNPACK_LIMIT = 2 ** 29;

/** Fixtures that are worked on at a time. */
const WIDTH = 4;

/** What a command line asks of a suite. */
export type SuiteFlags = {
  readonly "allow-nondeterministic": boolean;
  readonly "context-conformance": boolean;
  readonly "allow-context-runtime-drift": boolean;
};

/** A suite whose fixtures say what they expect. */
export type DeclaredSuite = { readonly suite: Suite; readonly fixtures: readonly DeclaredFixture[] };

/** What grading a suite came to. */
export type GradedSuite = {
  readonly fixture_set: string;
  /** When the run of the first fixture began. */
  readonly began: string;
  readonly grades: readonly Grade[];
  /** Of the first fixture that fails and diverges. */
  readonly divergence: CallDivergence | undefined;
};

/** Reads a suite and what its fixtures expect. Faults: those of `readSuite` and `declaredFixture`, and `fixture_missing`. */
export async function declaredSuite(config: string, files: Pick<Files, "read">): Promise<Result<DeclaredSuite>> {
  const bytes = await files.read(config, SUITE_LIMIT);
  if (!bytes.ok) return bytes;
  const suite = await readSuite(bytes.value, config, async (text, what) => {
    const { readYaml } = await import("../core/base/yaml.ts"); // takes as long as all the rest, and few suites are YAML
    return readYaml(text, what);
  });
  if (!suite.ok) return suite;
  const fixtures: DeclaredFixture[] = [];
  for (const entry of suite.value.fixtures) {
    const path = documentPath(entry);
    const document = await partOf(entry, path, FIXTURE_LIMIT, files);
    if (!document.ok) return document;
    const declared = declaredFixture(entry, document.value);
    if (!declared.ok) return { ok: false, fault: located(declared.fault, { file: path }) };
    fixtures.push(declared.value);
  }
  return ok({ suite: suite.value, fixtures });
}

/** A file without which there is no fixture. */
async function partOf(entry: SuiteEntry, path: string, limit: number, files: Pick<Files, "read">): Promise<Result<NamedBytes>> {
  const bytes = await files.read(path, limit);
  if (bytes.ok) return ok({ path, bytes: bytes.value });
  return bytes.fault.code === "file_missing"
    ? fail("fixture_missing", `Cannot use fixture "${entry.name}": there is no file "${path}"`, { file: path })
    : bytes;
}

type GradePorts = Pick<Ports, "host" | "progress"> & { readonly files: Pick<Files, "read"> };

/** Grades every fixture of a suite. Faults: those of `recordedRun`, `fixture_missing`, `grader_nondeterministic`. */
export async function gradedSuite(
  { suite, fixtures }: DeclaredSuite,
  flags: SuiteFlags,
  ports: GradePorts,
): Promise<Result<GradedSuite>> {
  const graders = gradersFor(fixtures.map(({ fixture }) => fixture), flags["context-conformance"]);
  const allowed = mayRun(graders, flags["allow-nondeterministic"]);
  if (!allowed.ok) return allowed;
  const asked = {
    contextConformance: flags["context-conformance"],
    allowRuntimeDrift: flags["allow-context-runtime-drift"],
  };
  let done = 0;
  const graded = await inTurn(fixtures, WIDTH, async (declared) => {
    const one = await gradedFixture(declared, graders, asked, ports);
    ports.progress.report("regress", ++done, fixtures.length);
    return one;
  });
  if (!graded.ok) return graded;
  return ok({
    fixture_set: suite.fixture_set,
    began: graded.value[0]?.began ?? "",
    grades: graded.value.flatMap(({ grades }) => grades),
    divergence: graded.value.find(({ divergence }) => divergence !== undefined)?.divergence,
  });
}

async function gradedFixture(
  declared: DeclaredFixture,
  graders: readonly Grader[],
  asked: GradeEvidence["asked"],
  { files, host }: GradePorts,
): Promise<
  Result<{ readonly began: string; readonly grades: readonly Grade[]; readonly divergence: CallDivergence | undefined }>
> {
  const { entry, fixture } = declared;
  const pack = await partOf(entry, entry.runpack, RUNPACK_LIMIT, files);
  if (!pack.ok) return pack;
  const run = await recordedRun(host, declared, bytesSource(pack.value.bytes));
  if (!run.ok) return run;
  const path = candidatePath(declared);
  const candidate = path === undefined ? undefined : await candidateAt(path, files, host);
  const source = { ok: true, run: run.value } as const;
  const graded = await gradeFixture({ fixture, path: entry.runpack, source, candidate }, graders, asked);
  return ok({ ...graded, began: run.value.records.run.created_at });
}

async function candidateAt(path: string, files: Pick<Files, "read">, host: Host): Promise<CandidateRun> {
  const bytes = await files.read(path, RUNPACK_LIMIT);
  if (!bytes.ok) return { path, absent: bytes.fault.code === "file_missing", run: bytes };
  return { path, absent: false, run: await openRunpack(host, bytesSource(bytes.value), path) };
}
