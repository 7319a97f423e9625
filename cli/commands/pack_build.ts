// `gait pack build`: puts a run, a job, a call, or what led to a decision, into one portable file.
import { fail, ok, type Result } from "../../core/base/result.ts";
import { lower, trim } from "../../core/base/text.ts";
import { sealPack } from "../../core/pack/build.ts";
import { PACK_TYPES, type PackType } from "../../core/schema/pack.ts";
import { command } from "../command.ts";
import { type KeyPorts, type KeyValues, loadPrivateKey, loadSigner, PRIVATE_KEY_FLAGS, type Signer } from "../key_sources.ts";
import { type PackAnswer, packHead } from "../pack_output.ts";
import { type Contents, packContents } from "../pack_contents.ts";
import { callInput, jobInput, journalInput } from "../pack_documents.ts";
import { JOB_ROOT } from "../config.ts";
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

type Source = { readonly type: PackType; readonly given: string; readonly jobRoot: string };

async function inputOf(
  { type, given, jobRoot }: Source,
  version: string,
  ports: BuildPorts,
  contents: Contents,
): Promise<Result<PackInput>> {
  switch (type) {
    case "run":
      return await runInput(given, version, ports);
    case "authorization":
      return await authorizationInput(given, version, ports, contents);
    case "job":
      return await jobInput(given, jobRoot, version, ports);
    case "call":
      return await callInput(given, version, ports);
    default:
      return never(type);
  }
}

export default command({
  path: ["pack", "build"],
  summary: "Build a pack of a run, a job, a call or a decision",
  explain:
    "Puts a verified runpack, a job, a call with its run, or an authorization bundle with its evidence, into one deterministic file that anybody can verify.",
  positionals: {
    name: "source",
    doc: "Run id, runpack or session chain (.json); job id or folder; call record; authorization bundle",
    min: 0,
    max: Infinity,
    complete: "path",
  },
  flags: {
    type: {
      kind: "choice",
      doc: "What the pack is about",
      values: PACK_TYPES,
      default: "run",
      fold: true,
      blank: "run",
    },
    from: { kind: "text", doc: "The same as the argument", value: "run_id|path", complete: "path" },
    out: { kind: "text", doc: "The pack; pack_<pack_id>.zip beside its source unless given", value: "file", complete: "path" },
    "job-root": { kind: "text", doc: "Where jobs are looked up by id", value: "folder", default: JOB_ROOT, complete: "path" },
    journal: {
      kind: "text",
      doc:
        "Journals of sessions, of the server or of traces, by commas: they go into the pack, and what is left out of them shows",
      value: "files",
      complete: "path",
    },
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
    "gait pack build --type job nightly-index --private-key signer.key",
    "gait pack build run_night_cp_0002 --journal session.jsonl --private-key signer.key",
  ],
  needs: ["files", "store", "env", "machine", "random", "host", "progress"],
  async run(values, ports, { version }) {
    const given = trim(values.from ?? "") || trim(values.positionals[0] ?? "");
    if (given === "") return fail("missing_argument", "Cannot build a pack: expected --from or the source as an argument");
    const keys = { "private-key": values["private-key"], "private-key-env": values["private-key-env"] };
    const signing = await signer(values["key-mode"], keys, ports);
    if (!signing.ok) return signing;
    const source = { type: values.type, given, jobRoot: values["job-root"] || JOB_ROOT };
    const key = signing.value?.key;
    const contents = packContents(ports);
    try {
      const input = await inputOf(source, version, ports, contents);
      if (!input.ok) return input;
      const journals = await journalInput(values.journal ?? "", version, ports, contents);
      if (!journals.ok) return journals;
      const { warnings, beside = input.value.read[0] } = input.value;
      const parts = { ...input.value.parts, files: [...input.value.parts.files, ...journals.value.files] };
      const read = [...input.value.read, ...journals.value.read];
      const sealed = await sealPack(ports.host.crypto, parts, key);
      if (!sealed.ok) return sealed;
      const { manifest: { pack_id, pack_type, source_ref }, write } = sealed.value;
      const name = besideFile(beside, `pack_${pack_id}.zip`);
      const path = targetPath({ given: values.out, name, what: "the pack", others: read });
      if (!path.ok) return path;
      const written = await ports.store.writePieces(path.value, "replace", write);
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
    } finally {
      contents.close();
    }
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
