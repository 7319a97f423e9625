// Where keys come from: files, environment variables, or a fresh pair (spec 01, section 2.4). Key texts are read here and
// never leave: no message quotes them.
import { fromBase64, fromUtf8 } from "../core/base/bytes.ts";
import { newKey, readPrivateKey, readPublicKey } from "../core/base/keys.ts";
import { fail, located, ok, type Result } from "../core/base/result.ts";
import type { SigningKey, VerifyKey } from "../core/base/sign.ts";
import { lower, trim } from "../core/base/text.ts";
import type { Ports } from "../core/ports.ts";

/** Flags that name a private key. */
export const PRIVATE_KEY_FLAGS = {
  "private-key": { kind: "text", doc: "Private key file", value: "file", complete: "path" },
  "private-key-env": { kind: "text", doc: "Variable that holds the private key", value: "NAME" },
} as const;

/** Flags that name a public key. */
export const PUBLIC_KEY_FLAGS = {
  "public-key": { kind: "text", doc: "Public key file", value: "file", complete: "path" },
  "public-key-env": { kind: "text", doc: "Variable that holds the public key", value: "NAME" },
} as const;

/** The values of those flags; undefined and blank both mean not given. */
export type KeyValues = {
  readonly "private-key"?: string | undefined;
  readonly "private-key-env"?: string | undefined;
  readonly "public-key"?: string | undefined;
  readonly "public-key-env"?: string | undefined;
};

/** What loading a key takes. */
export type KeyPorts = Pick<Ports, "files" | "env" | "host">;

/** The text of a key and where it came from: `path:<path>` or `env:<NAME>`. */
type KeyText = { readonly text: string; readonly source: string; readonly file?: string };

const KEY_FILE_LIMIT = 65_536;

// Someone in a hurry gives the key itself; then the fault must not quote it as the name that was not found.
const isKeyText = (text: string): boolean =>
  (text.length === 44 || text.length === 88) && [32, 64].includes(fromBase64(text)?.length ?? 0);

const twoSources = (kind: "private" | "public", use: string): Result<never> =>
  fail("key_source", `Cannot load the ${kind} key: expected --${use}${kind}-key or --${use}${kind}-key-env, not both`);

async function keyText(
  kind: "private" | "public",
  values: KeyValues,
  ports: KeyPorts,
  use: string,
): Promise<Result<KeyText | undefined>> {
  const path = trim(values[`${kind}-key`] ?? "");
  const name = trim(values[`${kind}-key-env`] ?? "");
  for (const [flag, value, thing] of [["", path, "file"], ["-env", name, "variable"]] as const) {
    if (isKeyText(value)) {
      const words = `--${use}${kind}-key${flag} wants the name of a ${thing}, not a key`;
      return fail("key_source", `Cannot load the ${kind} key: ${words}`);
    }
  }
  if (path !== "" && name !== "") return twoSources(kind, use);
  if (path !== "") {
    const bytes = await ports.files.read(path, KEY_FILE_LIMIT);
    if (!bytes.ok) return bytes;
    return ok({ text: fromUtf8(bytes.value), source: `path:${path}`, file: path });
  }
  if (name === "") return ok(undefined);
  const text = ports.env.get(name);
  if (text === undefined || trim(text) === "") {
    return fail("key_source", `Cannot load the ${kind} key: variable "${name}" is not set or blank`);
  }
  return ok({ text, source: `env:${name}` });
}

const placed = <T>(result: Result<T>, { file, source }: KeyText): Result<T> =>
  result.ok ? result : {
    ok: false,
    fault: located({ ...result.fault, message: `${result.fault.message} (${source})` }, file === undefined ? {} : { file }),
  };

/** How the text of a private key is read: whoever asks for the same key time and again keeps it. */
export type ReadKey = typeof readPrivateKey;

/** A key and where it came from. */
export type Loaded<K> = { readonly key: K; readonly source: string };

