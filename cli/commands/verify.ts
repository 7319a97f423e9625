// `gait verify`: says whether a runpack is what its recorder sealed.
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import type { RunpackReport } from "../../core/run/verify.ts";
import { command, type Outcome } from "../command.ts";
import { loadTrust, TRUST_FLAGS } from "../profile.ts";
import { resolveRunpack, RUNPACK_ARGUMENT, shellWord } from "../runpacks.ts";
import { allLines, type AllVerified } from "../verify_all_view.ts";
import { verifyAt } from "../verify_at.ts";

type Verified = RunpackReport & {
  readonly path: string;
  readonly signature_note: string;
  readonly warnings: readonly string[];
  readonly next_commands: readonly string[];
};

const NOTES: Readonly<Record<RunpackReport["signature_status"], string>> = {
  missing: "The runpack carries no signature: its contents agree with each other, but nothing says who recorded it",
  skipped: "No public key was given: the signatures were not checked",
  verified: "",
  failed: "",
};

const warningsOf = ({ unknown_members = [], signature_status }: RunpackReport): readonly string[] =>
  signature_status === "verified"
    ? []
    : unknown_members.map((name) =>
      `Member ${JSON.stringify(name)} of the manifest is not known, and no checked signature covers it`
    );

const nextCommands = (given: string, report: RunpackReport): readonly string[] => {
  if (!report.ok) return [];
  const path = trim(given);
  const word = shellWord(path.startsWith("-") ? `./${path}` : path);
  const inspect = `gait run inspect ${word}`;
  return report.signature_status === "skipped" ? [`gait verify ${word} --public-key <file>`, inspect] : [inspect];
};

const lines = (data: Verified): readonly string[] => [
  `verify ${data.ok ? "ok" : "failed"}: ${data.path}`,
  `signature status: ${data.signature_status}`,
  `run ${data.run_id}, ${data.files_checked} entries checked, manifest sha256:${data.manifest_digest}`,
  ...data.missing_files.map((entry) => `missing: ${entry}`),
  ...data.hash_mismatches.map(({ path, expected, actual }) =>
    `changed: ${path}: its digest is ${actual}, sealed was ${expected || "none"}`
  ),
  ...data.undeclared_files.map((entry) => `not in the manifest: ${entry}`),
  ...(data.sequence_errors ?? []).map((error) => `journal ${error}`),
  ...(data.signature_note === "" ? data.signature_errors.map((error) => `signature: ${error}`) : [data.signature_note]),
  ...data.warnings.map((warning) => `warning: ${warning}`),
  ...data.next_commands.map((next) => `next: ${next}`),
];

export default command({
  path: ["verify"],
  summary: "Verify a runpack offline",
  explain:
    "Checks every entry of a runpack against its manifest, the manifest against its own digest, and the signatures against a key.",
  positionals: { ...RUNPACK_ARGUMENT, min: 1, max: Infinity },
  flags: {
    all: { kind: "switch", doc: "Verify every artifact named, and those in a folder: .zip and _chain.json" },
    ...TRUST_FLAGS,
  },
  verdict: true,
  examples: [
    "gait verify run_demo",
    "gait verify ./pack.zip --profile strict --public-key signer.key",
    "gait verify --all ./gait-out other.zip",
  ],
  needs: ["files", "env", "machine", "host", "progress"],
  async run(values, ports): Promise<Result<Outcome<Verified | AllVerified>>> {
    const [given = "", second] = values.positionals;
    if (values.all) {
      const trust = await loadTrust(values, ports);
      if (!trust.ok) return trust;
      const { verifyAll } = await import("../verify_all.ts"); // what it needs beside would cost every other call its start-up
      return ok(await verifyAll(values.positionals.map(trim), trust.value, ports));
    }
    if (second !== undefined) return fail("usage", `Cannot verify "${second}" too: several artifacts are verified with --all`);
    const path = await resolveRunpack(given, ports);
    if (!path.ok) {
      const folder = path.fault.code !== "path_refused" && await ports.files.kind(trim(given)) === "folder";
      return folder
        ? fail("file_unreadable", `Cannot verify "${given}": it is a folder; add --all for what is in it`, { file: given })
        : path;
    }
    const trust = await loadTrust(values, ports);
    if (!trust.ok) return trust;
    const report = await verifyAt(path.value, trust.value, ports);
    if (!report.ok) return report;
    const data: Verified = {
      ...report.value,
      path: path.value,
      warnings: warningsOf(report.value),
      signature_note: NOTES[report.value.signature_status],
      next_commands: nextCommands(given, report.value),
    };
    return ok({ exit: data.ok ? "ok" : "verification", data });
  },
  lines: (data) => "artifacts" in data ? allLines(data) : lines(data),
});
