// Planted faults: signatures and keys.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const KEYS: readonly Fault[] = [
  {
    name: "accept a small-order key",
    file: "core/base/sign.ts",
    find: "y < P && !SMALL_ORDER.has(y)",
    replace: "y < P",
    test: "tests/base/ed25519_test.ts",
    filter: "guard: refuses",
  },
  {
    name: "accept S beyond the group order",
    file: "core/base/sign.ts",
    find: "number(signature, 32) < L &&",
    replace: "",
    test: "tests/base/ed25519_test.ts",
    filter: "guard: S is below",
  },
  {
    name: "sign the hexadecimal text of a digest",
    file: "core/base/sign.ts",
    find: "await crypto.sign(key.seed, rawDigest(digestHex))",
    replace: "await crypto.sign(key.seed, new TextEncoder().encode(digestHex))",
    test: "tests/base/sign_test.ts",
    filter: "signDigest: the worked example",
  },
  {
    name: "take a signature of another key id",
    file: "core/base/sign.ts",
    find: `key_id !== "" && key_id !== key.keyId`,
    replace: `key_id !== "" && key_id === ""`,
    test: "tests/base/sign_test.ts",
    filter: "checkSignature:",
  },
  {
    name: "call no good signature verified",
    file: "core/base/sign.ts",
    find: `valid > 0 ? "verified"`,
    replace: `valid >= 0 ? "verified"`,
    test: "tests/base/sign_test.ts",
    filter: "checkSignatures:",
  },
  {
    name: "take a private key whose halves disagree",
    file: "core/base/keys.ts",
    find: "sameBytes(key.publicKey, bytes.value.subarray(32)) ?",
    replace: "bytes.value.length === 64 ?",
    test: "tests/base/keys_test.ts",
    filter: "a private key text is refused",
  },
];
