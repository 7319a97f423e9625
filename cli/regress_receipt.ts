// What `--from` of `regress add` names: all that `regress init` takes, and a receipt of `gait capture`.
import { readDocument } from "../core/base/document.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import { checkpointOf } from "../core/flow/capture.ts";
import { CaptureReceiptShape } from "../core/schema/capture_receipt.ts";
import type { Ports } from "../core/ports.ts";
import { checkpointSource, type RegressSource, regressSource, runpackSource } from "./regress_source.ts";

type SourcePorts = Pick<Ports, "files" | "machine" | "host">;

const RECEIPT_LIMIT = 2 ** 20;

/** The artifact of a receipt; undefined where the file is none, whatever it is. */
async function receiptAt(path: string, files: Ports["files"]) {
  if (!path.toLowerCase().endsWith(".json") || await files.kind(path) !== "file") return undefined;
  const bytes = await files.read(path, RECEIPT_LIMIT);
  if (!bytes.ok) return undefined;
  const read = readDocument(CaptureReceiptShape, bytes.value, path, { file: path });
  return read.ok && trim(read.value.value.artifact_path) !== "" ? read.value.value : undefined;
}

/**
 * Finds and opens what `--from` names. Of a checkpoint that was captured that one is taken, unless another is asked for. Fault
 * `document_kind` for the receipt of a trace.
 */
export async function addedSource(from: string, checkpoint: string, ports: SourcePorts): Promise<Result<RegressSource>> {
  const path = trim(from);
  const receipt = await receiptAt(path, ports.files);
  if (receipt === undefined) return await regressSource(from, checkpoint, ports);
  const { artifact_type, artifact_path, session_chain_path: chain } = receipt;
  if (artifact_type !== "runpack") {
    const words = `Cannot make a fixture of "${path}": wanted is the receipt of a runpack, it is one of a ${artifact_type}`;
    return fail("document_kind", words, { file: path });
  }
  if (chain === "") return await runpackSource(artifact_path, checkpoint, ports);
  return await checkpointSource(chain, ({ checkpoints, ...about }) => {
    if (checkpoint !== "") return checkpointOf({ checkpoints, ...about }, checkpoint);
    const captured = checkpoints.find(({ runpack_path }) => runpack_path === artifact_path);
    return captured === undefined
      ? fail("verification_failed", `Cannot use receipt "${path}": no checkpoint of "${chain}" is "${artifact_path}"`)
      : ok(captured);
  }, ports);
}
