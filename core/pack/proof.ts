// Proof records (spec 04, section 2.4): that each entry was put into the pack, one after the other in a chain of hashes.
import { base64, utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { writeShape } from "../base/shape.ts";
import type { SigningKey } from "../base/sign.ts";
import { wholeSeconds } from "../base/time.ts";
import { PACK_EPOCH, type PackContent, type PackManifest } from "../schema/pack.ts";
import { type ProofRecord, ProofRecordShape } from "../schema/pack_proof.ts";

/** What a record says of the pack. */
export type ProofHead = Pick<PackManifest, "pack_type" | "source_ref" | "producer_version">;

/** What a record says of an entry. */
export type ProofEntry = PackContent & { readonly size: number };

const PLAIN_FILE = 0o644;
const NO_CONTROLS = { permissions_enforced: false };

/** The hash that a record carries, over all of it but what binds it, and the hash before. */
export const recordHash = (crypto: Crypto, record: ProofRecord): string => {
  const { record_id, record_version, timestamp, source, source_product, agent_id, record_type } = record;
  const { event = null, controls = NO_CONTROLS, metadata = null } = record;
  const integrity = { previous_record_hash: record.integrity.previous_record_hash };
  const said = { record_id, record_version, timestamp: wholeSeconds(timestamp), source, source_product, agent_id, record_type };
  return `sha256:${digestOf(crypto, { ...said, event, controls, metadata, integrity })}`;
};

/** The records of a pack's entries in their order, as the entry that holds them: without a final line break. */
export async function proofRecords(
  crypto: Crypto,
  head: ProofHead,
  entries: readonly ProofEntry[],
  key: SigningKey | undefined,
): Promise<Uint8Array> {
  const { pack_type, source_ref, producer_version } = head;
  const sign = key === undefined ? undefined : crypto.signer(key.seed);
  const lines: string[] = [];
  let previous = "";
  for (const { path, type, sha256, size } of entries) {
    const event: JsonObject = {
      pack_type,
      source_ref,
      producer_version,
      entry_path: path,
      entry_type: type,
      entry_sha256: sha256,
      entry_size_bytes: size,
      entry_permissions: PLAIN_FILE,
    };
    const said = { source: "gait.pack", source_product: "gait", agent_id: "gait", record_type: "tool_invocation", event };
    const id = digestOf(crypto, { timestamp: PACK_EPOCH, ...said }).slice(0, 8);
    const record: ProofRecord = {
      record_id: `prf-${PACK_EPOCH}-${id}`,
      record_version: "1.0",
      timestamp: PACK_EPOCH,
      ...said,
      controls: NO_CONTROLS,
      metadata: { artifact_kind: "gait.pack.entry" },
      integrity: { record_hash: "", previous_record_hash: previous, signing_key_id: "", signature: "" },
    };
    const record_hash = recordHash(crypto, record);
    const integrity = {
      ...record.integrity,
      record_hash,
      signing_key_id: key?.keyId ?? "",
      signature: sign === undefined ? "" : `base64:${base64(await sign(utf8(record_hash)))}`,
    };
    lines.push(canonicalText(writeShape(ProofRecordShape, { ...record, integrity })));
    previous = record_hash;
  }
  return utf8(lines.join("\n"));
}
