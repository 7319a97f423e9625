// The capabilities for Workers and browsers: signatures by WebCrypto, hashing and inflating in plain JavaScript, because the
// core hashes synchronously and decompression streams do not agree on what a whole stream is.
import { fromBase64 } from "../core/base/bytes.ts";
import { pureCrypto } from "../core/base/ed25519.ts";
import type { Crypto, Host, Sign } from "../core/base/host.ts";
import { pureInflate } from "./inflate.ts";
import { pkcs8 } from "./der.ts";

const ALGORITHM = "Ed25519";

// WebCrypto takes no views of shared memory.
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

// The base point: a public key that every implementation takes.
const ANY_KEY = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1);

/**
 * A host on this WebCrypto. Where it knows no Ed25519 (older browsers), or is missing (pages without a secure context), plain
 * JavaScript signs and verifies.
 */
export const webHostOf = (subtle: SubtleCrypto | undefined): Host => {
  // Asked for once, at the first use: Workers allow no such call while a module loads.
  let known: boolean | undefined;
  const native = async (): Promise<SubtleCrypto | undefined> => {
    if (subtle === undefined) return undefined;
    if (known === undefined) {
      try {
        await subtle.importKey("raw", ANY_KEY, ALGORITHM, false, ["verify"]);
        known = true;
      } catch {
        known = false;
      }
    }
    return known ? subtle : undefined;
  };
  const signer = (seed: Uint8Array): Sign => {
    let key: Promise<CryptoKey> | undefined;
    return async (message) => {
      const web = await native();
      if (web === undefined) return pureCrypto.sign(seed, message);
      key ??= web.importKey("pkcs8", pkcs8(seed), ALGORITHM, false, ["sign"]);
      return new Uint8Array(await web.sign(ALGORITHM, await key, own(message)));
    };
  };
  const crypto: Crypto = {
    ...pureCrypto,
    sign: (seed, message) => signer(seed)(message),
    signer,
    async publicKey(seed) {
      const web = await native();
      if (web === undefined) return pureCrypto.publicKey(seed);
      const { x = "" } = await web.exportKey("jwk", await web.importKey("pkcs8", pkcs8(seed), ALGORITHM, true, ["sign"]));
      const bytes = fromBase64(`${x.replaceAll("-", "+").replaceAll("_", "/")}=`);
      if (bytes?.length !== 32) throw new Error("WebCrypto exports no public key of 32 bytes");
      return bytes;
    },
    async verify(publicKey, signature, message) {
      const web = await native();
      if (web === undefined) return pureCrypto.verify(publicKey, signature, message);
      const key = await web.importKey("raw", own(publicKey), ALGORITHM, false, ["verify"]);
      return await web.verify(ALGORITHM, key, own(signature), own(message));
    },
  };
  return { crypto, inflate: pureInflate };
};

/** All that the core asks of a runtime, from web standards alone. */
export const webHost: Host = webHostOf(globalThis.crypto?.subtle);