/** The private key that the flags name, or undefined when they name none. Faults `key_source`, `key_format` and those of files. */
export async function loadPrivateKey(
  values: KeyValues,
  ports: KeyPorts,
  use = "",
  read: ReadKey = readPrivateKey,
): Promise<Result<Loaded<SigningKey> | undefined>> {
  const found = await keyText("private", values, ports, use);
  if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
  const key = placed(await read(ports.host.crypto, found.value.text), found.value);
  return key.ok ? ok({ key: key.value, source: found.value.source }) : key;
}

/** The public key that the flags name, or undefined when they name none. */
export async function loadPublicKey(
  values: KeyValues,
  ports: KeyPorts,
  use = "",
): Promise<Result<Loaded<VerifyKey> | undefined>> {
  const found = await keyText("public", values, ports, use);
  if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
  const key = placed(readPublicKey(ports.host.crypto, found.value.text), found.value);
  return key.ok ? ok({ key: key.value, source: found.value.source }) : key;
}

/** Whether the flags name any key. */
export const namesKey = (values: KeyValues): boolean => Object.values(values).some((value) => trim(value ?? "") !== "");

/**
 * The key to verify with: a public source (a private one is then not looked at), else the public half of a private one, else none.
 * `use` stands before the names of the flags in messages, such as `approval-`.
 */
export async function loadVerifyKey(values: KeyValues, ports: KeyPorts, use = ""): Promise<Result<VerifyKey | undefined>> {
  // Also where it will not be looked at, two sources of one kind are a mistake.
  if (trim(values["private-key"] ?? "") !== "" && trim(values["private-key-env"] ?? "") !== "") {
    return twoSources("private", use);
  }
  const given = await loadPublicKey(values, ports, use);
  if (!given.ok) return given;
  if (given.value !== undefined) return ok(given.value.key);
  const own = await loadPrivateKey(values, ports, use);
  return own.ok ? ok(own.value?.key) : own;
}

/** A pair that must match: the private key of production, and the public key that was named beside it, if any. */
export type KeyPair = { readonly signing: Loaded<SigningKey>; readonly publicSource: string };

/** Loads the keys of production: a private source is required, and a public one beside it has to be its other half. */
export async function loadPair(values: KeyValues, ports: KeyPorts, read?: ReadKey): Promise<Result<KeyPair>> {
  const signing = await loadPrivateKey(values, ports, "", read);
  if (!signing.ok) return signing;
  if (signing.value === undefined) {
    return fail("key_source", "Cannot load the keys: expected --private-key or --private-key-env");
  }
  const verifying = await loadPublicKey(values, ports);
  if (!verifying.ok) return verifying;
  if (verifying.value !== undefined && verifying.value.key.keyId !== signing.value.key.keyId) {
    return fail("key_mismatch", "Cannot use the keys: the public key is not the public half of the private key");
  }
  return ok({ signing: signing.value, publicSource: verifying.value?.source ?? "derived" });
}

/** A key to sign with; `dev` when it was made for this one run and its private half is dropped. */
export type Signer = { readonly key: SigningKey; readonly dev: boolean };

/** A fresh key pair, whose private half lives in this process only. */
export const freshSigner = async (ports: Pick<Ports, "random" | "host">): Promise<Signer> => ({
  key: await newKey(ports.host.crypto, ports.random.bytes(32)),
  dev: true,
});

/** The key to sign with in `mode` (`dev` or `prod`, in any case; blank is `prod`). Fault `key_source` for another mode or a clash. */
export async function loadSigner(
  mode: string,
  values: KeyValues,
  ports: KeyPorts & Pick<Ports, "random">,
  read?: ReadKey,
): Promise<Result<Signer>> {
  const word = lower(trim(mode)) || "prod";
  if (word === "dev") {
    if (namesKey(values)) return fail("key_source", "Cannot sign: key mode dev makes its own key, expected no key source");
    return ok(await freshSigner(ports));
  }
  if (word !== "prod") return fail("key_source", `Cannot sign: key mode must be dev or prod, not "${mode}"`);
  const pair = await loadPair(values, ports, read);
  return pair.ok ? ok({ key: pair.value.signing.key, dev: false }) : pair;
}
