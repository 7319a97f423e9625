// Making a token: the flags that `approve` and `delegate mint` share, and the way from terms to a signed file.
import { utf8 } from "../core/base/bytes.ts";
import type { JsonObject } from "../core/base/json.ts";
import { prettyText } from "../core/base/pretty.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { type DigestSigner, digestSigner } from "../core/base/sign.ts";
import { isHex64, lower, trim } from "../core/base/text.ts";
import type { Ports } from "../core/ports.ts";
import { type KeyPorts, type KeyValues, loadSigner, PRIVATE_KEY_FLAGS } from "./key_sources.ts";
import { targetPath } from "./targets.ts";

/** Flags of every command that mints. */
export const MINT_FLAGS = {
  ttl: { kind: "text", doc: "How long it lasts, such as 30m", value: "duration", required: true },
  scope: { kind: "text", doc: "What it is for, comma-separated", value: "list", required: true },
  out: { kind: "text", doc: "Where to write it", value: "file", complete: "path" },
  "key-mode": { kind: "text", doc: "dev signs with a throwaway key, prod with yours", value: "dev|prod", default: "dev" },
  ...PRIVATE_KEY_FLAGS,
} as const;

/** A digest that a flag gives, in lowercase; empty when it gives none. Fault `flag_value`. */
export function digestFlag(name: string, given: string | undefined): Result<string> {
  const digest = lower(trim(given ?? ""));
  return digest === "" || isHex64(digest)
    ? ok(digest)
    : fail("flag_value", `Cannot read value "${given}" of --${name}: wanted are 64 hexadecimal digits`);
}

/** A bound that a flag gives: a whole number from 0 on. Fault `flag_value`. */
export function boundFlag(name: string, given: string): Result<number> {
  return /^[0-9]{1,15}$/.test(given)
    ? ok(Number(given))
    : fail("flag_value", `Cannot read value "${given}" of --${name}: wanted is a whole number, 0 for no bound`);
}

/** What a mint came to. */
export type Minted = { readonly path: string; readonly key_id: string; readonly warnings: readonly string[] };

/** Said of a key that is made for one run. */
export const THROWAWAY = "Key mode dev: the key is gone after this run, so nobody can verify the token";

/** Signs what `seal` makes with the key that the flags name and writes it, durably. */
export async function mint(
  values: KeyValues & { readonly "key-mode": string; readonly out?: string | undefined },
  name: string,
  seal: (sign: DigestSigner) => Promise<JsonObject>,
  ports: KeyPorts & Pick<Ports, "random" | "store">,
): Promise<Result<Minted>> {
  const path = targetPath({ given: values.out, name, what: "the token", others: [] });
  if (!path.ok) return path;
  const keys = { "private-key": values["private-key"], "private-key-env": values["private-key-env"] };
  const signer = await loadSigner(values["key-mode"], keys, ports);
  if (!signer.ok) return signer;
  const token = await seal(digestSigner(ports.host.crypto, signer.value.key));
  const written = await ports.store.write(path.value, utf8(prettyText(token)), "replace");
  if (!written.ok) return written;
  return ok({ path: path.value, key_id: signer.value.key.keyId, warnings: signer.value.dev ? [THROWAWAY] : [] });
}
