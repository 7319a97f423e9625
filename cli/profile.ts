// How strictly to verify: the flags that the commands of `verify` share, and what they come to together with the keys.
import { fail, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { type KeyPorts, type KeyValues, loadVerifyKey, PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "./key_sources.ts";

/** The flags. */
export const TRUST_FLAGS = {
  profile: {
    kind: "choice",
    doc: "strict wants a key, a valid signature, and no entry that the manifest does not name",
    values: ["standard", "strict"],
    default: "standard",
    fold: true,
    blank: "standard",
  },
  "require-signature": { kind: "switch", doc: "Fail unless a signature verifies" },
  ...PUBLIC_KEY_FLAGS,
  ...PRIVATE_KEY_FLAGS,
} as const;

/** What the flags come to. */
export type AskedTrust = {
  readonly strict: boolean;
  readonly key: VerifyKey | undefined;
  readonly requireSignature: boolean;
  readonly refuseUndeclared: boolean;
};

/** Loads the key and says what is demanded. Fault `key_source` under profile strict without one, and those of keys. */
export async function loadTrust(
  values: KeyValues & { readonly profile: string; readonly "require-signature": boolean },
  ports: KeyPorts,
): Promise<Result<AskedTrust>> {
  const strict = values.profile === "strict";
  const key = await loadVerifyKey(values, ports);
  if (!key.ok) return key;
  if (strict && key.value === undefined) {
    return fail(
      "key_source",
      "Cannot verify under profile strict: expected --public-key, --public-key-env or a private key source",
    );
  }
  return ok({ strict, key: key.value, requireSignature: strict || values["require-signature"], refuseUndeclared: strict });
}
