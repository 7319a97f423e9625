// `gait pack diff`: says how two packs differ.
import { canonicalText } from "../../core/base/canonical.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { readShape, writeShape } from "../../core/base/shape.ts";
import { diffPackFiles } from "../../core/flow/pack_diff.ts";
import { type PackDiff, PackDiffShape } from "../../core/schema/pack_diff.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { packHead } from "../pack_output.ts";
import { besideFile, targetPath } from "../targets.ts";
import { withProgress } from "../watched_source.ts";

type Diffed = ReturnType<typeof packHead<"diff">> & {
  readonly ok: boolean;
  readonly path: string;
  /** With a capital, as it always was. */
  readonly diff: { readonly Result: JsonObject };
};

const HEAD = packHead("diff");

const DRIFTS: Readonly<Record<PackDiff["summary"]["context_drift_classification"], readonly string[]>> = {
  none: [],
  runtime_only: ["context: the same, fetched at another time"],
  semantic: ["context: the agent saw another one"],
};

const summaryLines = (summary: PackDiff["summary"]): readonly string[] => [
  ...summary.added_files.map((entry) => `only in the second: ${entry}`),
  ...summary.removed_files.map((entry) => `only in the first: ${entry}`),
  ...summary.changed_files.map((entry) => `changed: ${entry}`),
  ...DRIFTS[summary.context_drift_classification],
  ...(summary.manifest_delta ? ["manifest: not the same"] : []),
];

/** Where the document goes; its folder must be there, since a path that leads nowhere is a mistake. Blank: nowhere. */
async function outputOf(
  given: string,
  others: readonly string[],
  files: Pick<Ports["files"], "kind">,
): Promise<Result<string>> {
  if (given === "") return ok("");
  const target = targetPath({ given, name: given, what: "the diff", others });
  if (!target.ok) return target;
  return await files.kind(besideFile(target.value, ".")) === "folder"
    ? target
    : fail("file_missing", `Cannot write the diff to "${given}": there is no such folder`, { file: given });
}

export default command({
  path: ["pack", "diff"],
  summary: "Compare two packs",
  explain: "Compares what two packs declare, and whether the runs in them saw the same context, without verifying either.",
  positionals: { name: "pack", doc: "The two packs, or bare runpacks", min: 2, max: 2, complete: "path" },
  flags: {
    output: { kind: "text", doc: "The diff as a document of its own", value: "file", complete: "path" },
  },
  verdict: true,
  refusal: HEAD,
  examples: ["gait pack diff yesterday.zip today.zip", "gait pack diff a.zip b.zip --output diff.json"],
  needs: ["files", "store", "host", "progress"],
  async run({ positionals, output }, { files, store, host, progress }) {
    const [left = "", right = ""] = positionals;
    const target = await outputOf(output ?? "", [left, right], files);
    if (!target.ok) return target;
    const opened = await files.open(left);
    if (!opened.ok) return opened;
    const other = await files.open(right);
    if (!other.ok) {
      opened.value.close();
      return other;
    }
    const diff = await diffPackFiles(
      host,
      { source: withProgress(opened.value, `diff ${left}`, progress), what: left },
      { source: withProgress(other.value, `diff ${right}`, progress), what: right },
    );
    opened.value.close();
    other.value.close();
    if (!diff.ok) return diff;
    const document = writeShape(PackDiffShape, diff.value);
    if (target.value !== "") {
      const written = await store.write(target.value, utf8(canonicalText(document)), "replace");
      if (!written.ok) return written;
    }
    const { changed } = diff.value.summary;
    const data: Diffed = { ...HEAD, ok: !changed, path: target.value, diff: { Result: document } };
    return ok({ exit: changed ? "verification" : "ok", data });
  },
  lines: ({ ok: same, path, diff }: Diffed) => {
    const read = readShape(PackDiffShape, diff.Result, "the diff");
    return [
      `pack diff: ${same ? "no difference" : "they differ"}`,
      ...(read.ok ? summaryLines(read.value.summary) : []),
      ...(path === "" ? [] : [`written to ${path}`]),
    ];
  },
});
