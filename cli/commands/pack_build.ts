// `gait pack build`: puts a run, or what led to a decision, into one portable file.
import { fail, ok, type Result } from "../../core/base/result.ts";
import { lower, trim } from "../../core/base/text.ts";
import { buildPack } from "../../core/pack/build.ts";
import { PACK_TYPES, type PackType } from "../../core/schema/pack.ts";
import { command } from "../command.ts";
import { type KeyPorts, type KeyValues, loadPrivateKey, loadSigner, PRIVATE_KEY_FLAGS, type Signer } from "../key_sources.ts";
import { type PackAnswer, packHead } from "../pack_output.ts";
import { authorizationInput, type PackInput, runInput } from "../pack_sources.ts";
import { besideFile, targetPath } from "../targets.ts";
import type { Ports } from "../../core/ports.ts";

type Built = PackAnswer<"build"> & {
  readonly signature_status: "missing" | "signed";
  readonly signature_key_id: string;
  readonly warnings: readonly string[];
};

type BuildPorts = Pick<Ports, "files" | "machine" | "host" | "progress">;

const HEAD = packHead("build");

const THROWAWAY = "Signed with a throwaway key of key mode dev: the signature can not be checked elsewhere";

// Without a mode a pack is signed when a key is named, and not otherwise.
async function signer(
  mode: string,
  keys: KeyValues,
  ports: KeyPorts & Pick<Ports, "random">,
): Promise<Result<Signer | undefined>> {
  const word = lower(trim(mode));
  if (word !== "" && word !== "none") return await loadSigner(word, keys, ports);
  const own = await loadPrivateKey(keys, ports);
  return own.ok ? ok(own.value && { key: own.value.key, dev: false }) : own;
}

async function inputOf(type: PackType, given: string, version: string, ports: BuildPorts): Promise<Result<PackInput>> {
  switch (type) {
    case "run":
      return await runInput(given, version, ports);
    case "authorization":
      return await authorizationInput(given, version, ports);
    case "job":
    case "call":
      return fail("flag_value", `Cannot build a pack of type "${type}": wanted is --type run or --type authorization`);
    default:
      return never(type);
  }
}

export default command({
  path: ["pack", "build"],
  summary: "Build a pack of a run or a decision",
  explain:
    "Puts a verified runpack, or an authorization bundle with its evidence, into one deterministic file that anybody can verify.",
  positionals: {
    name: "source",
    doc: "Run id, runpack, session chain (.json) or authorization bundle",
    min: 0,
    max: Infinity,
    complete: "path",
  },
  flags: {
    type: {
      kind: "choice",
      doc: "What the pack is about; packs of jobs and calls are not built yet",
      values: PACK_TYPES,
      default: "run",
      fold: true,
      blank: "run",
    },
    from: { kind: "text", doc: "The same as the argument", value: "run_id|path", complete: "path" },
    out: { kind: "text", doc: "The pack; pack_<pack_id>.zip beside its source unless given", value: "file", complete: "path" },
    "key-mode": {
      kind: "text",
      doc: "none signs only when a key is named, dev with a throwaway key, prod with yours",
      value: "none|dev|prod",
      default: "none",
    },
    ...PRIVATE_KEY_FLAGS,
  },
  refusal: HEAD,
  examples: [
    "gait pack build run_demo --private-key signer.key",
    "gait pack build --type authorization --from bundle.json --out pack.zip",
  ],
  needs: ["files", "store", "env", "machine", "random", "host", "progress"],
  async run(values, ports, { version }) {
    const given = trim(values.from ?? "") || trim(values.positionals[0] ?? "");
    if (given === "") return fail("missing_argument", "Cannot build a pack: expected --from or the source as an argument");
    const keys = { "private-key": values["private-key"], "private-key-env": values["private-key-env"] };
    const signing = await signer(values["key-mode"], keys, ports);
    if (!signing.ok) return signing;
    const input = await inputOf(values.type, given, version, ports);
    if (!input.ok) return input;
    const { parts, read, warnings } = input.value;
    const key = signing.value?.key;
    const built = await buildPack(ports.host.crypto, parts, key);
    if (!built.ok) return built;
    const { bytes, manifest: { pack_id, pack_type, source_ref } } = built.value;
    const name = besideFile(read[0], `pack_${pack_id}.zip`);
    const path = targetPath({ given: values.out, name, what: "the pack", others: read });
    if (!path.ok) return path;
    const written = await ports.store.write(path.value, bytes, "replace");
    if (!written.ok) return written;
    const data: Built = {
      ...HEAD,
      ok: true,
      path: path.value,
      pack_id,
      pack_type,
      source_ref,
      signature_status: key === undefined ? "missing" : "signed",
      signature_key_id: key?.keyId ?? "",
      warnings: [...warnings, ...(signing.value?.dev === true ? [THROWAWAY] : [])],
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Built) => [
    `pack build ok: ${data.path}`,
    `${data.pack_type} pack of ${data.source_ref}`,
    `pack_id=${data.pack_id}`,
    `signature_status=${data.signature_status}`,
    data.signature_key_id === ""
      ? "note=nothing was signed; name a key with --private-key"
      : `signature_key_id=${data.signature_key_id}`,
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});

const never = (type: never): never => {
  throw new Error(`unknown type of pack: ${JSON.stringify(type)}`);
};
