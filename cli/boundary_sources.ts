// What calls at the boundary are decided with, read anew for each of them (spec 05, section 3.2): an edit counts at the next call. What
// is made of what was read is kept, and made anew only when the bytes are others.
import { sameBytes } from "../core/base/bytes.ts";
import { located, ok, type Result } from "../core/base/result.ts";
import { lower, trim } from "../core/base/text.ts";
import { type DigestSigner, digestSigner, type VerifyKey } from "../core/base/sign.ts";
import { readPrivateKey } from "../core/base/keys.ts";
import { MAX_YAML_BYTES } from "../core/base/yaml_text.ts";
import { checkDefault, type Profile } from "../core/flow/gate_profile.ts";
import { type CompiledPolicy, compilePolicy } from "../core/gate/compile.ts";
import { policyDigest } from "../core/gate/policy_digest.ts";
import type { BoundContext } from "../core/gate/prepare.ts";
import type { KillSwitch } from "../core/gate/types.ts";
import { TRUST_SNAPSHOT_LIMIT, type TrustSnapshotState, trustSnapshotState } from "../core/mcp/trust.ts";
import type { Ports } from "../core/ports.ts";
import { gateEnvelope } from "./gate_sources.ts";
import { type KeyPorts, type KeyValues, loadSigner, loadVerifyKey, type ReadKey, type Signer } from "./key_sources.ts";
import { policyOf } from "./policy_file.ts";

/** A policy made ready. */
export type ReadyPolicy = { readonly compiled: CompiledPolicy; readonly policy_digest: string };

/** A key made ready to sign digests. */
export type ReadySigner = Signer & { readonly sign: DigestSigner };

/** Keeps what was last made of a file; equal bytes of the same file are not read again. */
export function remembering<T>(read: (bytes: Uint8Array, path: string) => T): (bytes: Uint8Array, path: string) => T {
  let last: { readonly path: string; readonly bytes: Uint8Array; readonly made: T } | undefined;
  return (bytes, path) => {
    if (last === undefined || last.path !== path || !sameBytes(last.bytes, bytes)) {
      last = { path, bytes, made: read(bytes, path) };
    }
    return last.made;
  };
}

/**
 * Calls that come in one moment share one reading. It begins after all of them came, so each sees every edit that was made before it
 * came; whoever comes once it has begun waits for the next one.
 */
export function together<T>(read: () => Promise<T>): () => Promise<T> {
  let coming: Promise<T> | undefined;
  return () =>
    coming ??= Promise.resolve().then(() => {
      coming = undefined;
      return read();
    });
}

/** The policy at a path as it is now. Faults of `loadPolicy`, and `profile_refused` for what oss-prod does not take. */
export function policySource(path: string, profile: Profile, ports: Pick<Ports, "files" | "host">) {
  const ready = remembering(async (bytes): Promise<Result<ReadyPolicy>> => {
    const read = await policyOf(bytes, path);
    if (!read.ok) return { ok: false, fault: located(read.fault, { file: path }) };
    const { policy } = read.value;
    const checked = profile === "oss-prod" ? checkDefault(policy) : ok(undefined);
    return checked.ok
      ? ok({ compiled: compilePolicy(policy), policy_digest: policyDigest(ports.host.crypto, policy) })
      : checked;
  });
  return together(async (): Promise<Result<ReadyPolicy>> => {
    const bytes = await ports.files.read(path, MAX_YAML_BYTES);
    return bytes.ok ? await ready(bytes.value, path) : bytes;
  });
}

/** The kill switch at a path as it is now; none for an empty path. Faults of `loadKillSwitch`. */
export function killSwitchSource(path: string, ports: Pick<Ports, "state">): () => Promise<Result<KillSwitch>> {
  if (path === "") return () => Promise.resolve(ok({ status: "none" }));
  let load: (() => Promise<Result<KillSwitch>>) | undefined;
  return together(async () => {
    if (load === undefined) {
      const { loadKillSwitch } = await import("./kill_switch_file.ts");
      const { readKillSwitch } = await import("../core/gate/kill_switch_state.ts");
      const read = remembering(readKillSwitch);
      load = async () => {
        const state = await loadKillSwitch(path, ports, read);
        return state.ok ? ok({ status: "read", entries: state.value.entries }) : state;
      };
    }
    return await load();
  });
}

/** The trust snapshot that a policy names, as it is now. */
export function snapshotSource({ files }: Pick<Ports, "files">): (path: string) => Promise<TrustSnapshotState> {
  const state = remembering((bytes, path) => trustSnapshotState(ok(bytes), path));
  const at = (path: string) =>
    together(async () => {
      const bytes = await files.read(path, TRUST_SNAPSHOT_LIMIT);
      return bytes.ok ? state(bytes.value, path) : trustSnapshotState(bytes, path);
    });
  let last: { readonly path: string; readonly load: () => Promise<TrustSnapshotState> } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, load: at(path) };
    return last.load();
  };
}

/** The evidence of the context at a path: read once, and again only after a fault. Faults of `gateEnvelope`. */
export function envelopeSource(path: string, ports: Pick<Ports, "files" | "host">) {
  let held: Result<((at: string) => BoundContext) | undefined> | undefined;
  return async (): Promise<Result<((at: string) => BoundContext) | undefined>> => {
    if (held?.ok !== true) held = await gateEnvelope(path, ports);
    return held;
  };
}

/** The key that checks approvals, asked for anew each time; undefined where none is named. Faults of `loadVerifyKey`. */
export const approverSource = (values: KeyValues, ports: KeyPorts): () => Promise<Result<VerifyKey | undefined>> =>
  together(() => loadVerifyKey(values, ports, "approval-"));

/** The key that signs. One of mode dev is made once; one of mode prod is asked for anew. Faults of `loadSigner`. */
export function signerSource(mode: string, values: KeyValues, ports: KeyPorts & Pick<Ports, "random">) {
  const { crypto } = ports.host;
  let known: { readonly text: string; readonly key: ReturnType<ReadKey> } | undefined;
  const read: ReadKey = (given, text) => {
    if (known?.text !== text) known = { text, key: readPrivateKey(given, text) };
    return known.key;
  };
  let ready: ReadySigner | undefined;
  let making: ReturnType<typeof loadSigner> | undefined;
  return together(async (): Promise<Result<ReadySigner>> => {
    if (ready?.dev === true) return ok(ready);
    // Calls that come while one is made must not each make a key.
    const signer =
      await (lower(trim(mode)) === "dev" ? making ??= loadSigner(mode, values, ports) : loadSigner(mode, values, ports, read));
    if (!signer.ok) return signer;
    if (ready?.key !== signer.value.key) ready = { ...signer.value, sign: digestSigner(crypto, signer.value.key) };
    return ok(ready);
  });
}
