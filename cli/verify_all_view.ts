// What verifying several artifacts comes to, and how people read it. Apart from the verifying itself, which `gait verify` loads
// only when it is asked for several.
import type { ExitName } from "../core/base/errors.ts";
import type { Place } from "../core/base/result.ts";
import type { EvidenceReport } from "../core/pack/verify.ts";
import type { PackReport } from "../core/pack/verify_pack.ts";
import type { ChainReport } from "../core/run/session_chain.ts";
import type { RunpackReport } from "../core/run/verify.ts";

/** What an artifact turned out to be, with the members of its own report; or why it could not be verified. */
export type Verdict =
  | { readonly artifact_type: "runpack" } & RunpackReport
  | { readonly artifact_type: "evidence_pack" } & EvidenceReport
  | { readonly artifact_type: "pack" } & PackReport
  | { readonly artifact_type: "session_chain" } & ChainReport
  | { readonly ok: false; readonly fault: string; readonly error: string; readonly at?: Place };

/** One of several. Members of its report that are empty are left out. */
export type OneOfAll = { readonly path: string; readonly exit: ExitName; readonly ok: boolean } & Partial<Verdict>;

/** All of them. */
export type AllVerified = {
  readonly ok: boolean;
  readonly artifacts_total: number;
  readonly artifacts_failed: number;
  readonly artifacts: readonly OneOfAll[];
};

/** What is wrong with an artifact, in a few words each. */
function defects(one: OneOfAll): readonly string[] {
  if ("error" in one) return [one.error ?? ""];
  const mismatches = "hash_mismatches" in one ? one.hash_mismatches ?? [] : [];
  const missing = "missing_files" in one ? one.missing_files ?? [] : [];
  const undeclared = "undeclared_files" in one ? one.undeclared_files ?? [] : [];
  const signatures = "signature_errors" in one ? one.signature_errors ?? [] : [];
  const chain = "linkage_errors" in one ? [...one.linkage_errors ?? [], ...one.checkpoint_errors ?? []] : [];
  return [
    ...missing.map((entry) => `${entry} is missing`),
    ...mismatches.map(({ path }) => `${path} was changed`),
    ...undeclared.map((entry) => `${entry} is not in the manifest`),
    ...signatures,
    ...chain,
  ];
}

const about = (one: OneOfAll): string => {
  const kind = "artifact_type" in one ? one.artifact_type ?? "" : "";
  const signed = "signature_status" in one ? `, signature ${one.signature_status}` : "";
  const subject = "source_ref" in one ? `${one.pack_type} ${one.source_ref}` : `run ${"run_id" in one ? one.run_id : ""}`;
  return `${kind.replaceAll("_", " ")} of ${subject}${signed}`;
};

/** The human view: one line for each, then the summary. */
export const allLines = (data: AllVerified): readonly string[] => [
  ...data.artifacts.map((one) => `${one.ok ? "ok  " : "FAIL"} ${one.path}: ${one.ok ? about(one) : defects(one).join("; ")}`),
  `verify ${data.ok ? "ok" : "failed"}: ${data.artifacts_total - data.artifacts_failed} of ${data.artifacts_total} hold`,
];
