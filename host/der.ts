// How runtimes want Ed25519 keys handed over: in DER (RFC 8410), whose first bytes are always the same for keys of 32 bytes.
import { concatBytes } from "../core/base/bytes.ts";

const PRIVATE = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const PUBLIC = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/** The PKCS #8 form of a 32-byte seed. */
export const pkcs8 = (seed: Uint8Array): Uint8Array<ArrayBuffer> => concatBytes([PRIVATE, seed]);

/** The SPKI form of a 32-byte public key, which are its last bytes. */
export const spki = (publicKey: Uint8Array): Uint8Array<ArrayBuffer> => concatBytes([PUBLIC, publicKey]);
