// `gait capture`: a receipt for an artifact that holds.
import { utf8 } from "../../core/base/bytes.ts";
import { placed } from "../../core/base/document.ts";
import { outputPath } from "../../core/base/paths.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { checkChain, checkpointOf, checkRunpack, ignoredCheckpoint, readJsonSource } from "../../core/flow/capture.ts";
import { CHAIN_LIMIT } from "../../core/run/chain.ts";
import { CAPTURE_RECEIPT_ID, type CaptureReceipt, CaptureReceiptShape } from "../../core/schema/capture_receipt.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { checkTrace } from "../../core/trace/check.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { resolveRunpack } from "../runpacks.ts";
import { targetPath } from "../targets.ts";
import { withProgress } from "../watched_source.ts";

const HEAD = { schema_id: CAPTURE_RECEIPT_ID, schema_version: VERSION_1 } as const;

type Captured =
  & Pick<CaptureReceipt, "artifact_type" | "artifact_path" | "session_chain_path" | "run_id">
  & {
    readonly warnings: readonly string[];
    /** Every file that was looked at: the receipt must not take the place of one. */
    readonly seen: readonly string[];
  };

type Answer = { readonly ok: boolean; readonly from: string } & Partial<Captured & CaptureReceipt>;

type CapturePorts = Pick<Ports, "files" | "machine" | "host" | "progress">;

async function capture(from: string, checkpoint: string, ports: CapturePorts): Promise<Result<Captured>> {
  const path = await resolveRunpack(from, ports);
  if (!path.ok) return path;
  if (path.value.toLowerCase().endsWith(".json")) return await captureJson(path.value, checkpoint, ports);
  const file = await ports.files.open(path.value);
  if (!file.ok) return file;
  const source = withProgress(file.value, `capture ${path.value}`, ports.progress);
  const run_id = await checkRunpack(ports.host, source, path.value);
  file.value.close();
  if (!run_id.ok) return run_id;
  return ok({
    artifact_type: "runpack",
    artifact_path: path.value,
    session_chain_path: "",
    run_id: run_id.value,
    warnings: ignoredCheckpoint(checkpoint),
    seen: [path.value],
  });
}

async function captureJson(
  path: string,
  checkpoint: string,
  { files, host, progress }: CapturePorts,
): Promise<Result<Captured>> {
  const bytes = await files.read(path, CHAIN_LIMIT);
  if (!bytes.ok) return bytes;
  const source = readJsonSource(bytes.value, path);
  if (!source.ok) return source;
  if (source.value.kind === "trace") {
    const warnings = checkTrace(host.crypto, source.value.read, path);
    return warnings.ok
      ? ok({
        artifact_type: "trace",
        artifact_path: path,
        session_chain_path: "",
        run_id: "",
        warnings: [...warnings.value, ...ignoredCheckpoint(checkpoint)],
        seen: [path],
      })
      : { ok: false, fault: placed(warnings.fault, bytes.value) };
  }
  const { chain } = source.value;
  const point = checkpointOf(chain, checkpoint);
  if (!point.ok) return point;
  let opened = 0;
  const held = await checkChain(host, chain, (runpack) => {
    progress.report(`capture ${path}`, opened++, chain.checkpoints.length);
    return files.open(runpack);
  }, path);
  if (!held.ok) return held;
  return ok({
    artifact_type: "runpack",
    artifact_path: point.value.runpack_path,
    session_chain_path: path,
    run_id: chain.run_id,
    warnings: [],
    seen: [path, ...chain.checkpoints.map(({ runpack_path }) => runpack_path)],
  });
}

export default command({
  path: ["capture"],
  summary: "Write a receipt for an artifact",
  explain: "Checks a runpack, a trace or a session chain without a key, and writes a receipt that names the artifact.",
  flags: {
    from: {
      kind: "text",
      doc: "Run id, runpack, trace or session chain",
      required: true,
      value: "run_id|path",
      complete: "path",
    },
    out: { kind: "text", doc: "The receipt", default: "gait-out/capture.json", value: "file", complete: "path" },
    checkpoint: { kind: "text", doc: "Which checkpoint of a chain: latest (unless given), or its index", value: "latest|n" },
  },
  refusal: HEAD,
  examples: ["gait capture --from run_demo", "gait capture --from s_chain.json --checkpoint 2"],
  needs: ["files", "store", "machine", "host", "progress"],
  async run({ from, out, checkpoint = "" }, ports) {
    const receipt = async (): Promise<Result<CaptureReceipt & { readonly warnings: readonly string[] }>> => {
      const output = outputPath(out, "the receipt");
      if (!output.ok) return output;
      const captured = await capture(from, checkpoint, ports);
      if (!captured.ok) return captured;
      const { warnings, seen, ...artifact } = captured.value;
      const apart = targetPath({ given: output.value, name: "", what: "the receipt", others: seen });
      if (!apart.ok) return apart;
      const document: CaptureReceipt = { ...HEAD, ok: true, from, ...artifact, output_path: output.value };
      const text = prettyText(writeShape(CaptureReceiptShape, document));
      const written = await ports.store.write(output.value, utf8(text), "replace");
      return written.ok ? ok({ ...document, warnings }) : written;
    };
    const made = await receipt();
    if (made.ok) return ok({ exit: "ok", data: made.value satisfies Answer });
    const data: Answer = { ...HEAD, ok: false, from };
    return ok({ exit: "usage", data, fault: made.fault });
  },
  lines: ({ ok: captured, artifact_type, artifact_path, output_path, warnings = [] }: Answer) =>
    captured
      ? [
        `capture ok: ${artifact_type} ${artifact_path}`,
        `receipt=${output_path}`,
        ...warnings.map((warning) => `warning: ${warning}`),
      ]
      : [],
});
