// `gait verify`: says whether a runpack is what its recorder sealed.
import { fail, ok } from "../../core/base/result.ts";
import { type RunpackReport, verifyRunpack } from "../../core/run/verify.ts";
import { command } from "../command.ts";
import { loadVerifyKey, PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "../key_sources.ts";
import { resolveRunpack, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Verified = RunpackReport & {
  readonly path: string;
  readonly signature_note: string;
  readonly next_commands: readonly string[];
};

const NOTES: Readonly<Record<RunpackReport["signature_status"], string>> = {
  missing: "The runpack carries no signature: its contents agree with each other, but nothing says who recorded it",
  skipped: "No public key was given: the signatures were not checked",
  verified: "",
  failed: "",
};

const nextCommands = (given: string, report: RunpackReport): readonly string[] => {
  if (!report.ok) return [];
  const inspect = `gait run inspect ${given}`;
  return report.signature_status === "skipped" ? [`gait verify ${given} --public-key <file>`, inspect] : [inspect];
};

export default command({
  path: ["verify"],
  summary: "Verify a runpack offline",
  explain:
    "Checks every entry of a runpack against its manifest, the manifest against its own digest, and the signatures against a key.",
  positionals: { ...RUNPACK_ARGUMENT, min: 1, max: 1 },
  flags: {
    profile: {
      kind: "choice",
      doc: "strict wants a key, a valid signature, and no entry that the manifest does not name",
      values: ["standard", "strict"],
      default: "standard",
      fold: true,
      blank: "standard",
    },
    "require-signature": { kind: "switch", doc: "Fail unless a signature verifies" },
    ...PUBLIC_KEY_FLAGS,
    ...PRIVATE_KEY_FLAGS,
  },
  verdict: true,
  examples: ["gait verify run_demo", "gait verify ./pack.zip --profile strict --public-key signer.key"],
  needs: ["files", "env", "machine", "host", "progress"],
  async run(values, ports) {
    const strict = values.profile === "strict";
    const given = values.positionals[0] ?? "";
    const path = await resolveRunpack(given, ports);
    if (!path.ok) return path;
    const key = await loadVerifyKey(values, ports);
    if (!key.ok) return key;
    if (strict && key.value === undefined) {
      return fail(
        "key_source",
        "Cannot verify under profile strict: expected --public-key, --public-key-env or a private key source",
      );
    }
    const file = await ports.files.open(path.value);
    if (!file.ok) return file;
    const source = withProgress(file.value, `verify ${path.value}`, ports.progress);
    const trust = { key: key.value, requireSignature: strict || values["require-signature"], refuseUndeclared: strict };
    const report = await verifyRunpack(ports.host, source, path.value, trust);
    file.value.close();
    if (!report.ok) return report;
    const data: Verified = {
      ...report.value,
      path: path.value,
      signature_note: NOTES[report.value.signature_status],
      next_commands: nextCommands(given, report.value),
    };
    return ok({ exit: data.ok ? "ok" : "verification", data });
  },
  lines: (data: Verified) => [
    `verify ${data.ok ? "ok" : "failed"}: ${data.path}`,
    `signature status: ${data.signature_status}`,
    `run ${data.run_id}, ${data.files_checked} entries checked, manifest sha256:${data.manifest_digest}`,
    ...data.missing_files.map((entry) => `missing: ${entry}`),
    ...data.hash_mismatches.map(({ path, expected, actual }) =>
      `changed: ${path}: its digest is ${actual}, sealed was ${expected || "none"}`
    ),
    ...data.undeclared_files.map((entry) => `not in the manifest: ${entry}`),
    ...data.signature_errors.map((error) => `signature: ${error}`),
    ...(data.signature_note === "" ? [] : [data.signature_note]),
    ...data.next_commands.map((next) => `next: ${next}`),
  ],
});
