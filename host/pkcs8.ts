// How runtimes want an Ed25519 seed handed over: in PKCS #8 (RFC 8410, section 7), whose first bytes are always the same.
import { concatBytes } from "../core/base/bytes.ts";

const PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

/** The PKCS #8 form (DER, 48 bytes) of a 32-byte seed. */
export const pkcs8 = (seed: Uint8Array): Uint8Array<ArrayBuffer> => concatBytes([PREFIX, seed]);
