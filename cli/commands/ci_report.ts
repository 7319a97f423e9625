// `gait ci report`: tells a CI system what a command of gait came to, in the forms that it shows.
import { utf8 } from "../../core/base/bytes.ts";
import { readDocument } from "../../core/base/document.ts";
import { readJsonObject } from "../../core/base/json.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { RegressResultShape } from "../../core/schema/regress.ts";
import type { Files } from "../../core/ports.ts";
import { CI_COMMANDS, type CiReport, ciReport } from "../ci_report.ts";
import { githubCommand, outputLines, summaryMarkdown } from "../ci_view.ts";
import { command } from "../command.ts";
import { checkOutputs, takenBy } from "../output_paths.ts";

const LIMIT = 2 ** 26;

const ANNOTATIONS = ["none", "github"] as const;

type Reported = CiReport & { readonly shown: typeof ANNOTATIONS[number] };

/** The bytes of a file that need not be there: a command that refuses writes no reports. */
async function bytesAt(path: string | undefined, files: Files): Promise<Result<Uint8Array | undefined>> {
  if (path === undefined || path === "") return ok(undefined);
  const bytes = await files.read(path, LIMIT);
  return !bytes.ok && bytes.fault.code === "file_missing" ? ok(undefined) : bytes;
}

async function objectAt(path: string | undefined, files: Files): Promise<Result<JsonObject | undefined>> {
  const bytes = await bytesAt(path, files);
  if (!bytes.ok) return bytes;
  return bytes.value === undefined ? ok(undefined) : readJsonObject(bytes.value, path ?? "");
}

// What cannot be read is what CI is told, since then the command itself went wrong.
async function saidAt(path: string, files: Files): Promise<JsonObject | string> {
  const bytes = await files.read(path, LIMIT);
  if (!bytes.ok) return bytes.fault.message;
  const read = readJsonObject(bytes.value, path);
  return read.ok ? read.value : read.fault.message;
}

export default command({
  path: ["ci", "report"],
  summary: "Tell a CI system what a command came to",
  explain:
    "Makes a summary, a job summary in Markdown, step outputs and annotations by file and line of what regress run or policy test left.",
  flags: {
    command: { kind: "choice", doc: "What was run", values: CI_COMMANDS, default: "regress" },
    said: { kind: "text", doc: "What it printed with --json", required: true, value: "file", complete: "path" },
    "exit-code": { kind: "text", doc: "Its exit code", required: true, value: "number" },
    result: { kind: "text", doc: "The result of regress run, for the table", value: "file", complete: "path" },
    sarif: { kind: "text", doc: "Its SARIF report, for the places of failures", value: "file", complete: "path" },
    receipt: { kind: "text", doc: "What run receipt printed with --json", value: "file", complete: "path" },
    folder: { kind: "text", doc: "Folder it ran in, from the root of the repository", default: ".", complete: "path" },
    summary: { kind: "text", doc: "File for the summary", value: "file", complete: "path" },
    markdown: { kind: "text", doc: "File for the job summary", value: "file", complete: "path" },
    outputs: { kind: "text", doc: "File for the outputs of a step", value: "file", complete: "path" },
    annotations: { kind: "choice", doc: "Print failures as commands of a workflow", values: ANNOTATIONS, default: "none" },
  },
  examples: ["gait ci report --said gait-ci/regress_result.json --exit-code 5 --annotations github"],
  needs: ["files", "store"],
  async run(flags, { files, store }): Promise<Result<{ readonly exit: "ok"; readonly data: Reported }>> {
    if (!/^\d{1,3}$/.test(flags["exit-code"]) || Number(flags["exit-code"]) > 255) {
      return fail("flag_value", `Cannot report exit code "${flags["exit-code"]}": wanted is a number from 0 to 255`);
    }
    const outputs = (["summary", "markdown", "outputs"] as const).flatMap((name) => {
      const path = flags[name] ?? "";
      return path === "" ? [] : [[name, path] as const];
    });
    const taken = await takenBy({ read: [flags.said, flags.result, flags.sarif, flags.receipt], shared: [] }, files);
    const apart = await checkOutputs(outputs.map(([name, path]) => [`--${name}`, path]), taken, files);
    if (!apart.ok) return apart;
    const result = await bytesAt(flags.result, files);
    if (!result.ok) return result;
    const graded = result.value === undefined
      ? undefined
      : readDocument(RegressResultShape, result.value, flags.result ?? "", { file: flags.result ?? "" });
    if (graded?.ok === false) return graded;
    const sarif = await objectAt(flags.sarif, files);
    if (!sarif.ok) return sarif;
    const receipt = await objectAt(flags.receipt, files);
    if (!receipt.ok) return receipt;
    const report = ciReport({
      command: flags.command,
      exit_code: Number(flags["exit-code"]),
      said: await saidAt(flags.said, files),
      grades: graded?.value.value.graders ?? [],
      sarif: sarif.value,
      receipt: receipt.value,
      folder: flags.folder,
    });
    const texts = {
      summary: `${report.summary.join("\n")}\n`,
      markdown: summaryMarkdown(report),
      outputs: outputLines(report),
    };
    for (const [name, path] of outputs) {
      const written = await store.write(path, utf8(texts[name]), "replace");
      if (!written.ok) return written;
    }
    return ok({ exit: "ok", data: { ...report, shown: flags.annotations } });
  },
  lines: ({ summary, annotations, shown }: Reported) => [
    ...summary,
    ...(shown === "github" ? annotations.map(githubCommand) : []),
  ],
});
