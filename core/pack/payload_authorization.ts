// The contract of an authorization pack (spec 04, section 4.1): a trace, an outcome where one is claimed, and every piece of
// evidence with the digest that its link says.
import { ok, type Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import { trim } from "../base/text.ts";
import { VERSION_1 } from "../schema/heading.ts";
import {
  AUTHORIZATION_BUNDLE,
  type AuthorizationBundle,
  AuthorizationBundleShape,
  PACK_AUTHORIZATION_ID,
  type PackAuthorization,
} from "../schema/authorization_bundle.ts";
import type { Crypto } from "../base/host.ts";
import type { PackManifest } from "../schema/pack.ts";
import { VERDICTS } from "../schema/trace.ts";
import {
  bundleDefect,
  evidenceDigest,
  evidenceEntry,
  isLinked,
  isOutcome,
  linkedEvidence,
  normalBundle,
} from "./authorization.ts";
import { misfitFault, missingEntry, type PackEntries, readEntry } from "./entries.ts";
import { firstBroken } from "./rules.ts";

/** What a bundle lacks to be the proof of a decision. */
export const unprovenDefect = (bundle: AuthorizationBundle): Misfit | undefined =>
  firstBroken([
    ["/trace_path", isLinked(bundle, "trace"), "and trace_digest must be there: nothing proves a decision without its trace"],
    ["/outcome_status", isOutcome(bundle.outcome_status), `must be one of ${VERDICTS.join(", ")}`],
    [
      "/outcome_path",
      bundle.outcome_status === "" || isLinked(bundle, "outcome"),
      "and outcome_digest must be there where there is an outcome_status",
    ],
  ]);

/** Holds an authorization pack against its contract; `strict` wants it to be about the trace that its manifest names. */
export async function checkAuthorizationPack(
  crypto: Crypto,
  entries: PackEntries,
  { source_ref }: PackManifest,
  strict: boolean,
): Promise<Result<void>> {
  const read = await readEntry(entries, AuthorizationBundleShape, AUTHORIZATION_BUNDLE);
  if (!read.ok) return read;
  const bundle = normalBundle(read.value.value, "");
  const about = firstBroken([
    ["/trace_id", !strict || bundle.trace_id === trim(source_ref), "must be the source_ref of the pack"],
  ]);
  const misfit = bundleDefect(bundle) ?? unprovenDefect(bundle) ?? about;
  if (misfit !== undefined) return { ok: false, fault: misfitFault(entries, AUTHORIZATION_BUNDLE, misfit, read.value.bytes) };
  for (const { link, path, digest } of linkedEvidence(bundle)) {
    const entry = evidenceEntry(path);
    if (!entries.has(entry)) return missingEntry(entries, entry);
    const bytes = await entries.bytes(entry);
    if (!bytes.ok) return bytes;
    const actual = evidenceDigest(crypto, path, bytes.value);
    if (!actual.ok) return actual;
    if (actual.value !== digest) {
      const wanted = `must be "${actual.value}", the digest of "${entry}"`;
      return { ok: false, fault: misfitFault(entries, AUTHORIZATION_BUNDLE, { pointer: `/${link}_digest`, wanted }) };
    }
  }
  return ok(undefined);
}

/** What a bundle comes to, for those who look at a pack. */
export const authorizationSummary = (bundle: AuthorizationBundle): PackAuthorization => ({
  schema_id: PACK_AUTHORIZATION_ID,
  schema_version: VERSION_1,
  created_at: bundle.created_at,
  trace_id: bundle.trace_id,
  policy_digest: bundle.policy_digest,
  intent_digest: bundle.intent_digest,
  outcome_status: bundle.outcome_status,
  linked_evidence_count: linkedEvidence(bundle).length,
  required_evidence_count: [isLinked(bundle, "trace"), isLinked(bundle, "outcome")].filter((there) => there).length,
});
