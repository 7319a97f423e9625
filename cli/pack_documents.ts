// What packs of jobs and calls are built of: documents that lie in folders, however they are named.
import { sameBytes } from "../core/base/bytes.ts";
import { quoted } from "../core/base/json_words.ts";
import { cleanPath, joinPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import { MAX_ENTRY_BYTES } from "../core/base/zip_limits.ts";
import { callParts } from "../core/flow/pack_call.ts";
import { journalFiles, type JournalSource } from "../core/flow/pack_journals.ts";
import { type JobFiles, jobParts, type JobPaths } from "../core/flow/pack_job.ts";
import { isJobId, JOB_FILES } from "../core/job/folder.ts";
import { CALL_RECORD_LIMIT, readCallRecord } from "../core/pack/call_normal.ts";
import type { PackFile } from "../core/pack/build.ts";
import type { Ports } from "../core/ports.ts";
import type { Contents } from "./pack_contents.ts";
import type { PackInput } from "./pack_sources.ts";
import { OUT_DIR } from "./runpacks.ts";
import { besideFile, folderOf, nameIn } from "./targets.ts";

type DocumentPorts = Pick<Ports, "files" | "host">;

/** What a call pack is built of: a call record, and the runpack beside it that it names. */
export async function callInput(given: string, version: string, { files, host }: DocumentPorts): Promise<Result<PackInput>> {
  const bytes = await files.read(given, CALL_RECORD_LIMIT);
  if (!bytes.ok) return bytes;
  const record = readCallRecord(bytes.value, given);
  if (!record.ok) return record;
  const { runpack_path } = record.value;
  const path = runpack_path.startsWith("/") ? cleanPath(runpack_path) : besideFile(given, runpack_path);
  const runpack = await files.read(path, MAX_ENTRY_BYTES);
  if (!runpack.ok) return runpack;
  const parts = await callParts(host, record.value, runpack.value, path, version);
  return parts.ok ? ok({ parts: parts.value, read: [given, path], warnings: [] }) : parts;
}

/** Where packs of jobs go: they lie beside no file that was given. */
const JOB_PACKS = `${OUT_DIR}/`;

/** The folder of a job: one that is there, that of a state, or that of an id below the folder of all jobs. */
async function jobFolder(given: string, root: string, files: Ports["files"]): Promise<Result<string>> {
  const kind = await files.kind(given);
  if (kind === "folder") return ok(cleanPath(given));
  if (kind === "file" && nameIn(cleanPath(given)) === JOB_FILES.state) return ok(folderOf(given));
  return isJobId(given) ? ok(joinPath(root, given)) : fail(
    "file_missing",
    `Cannot find job ${quoted(given)}: it is no folder of a job, no "${JOB_FILES.state}" and no id of a job`,
  );
}

/** How often the files of a job are read again that another program changes meanwhile. */
const TRIES = 5;

/** What a job pack is built of: the folder of a job, as it stands at one moment. */
export async function jobInput(
  given: string,
  root: string,
  version: string,
  { files, host }: DocumentPorts,
): Promise<Result<PackInput>> {
  const folder = await jobFolder(given, root, files);
  if (!folder.ok) return folder;
  const id = nameIn(await realName(folder.value, files));
  if (!isJobId(id)) {
    return fail("job_invalid", `Cannot pack job ${quoted(id)}: it is no id of a job`, { file: folder.value });
  }
  const paths: JobPaths = {
    state: joinPath(folder.value, JOB_FILES.state),
    events: joinPath(folder.value, JOB_FILES.events),
    pending: joinPath(folder.value, JOB_FILES.pending),
  };
  const now = await atOneMoment(paths, files);
  if (!now.ok) return now;
  const parts = jobParts(host.crypto, now.value, id, paths, version);
  const read = [paths.state, paths.events, paths.pending] as const;
  return parts.ok ? ok({ parts: parts.value, read, beside: JOB_PACKS, warnings: [] }) : parts;
}

// A folder may be named by where one stands: "." says no id.
async function realName(folder: string, files: Ports["files"]): Promise<string> {
  if (!["", ".", ".."].includes(nameIn(folder))) return folder;
  const real = await files.real(folder);
  return real.ok ? real.value : folder;
}

async function atOneMoment(paths: JobPaths, files: Ports["files"]): Promise<Result<JobFiles>> {
  let before = await jobFiles(paths, files);
  for (let tries = 0; tries < TRIES; tries++) {
    const after = await jobFiles(paths, files);
    if (!before.ok || !after.ok || alike(before.value, after.value)) return after;
    before = after;
  }
  return fail("store_busy", `Cannot pack the job: another program keeps changing "${paths.state}"`, { file: paths.state });
}

async function jobFiles(paths: JobPaths, files: Ports["files"]): Promise<Result<JobFiles>> {
  const read: { -readonly [N in keyof JobFiles]: JobFiles[N] } = { state: undefined, events: undefined, pending: undefined };
  for (const name of ["pending", "state", "events"] as const) {
    const bytes = await files.read(paths[name], MAX_ENTRY_BYTES);
    if (bytes.ok) read[name] = bytes.value;
    else if (bytes.fault.code !== "file_missing") return bytes;
  }
  return ok(read);
}

const alike = (a: JobFiles, b: JobFiles): boolean =>
  (["state", "events", "pending"] as const).every((name) => {
    const [x, y] = [a[name], b[name]];
    return x === undefined || y === undefined ? x === y : sameBytes(x, y);
  });

/** The entries of journals that are named by commas, and the files that they are read from, which stay open in `contents`. */
export async function journalInput(
  given: string,
  version: string,
  { host }: Pick<Ports, "host">,
  contents: Contents,
): Promise<Result<{ readonly files: readonly PackFile[]; readonly read: readonly string[] }>> {
  const paths = given.split(",").map(trim).filter((path) => path !== "");
  const sources: JournalSource[] = [];
  for (const path of paths) {
    const source = await contents.open(path);
    if (!source.ok) return source;
    sources.push({ name: nameIn(path), path, source: source.value });
  }
  const packed = await journalFiles(host.crypto, sources, version);
  return packed.ok ? ok({ files: packed.value, read: paths }) : packed;
}
