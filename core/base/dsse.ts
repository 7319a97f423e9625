// DSSE envelopes: any bytes with their type, signed so that neither can be taken for another.
import { base64, concatBytes, utf8 } from "./bytes.ts";
import type { Crypto } from "./host.ts";
import type { SigningKey } from "./sign.ts";

/** An envelope, as its JSON has it. */
export type DsseEnvelope = {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
};

/** What the signatures of an envelope stand over. */
export const preAuthEncoding = (type: string, payload: Uint8Array): Uint8Array<ArrayBuffer> =>
  concatBytes([utf8(`DSSEv1 ${utf8(type).length} ${type} ${payload.length} `), payload]);

/** Signs a payload. The id of the key is ours: the SHA-256 of its public half. */
export async function sealEnvelope(
  crypto: Crypto,
  key: SigningKey,
  payloadType: string,
  payload: Uint8Array,
): Promise<DsseEnvelope> {
  const sig = base64(await crypto.sign(key.seed, preAuthEncoding(payloadType, payload)));
  return { payload: base64(payload), payloadType, signatures: [{ keyid: key.keyId, sig }] };
}
