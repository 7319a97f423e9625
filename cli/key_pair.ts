// Making a key pair and writing it: what `keys init` and `keys rotate` share.
import { utf8 } from "../core/base/bytes.ts";
import { privateKeyText, publicKeyText } from "../core/base/keys.ts";
import { fileNameId, outputPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";
import type { Outcome } from "./command.ts";
import { freshSigner } from "./key_sources.ts";
import { type NewFile, replacedWith } from "./put_back.ts";

/** Where a pair goes and what it is called. */
export const PAIR_FLAGS = {
  "out-dir": { kind: "text", doc: "Folder for the key files", default: "gait-out/keys", value: "folder", complete: "path" },
  prefix: { kind: "text", doc: "First part of the file names", default: "gait", value: "name" },
} as const;

/** The JSON view of a pair that was made. */
export type PairMade = {
  readonly ok: true;
  readonly prefix: string;
  readonly key_id: string;
  readonly public_key_path: string;
  readonly private_key_path: string;
};

/** Makes a pair and writes both files. Faults `flag_value`, `path_refused`, `file_exists`, `write_failed`. */
export async function makePair(
  folder: string,
  prefix: string,
  force: boolean,
  ports: Pick<Ports, "files" | "store" | "random" | "host">,
): Promise<Result<Outcome<PairMade>>> {
  if (folder === "") return fail("flag_value", "Cannot make keys: --out-dir must not be blank");
  const name = fileNameId(prefix, "prefix");
  if (!name.ok) return name;
  const privatePath = outputPath(`${folder}/${prefix}_private.key`, "the private key");
  if (!privatePath.ok) return privatePath;
  const publicPath = outputPath(`${folder}/${prefix}_public.key`, "the public key");
  if (!publicPath.ok) return publicPath;
  for (const path of force ? [] : [privatePath.value, publicPath.value]) {
    if (await ports.files.kind(path) !== "none") {
      return fail("file_exists", `Cannot make keys: "${path}" exists`, { file: path });
    }
  }
  const { key } = await freshSigner(ports);
  const mode = force ? "replace" : "create";
  // The public half first: a write that fails in between then costs no old private key and leaves no new one lying about.
  const publicHalf = { path: publicPath.value, bytes: utf8(publicKeyText(key)) };
  const privateHalf = { path: privatePath.value, bytes: utf8(privateKeyText(key)) };
  const last = () => ports.store.write(privateHalf.path, privateHalf.bytes, mode);
  const written = force ? await replacedWith(publicHalf, privateHalf, ports, last) : await bothNew(publicHalf, ports, last);
  if (!written.ok) return written;
  return ok({
    exit: "ok",
    data: { ok: true, prefix, key_id: key.keyId, public_key_path: publicPath.value, private_key_path: privatePath.value },
  });
}

async function bothNew(
  { path, bytes }: NewFile,
  { store }: Pick<Ports, "store">,
  next: () => Promise<Result<void>>,
): Promise<Result<void>> {
  const first = await store.write(path, bytes, "create");
  return first.ok ? await next() : first;
}

/** The human view of a pair that was made. */
export const pairLines = (name: string, data: PairMade): readonly string[] => [
  `${name} ok: key_id=${data.key_id}`,
  `private key: ${data.private_key_path} (keep it secret)`,
  `public key:  ${data.public_key_path} (give it to whoever verifies)`,
];
