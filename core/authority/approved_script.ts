// One entry of the registry of approved scripts (spec 03, section 5.2): made, brought into the form that its signature covers, verified.
import type { Crypto } from "../base/host.ts";
import { recordDefect } from "../base/record.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import type { VerifyKey } from "../base/sign.ts";
import { isHex64, trimmedSet } from "../base/text.ts";
import { byTime, isZeroTime, toUtc, ZERO_TIME } from "../base/time.ts";
import { APPROVED_SCRIPT_ID, type ApprovedScript, ApprovedScriptShape } from "../schema/approved_script.ts";
import { VERSION_1 } from "../schema/heading.ts";

/** When an entry was made that does not say so. */
const UNKNOWN_MAKING = "1980-01-01T00:00:00Z";

const HEADING = { schema_id: APPROVED_SCRIPT_ID, schema_version: VERSION_1 } as const;

/** What an approver decides; in normal form. */
export type ScriptTerms = Omit<ApprovedScript, "schema_id" | "schema_version" | "pattern_id" | "signature"> & {
  /** Empty: named after the script. */
  readonly pattern_id: string;
};

/** The entry for these terms, not yet signed. */
export const approvedScript = (terms: ScriptTerms): ApprovedScript => ({
  ...terms,
  ...HEADING,
  pattern_id: terms.pattern_id || `pattern_${terms.script_hash.slice(0, 12)}`,
  signature: undefined,
});

const sameInUtc = (time: string): string => toUtc(time) ?? ZERO_TIME;

/** An entry as read, in the form that its signature covers; a misfit for one that cannot be one. */
export function normalScript(
  read: ApprovedScript,
): { readonly ok: true; readonly value: ApprovedScript } | { readonly ok: false; readonly misfit: Misfit } {
  const refuse = (member: keyof ApprovedScript, wanted: string) =>
    ({ ok: false, misfit: { pointer: `/${member}`, wanted } }) as const;
  for (const name of ["schema_id", "schema_version"] as const) {
    if (!["", HEADING[name]].includes(read[name])) return refuse(name, `must be "${HEADING[name]}"`);
  }
  const entry: ApprovedScript = {
    ...read,
    ...HEADING,
    tool_sequence: read.tool_sequence.filter((tool) => tool !== ""),
    created_at: isZeroTime(read.created_at) ? UNKNOWN_MAKING : sameInUtc(read.created_at),
    expires_at: sameInUtc(read.expires_at),
  };
  for (const name of ["pattern_id", "approver_identity"] as const) {
    if (entry[name] === "") return refuse(name, "must not be blank");
  }
  for (const name of ["policy_digest", "script_hash"] as const) {
    if (!isHex64(entry[name])) return refuse(name, "must be 64 hexadecimal digits");
  }
  if (entry.tool_sequence.length === 0) return refuse("tool_sequence", "must name a tool");
  return byTime(entry.expires_at, entry.created_at) > 0
    ? { ok: true, value: entry }
    : refuse("expires_at", "must be later than created_at");
}

/**
 * The entry in the form that was signed: as it is, else with its tools as a sorted set, which is how older programs sign. Fault
 * `script_refused`.
 */
export async function verifiedScript(crypto: Crypto, entry: ApprovedScript, key: VerifyKey): Promise<Result<ApprovedScript>> {
  const forms = [entry, { ...entry, tool_sequence: trimmedSet(entry.tool_sequence) }];
  for (const form of forms) {
    if (await recordDefect(crypto, ApprovedScriptShape, form, key) === undefined) return ok(form);
  }
  const why = entry.signature === undefined ? "it is not signed" : "its signature is not valid under the key";
  return fail("script_refused", `Cannot trust approved script "${entry.pattern_id}": ${why}`);
}
