// Signing many digests by one key: in their own order, on a second thread where that is worth starting one.
import type { Sign } from "./host.ts";

const MESSAGE = 32;
const SIGNATURE = 64;

/** Signs messages of 32 bytes that stand one after the other; the signatures, 64 bytes each, stand so too. */
export type SignMany = (messages: Uint8Array) => Promise<Uint8Array>;

/** Signs them one by one. */
export async function signAll(sign: Sign, messages: Uint8Array): Promise<Uint8Array> {
  const signatures = new Uint8Array((messages.length / MESSAGE) * SIGNATURE);
  for (let i = 0; i * MESSAGE < messages.length; i++) {
    signatures.set(await sign(messages.subarray(i * MESSAGE, (i + 1) * MESSAGE)), i * SIGNATURE);
  }
  return signatures;
}

/** Signs elsewhere; undefined when it cannot any more. */
export type SignElsewhere = (messages: Uint8Array) => Promise<Uint8Array | undefined>;

/**
 * How many messages are signed in place before it is worth to go elsewhere, and how many may be on their way at a time: when elsewhere
 * does not keep up, what is more is signed in place.
 */
export type ManyTerms = { readonly first: number; readonly ahead: number };

/** Signs the first messages in place, later ones elsewhere; in place again when that cannot any more. */
export function signingMany(sign: Sign, elsewhere: () => SignElsewhere, { first, ahead }: ManyTerms): SignMany {
  let signed = 0;
  let there: SignElsewhere | undefined;
  let lost = false;
  let away = 0;
  return async (messages) => {
    const count = messages.length / MESSAGE;
    const early = signed < first;
    signed += count;
    if (early || lost || away + count > ahead) return await signAll(sign, messages);
    away += count;
    const signatures = await (there ??= elsewhere())(messages);
    away -= count;
    if (signatures?.length === count * SIGNATURE) return signatures;
    lost = true;
    return await signAll(sign, messages);
  };
}
