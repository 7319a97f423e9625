// `gait run record`: turns the record of a run into a runpack.
import { placed } from "../../core/base/document.ts";
import { climbs, fileNameId, outputPath, runpackName } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import { type ContextSet, ENVELOPE_LIMIT, readContext } from "../../core/run/context.ts";
import { isTicketFooter, ticketFooter } from "../../core/run/footer.ts";
import { INPUT_LIMIT, readRecordInput, recordRun } from "../../core/run/record.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { type KeyValues, loadSigner, PRIVATE_KEY_FLAGS, type Signer } from "../key_sources.ts";
import { oneArgument, OUT_DIR, shownPath } from "../runpacks.ts";
import { writeChecked } from "../write_checked.ts";

const PRODUCER = "0.0.0-dev"; // digests of recorded inputs depend on it, so it is not the version of this program

type Recorded = {
  readonly ok: true;
  readonly run_id: string;
  readonly bundle: string;
  readonly manifest_digest: string;
  readonly signature_status: "missing" | "signed";
  readonly signature_key_id: string;
  readonly warnings: readonly string[];
  readonly ticket_footer: string;
};

async function readEnvelope(
  path: string | undefined,
  ports: Pick<Ports, "files" | "host">,
): Promise<Result<ContextSet> | undefined> {
  if (path === undefined || path === "") return undefined;
  const bytes = await ports.files.read(path, ENVELOPE_LIMIT);
  return bytes.ok ? readContext(ports.host.crypto, bytes.value, path) : bytes;
}

async function signer(
  mode: string,
  sources: KeyValues,
  ports: Pick<Ports, "files" | "env" | "host" | "random">,
): Promise<Result<Signer | undefined>> {
  const asked = [mode, ...Object.values(sources)].some((value) => trim(value ?? "") !== "");
  return asked ? await loadSigner(mode, sources, ports) : ok(undefined);
}

export default command({
  path: ["run", "record"],
  summary: "Seal the record of a run into a runpack",
  explain:
    "Reads the record of a run, takes the digests of its calls and results, and writes them as a runpack that anyone can verify.",
  positionals: { name: "input", doc: "Run record (JSON)", min: 0, max: 1, complete: "path" },
  flags: {
    input: { kind: "text", doc: "Run record (JSON); the same as the argument", value: "file", complete: "path" },
    "out-dir": {
      kind: "text",
      doc: "Folder for the runpack, made if absent",
      default: OUT_DIR,
      value: "folder",
      complete: "path",
    },
    "run-id": { kind: "text", doc: "Run id in the place of the input's", value: "id" },
    "capture-mode": { kind: "text", doc: "reference (digests only, the default) or raw", value: "mode" },
    "context-envelope": {
      kind: "text",
      doc: "Context envelope in the place of the input's receipts",
      value: "file",
      complete: "path",
    },
    "context-evidence-mode": { kind: "text", doc: "best_effort (the default) or required", value: "mode" },
    "unsafe-context-raw": { kind: "switch", doc: "Store context with redaction_mode raw" },
    "key-mode": { kind: "text", doc: "dev signs with a throwaway key, prod with yours", value: "mode" },
    ...PRIVATE_KEY_FLAGS,
  },
  examples: ["gait run record run.json", "gait run record --input run.json --private-key gait-out/keys/gait_private.key"],
  needs: ["files", "store", "env", "clock", "random", "machine", "host", "progress"],
  async run(values, ports) {
    const input = oneArgument(values.input, values.positionals, "input");
    if (!input.ok) return input;
    if (input.value === "") return fail("missing_argument", "Cannot record: expected --input or the path of a run record");
    const bytes = await ports.files.read(input.value, INPUT_LIMIT);
    if (!bytes.ok) return bytes;
    ports.progress.report("record: read", 1, 5);
    const given = readRecordInput(bytes.value, input.value);
    if (!given.ok) return given;
    ports.progress.report("record: take digests", 2, 5);
    const envelope = values["context-envelope"];
    if (envelope !== undefined && climbs(envelope)) {
      return fail("path_refused", `Cannot read context envelope "${envelope}": a relative path must not climb with ".."`, {
        file: envelope,
      });
    }
    const { os, arch, runtime } = ports.machine;
    const recorded = recordRun(ports.host.crypto, given.value, {
      runId: values["run-id"] ?? "",
      captureMode: values["capture-mode"] ?? "",
      evidenceMode: values["context-evidence-mode"] ?? "",
      context: await readEnvelope(envelope, ports),
      unsafeContextRaw: values["unsafe-context-raw"],
      defaults: { created_at: ports.clock.now(), producer_version: PRODUCER, env: { os, arch, runtime } },
    });
    if (!recorded.ok) {
      // Only a pointer points into the input; other faults are about flags or the envelope.
      const inInput = recorded.fault.at?.pointer !== undefined;
      return inInput ? { ok: false, fault: placed(recorded.fault, bytes.value, { file: input.value }) } : recorded;
    }
    const { records, capture } = recorded.value;
    const signing = await signer(values["key-mode"] ?? "", {
      "private-key": values["private-key"],
      "private-key-env": values["private-key-env"],
    }, ports);
    if (!signing.ok) return signing;
    const { run_id } = records.run;
    const name = fileNameId(run_id, "run id");
    if (!name.ok) return name;
    const folder = values["out-dir"];
    const path = outputPath(folder === "" ? "" : `${folder}/${runpackName(run_id)}`, "the runpack");
    if (!path.ok) return path;
    ports.progress.report("record: seal", 3, 5);
    const key = signing.value?.key;
    const sealed = await sealRunpack(ports.host.crypto, records, capture, key);
    if (!sealed.ok) return sealed;
    ports.progress.report("record: write", 4, 5);
    const written = await writeChecked(path.value, sealed.value.bytes, key, ports);
    if (!written.ok) return written;
    const dev = signing.value?.dev === true
      ? ["Signed with a throwaway key of key mode dev: the signature can not be checked elsewhere"]
      : [];
    const { manifest_digest } = sealed.value.manifest;
    const ticket_footer = ticketFooter(run_id, manifest_digest);
    const odd = isTicketFooter(ticket_footer)
      ? []
      : ["The run id is not of the form that ticket footers have: do not trust the footer"];
    const data: Recorded = {
      ok: true,
      run_id,
      bundle: shownPath(path.value),
      manifest_digest,
      signature_status: key === undefined ? "missing" : "signed",
      signature_key_id: key?.keyId ?? "",
      warnings: [...recorded.value.warnings, ...dev, ...odd],
      ticket_footer,
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Recorded) => [
    `run_id=${data.run_id}`,
    `bundle=${data.bundle}`,
    `signature_status=${data.signature_status}`,
    data.signature_key_id === ""
      ? "note=nothing was signed; name a key with --private-key"
      : `signature_key_id=${data.signature_key_id}`,
    ...(data.warnings.length === 0 ? [] : [`warnings=${data.warnings.join("; ")}`]),
    `ticket_footer=${data.ticket_footer}`,
  ],
});
