// `gait run diff`: where two runs, or two session chains, part.
import { utf8 } from "../../core/base/bytes.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { safeLine } from "../../core/base/safe_text.ts";
import { diffArtifacts } from "../../core/run/diff_artifacts.ts";
import { type Diff, NO_SUMMARY, type Privacy } from "../../core/run/diff_report.ts";
import type { OpenFile, Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { diffLines, diffMarkdown } from "../diff_view.ts";
import { resolveRunpack, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { targetPath } from "../targets.ts";
import { withProgress } from "../watched_source.ts";

type Compared = Diff & { readonly output?: string; readonly markdown?: string };

const isGiven = (path: string | undefined): path is string => path !== undefined && path !== "";

async function compare(
  left: string,
  right: string,
  privacy: Privacy,
  { files, host, progress }: Pick<Ports, "files" | "host" | "progress">,
): Promise<Result<Diff>> {
  const a = await files.open(left);
  if (!a.ok) return a;
  const b = await files.open(right);
  if (!b.ok) {
    a.value.close();
    return b;
  }
  const named = (file: OpenFile, what: string) => ({ source: withProgress(file, `diff ${what}`, progress), what });
  const diff = await diffArtifacts(host, named(a.value, left), named(b.value, right), privacy);
  a.value.close();
  b.value.close();
  return diff;
}

export default command({
  path: ["run", "diff"],
  summary: "Compare two runs",
  explain:
    "Compares two runs (or session chains) and names the first step and the members that differ; drift is runtime_only between runs of one id and time alone.",
  positionals: { ...RUNPACK_ARGUMENT, min: 2, max: 2 },
  flags: {
    privacy: {
      kind: "choice",
      doc: "metadata leaves arguments, results and what receipts say out of the comparison",
      values: ["full", "metadata"],
      default: "full",
    },
    output: { kind: "text", doc: "File for the summary (JSON)", value: "file", complete: "path" },
    format: { kind: "choice", doc: "How to print it without --json", values: ["text", "markdown"], default: "text" },
  },
  verdict: true,
  refusal: { summary: NO_SUMMARY },
  examples: ["gait run diff run_monday run_tuesday", "gait run diff ./a.zip ./b.zip --format markdown"],
  needs: ["files", "store", "machine", "host", "progress"],
  spared: ({ output }) => isGiven(output) ? [] : ["store"],
  async run({ privacy, output, format, positionals: [first = "", second = ""] }, ports) {
    const left = await resolveRunpack(first, ports);
    if (!left.ok) return left;
    const right = await resolveRunpack(second, ports);
    if (!right.ok) return right;
    const target = isGiven(output)
      ? targetPath({ given: output, name: "", what: "the summary", others: [left.value, right.value] })
      : undefined;
    if (target?.ok === false) return target;
    const diff = await compare(left.value, right.value, privacy, ports);
    if (!diff.ok) return diff;
    if (target !== undefined) {
      const text = prettyText({ privacy, summary: { ...diff.value.summary } });
      const written = await ports.store.write(target.value, utf8(text), "replace");
      if (!written.ok) return written;
    }
    const data: Compared = {
      ...diff.value,
      ...(target === undefined ? {} : { output: target.value }),
      ...(format === "text" ? {} : { markdown: diffMarkdown(diff.value).map(safeLine).join("\n") }),
    };
    return ok({ exit: data.ok ? "ok" : "verification", data });
  },
  lines: ({ markdown, output, ...diff }: Compared) =>
    markdown === undefined
      ? [...diffLines(diff), ...(output === undefined ? [] : [`summary written to ${output}`])]
      : markdown.split("\n"),
});
