// `verify` for programs without a command line: what a browser page, a Worker or a Node program calls.
import type { Host, Source } from "../core/base/host.ts";
import { readPublicKey } from "../core/base/keys.ts";
import { fail, type Fault, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { type RunpackReport, verifyRunpack } from "../core/run/verify.ts";

/** What to verify with. */
export type VerifyRequest = {
  /** How messages call the file; `artifact` unless told. */
  readonly name?: string | undefined;
  /** Text of a public key file: the 32 bytes in standard base64. */
  readonly public_key?: string | undefined;
  readonly require_signature?: boolean;
  /** Wants a key, a valid signature, and no entry that the manifest does not name. */
  readonly strict?: boolean;
};

/** The report of the verifier, or the fault that kept it from making one. */
export type VerifyReply = RunpackReport | {
  readonly ok: false;
  readonly fault: string;
  readonly error: string;
  readonly at: Fault["at"];
};

const keyOf = (host: Host, { public_key, strict }: VerifyRequest): Result<VerifyKey | undefined> => {
  if (public_key !== undefined) return readPublicKey(host.crypto, public_key);
  return strict ? fail("key_source", "Cannot verify strictly: expected a public key") : ok(undefined);
};

/** Verifies a runpack. Faults of `verifyRunpack` and `readPublicKey`, and `key_source` where strictness lacks a key. */
export async function report(host: Host, source: Source, request: VerifyRequest): Promise<Result<RunpackReport>> {
  const strict = request.strict === true;
  const key = keyOf(host, request);
  if (!key.ok) return key;
  const requireSignature = strict || request.require_signature === true;
  const trust = { key: key.value, requireSignature, refuseUndeclared: strict };
  return await verifyRunpack(host, source, request.name ?? "artifact", trust);
}

/** The same as one value. Never throws on what the artifact holds: every doubt is `ok: false`. */
export async function verify(host: Host, source: Source, request: VerifyRequest): Promise<VerifyReply> {
  const found = await report(host, source, request);
  return found.ok ? found.value : { ok: false, fault: found.fault.code, error: found.fault.message, at: found.fault.at };
}
