// The safety ledger of a job (spec 04, section 7.3): what it runs under, told once and bound by a digest.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { byBytes, trim } from "../base/text.ts";
import type { JobState } from "../schema/job.ts";

const VERSION = "1";

// Written by the first implementation, and part of the digest ever since.
const ALWAYS = ["control_boundary=runtime_go", "default_privacy=reference_receipts", "fail_closed=true"];

type Bound = Pick<JobState, "policy_digest" | "policy_ref" | "identity">;

/** What a job that is bound so runs under, sorted. */
export const safetyInvariants = ({ policy_digest, policy_ref, identity }: Bound): readonly string[] => {
  const bound = Object.entries({ policy_digest, policy_ref, identity }).filter(([, value]) => trim(value) !== "");
  return [...ALWAYS, ...bound.map(([name, value]) => `${name}=${value}`)].sort(byBytes);
};

/** The digest of such a list. */
export const safetyHash = (crypto: Crypto, invariants: readonly string[]): string =>
  sha256Hex(crypto, utf8(invariants.map(trim).filter((line) => line !== "").sort(byBytes).join("|")));

/** A state with its ledger: each part of it that an older program did not write is filled in. */
export function withSafetyLedger(crypto: Crypto, state: JobState): JobState {
  const safety_invariants = state.safety_invariants.length === 0 ? safetyInvariants(state) : state.safety_invariants;
  return {
    ...state,
    safety_invariant_version: trim(state.safety_invariant_version) || VERSION,
    safety_invariants,
    safety_invariant_hash: trim(state.safety_invariant_hash) || safetyHash(crypto, safety_invariants),
  };
}
