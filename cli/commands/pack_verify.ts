// `gait pack verify`: says whether a pack is what its producer built.
import { fail, ok } from "../../core/base/result.ts";
import { type PackVerdict, verifyPackFile } from "../../core/flow/pack_verify.ts";
import { command } from "../command.ts";
import { withoutEmpty } from "../filled.ts";
import { PACK_ARGUMENT, PACK_FLAG, type PackAnswer, packHead } from "../pack_output.ts";
import { loadTrust, TRUST_FLAGS } from "../profile.ts";
import { oneArgument } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Verified = PackAnswer<"verify"> & {
  readonly warnings: readonly string[];
  readonly verify: Partial<PackVerdict>;
};

const HEAD = packHead("verify");

const uncoveredWarning = ({ uncovered_files }: PackVerdict): readonly string[] =>
  uncovered_files.map((path) => `No proof record covers ${JSON.stringify(path)}; profile strict refuses that`);

const NOTES: Readonly<Record<PackVerdict["signature_status"], string>> = {
  missing: "The pack carries no signature: its contents agree with each other, but nothing says who built it",
  skipped: "No public key was given: the signatures were not checked",
  verified: "",
  failed: "",
};

export default command({
  path: ["pack", "verify"],
  summary: "Verify a pack offline",
  explain:
    "Checks every entry of a pack against its manifest, its id, its proof records, the contract of its kind, and the signatures against a key.",
  positionals: PACK_ARGUMENT,
  flags: { ...PACK_FLAG, ...TRUST_FLAGS },
  verdict: true,
  refusal: HEAD,
  examples: ["gait pack verify pack.zip", "gait pack verify pack.zip --profile strict --public-key signer.pub"],
  needs: ["files", "env", "host", "progress"],
  async run(values, ports) {
    const path = oneArgument(values.path, values.positionals, "path");
    if (!path.ok) return path;
    if (path.value === "") return fail("missing_argument", "Cannot verify: expected the path of a pack");
    const trust = await loadTrust(values, ports);
    if (!trust.ok) return trust;
    const file = await ports.files.open(path.value);
    if (!file.ok) return file;
    const source = withProgress(file.value, `verify ${path.value}`, ports.progress);
    const report = await verifyPackFile(ports.host, source, path.value, trust.value);
    file.value.close();
    if (!report.ok) return report;
    const { ok: holds, ...verify } = report.value;
    const { pack_id, pack_type, source_ref } = verify;
    const data: Verified = {
      ...HEAD,
      ok: holds,
      path: path.value,
      pack_id,
      pack_type,
      source_ref,
      warnings: uncoveredWarning(report.value),
      verify: withoutEmpty(verify, ["files_checked"]),
    };
    return ok({ exit: holds ? "ok" : "verification", data });
  },
  lines: ({ ok: holds, path, pack_id, pack_type, source_ref, verify, warnings }: Verified) => {
    const { signature_status = "missing", signature_errors = [], missing_files = [], hash_mismatches = [] } = verify;
    const { undeclared_files = [], files_checked = 0, proof_records_verified = 0 } = verify;
    const { sequences = [], sequence_errors = [] } = verify;
    const note = NOTES[signature_status];
    return [
      `pack verify ${holds ? "ok" : "failed"}: ${path}`,
      `signature status: ${signature_status}`,
      `${pack_type} pack of ${source_ref}, ${files_checked} entries and ${proof_records_verified} proof records checked`,
      `pack_id=${pack_id}`,
      ...missing_files.map((entry) => `missing: ${entry}`),
      ...hash_mismatches.map((row) => `changed: ${row.path}: its digest is ${row.actual}, declared was ${row.expected}`),
      ...undeclared_files.map((entry) => `not in the manifest: ${entry}`),
      ...sequences.map(({ path, kind, count, head_digest }) =>
        `journal ${path}: ${kind}, ${count} records, head ${head_digest}`
      ),
      ...sequence_errors.map((error) => `journal ${error}`),
      ...(note === "" ? signature_errors.map((error) => `signature: ${error}`) : [note]),
      ...warnings.map((warning) => `warning: ${warning}`),
    ];
  },
});
