// Checking proof records (spec 04, section 2.4): each by itself, its place in the chain, what it covers, and its signature.
import { fromBase64, utf8 } from "../base/bytes.ts";
import type { Crypto } from "../base/host.ts";
import type { Json } from "../base/json_value.ts";
import { quoted } from "../base/json_words.ts";
import type { Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import { verifyDetached, type VerifyKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { type PackManifest, PROOF_RECORDS } from "../schema/pack.ts";
import { type ProofRecord, ProofRecordShape } from "../schema/pack_proof.ts";
import { type PackEntries, readLines } from "./entries.ts";
import { recordHash } from "./proof.ts";
import { firstBroken, isTime, notBlank } from "./rules.ts";

const HASH = /^sha256:[a-f0-9]{64}$/;
const SIGNATURE = /^(?:base64|cosign):./s;

const defectOf = (record: ProofRecord, before: string, hash: string): Misfit | undefined => {
  const { record_hash, previous_record_hash, signature } = record.integrity;
  const previous = "/integrity/previous_record_hash";
  return firstBroken([
    notBlank("/record_version", record.record_version),
    notBlank("/source", record.source),
    notBlank("/source_product", record.source_product),
    notBlank("/record_type", record.record_type),
    isTime("/timestamp", record.timestamp),
    ["/event", record.event !== undefined, "must be an object"],
    ["/integrity/record_hash", HASH.test(record_hash), "must be sha256: and 64 hexadecimal digits in lowercase"],
    [previous, previous_record_hash === "" || HASH.test(previous_record_hash), "must be sha256: and 64 hexadecimal digits"],
    ["/integrity/signature", signature === "" || SIGNATURE.test(signature), "must begin with base64: or cosign:"],
    [previous, previous_record_hash === before, before === "" ? "must be absent in the first record" : `must be "${before}"`],
    ["/integrity/record_hash", record_hash === hash, `must be the digest of the record, "${hash}"`],
  ]);
};

/** The records of a pack, each of which holds and names the one before it. Faults `pack_invalid` and those of JSON. */
export async function readProof(crypto: Crypto, entries: PackEntries): Promise<Result<readonly ProofRecord[]>> {
  let before = "";
  return await readLines(entries, ProofRecordShape, PROOF_RECORDS, (record) => {
    const misfit = defectOf(record, before, recordHash(crypto, record));
    before = record.integrity.record_hash;
    return misfit;
  });
}

const member = (record: ProofRecord, name: string): Json | undefined => record.event?.[name];

/** The declared entries that no record names with their digest, sorted. */
export function uncoveredFiles({ contents }: PackManifest, records: readonly ProofRecord[]): readonly string[] {
  const said = new Set(records.map((record) => proofKey(member(record, "entry_path"), member(record, "entry_sha256"))));
  return contents.filter(({ path, sha256 }) => path !== PROOF_RECORDS && !said.has(proofKey(path, sha256)))
    .map(({ path }) => path).sort(byBytes);
}

const proofKey = (path: Json | undefined, digest: Json | undefined): string =>
  JSON.stringify([path, typeof digest === "string" ? digest.toLowerCase() : digest]);

/** What is wrong with the signatures of the records under one key that each has to carry; empty when they are good. */
export async function proofSignatureErrors(
  crypto: Crypto,
  key: VerifyKey,
  records: readonly ProofRecord[],
): Promise<readonly string[]> {
  const errors: string[] = [];
  for (const [i, { integrity }] of records.entries()) {
    const why = await signatureDefect(crypto, key, integrity);
    if (why !== undefined) errors.push(`proof record ${i + 1} of ${records.length}: ${why}`);
  }
  return errors;
}

async function signatureDefect(
  crypto: Crypto,
  key: VerifyKey,
  { signing_key_id, signature, record_hash }: ProofRecord["integrity"],
): Promise<string | undefined> {
  if (signature === "" || signing_key_id === "") return "it is not signed, or names no key";
  if (signing_key_id !== key.keyId) {
    return `signing_key_id is ${quoted(signing_key_id, 64)}, the key in use is "${key.keyId}"`;
  }
  const sig = signature.startsWith("base64:") ? fromBase64(signature.slice("base64:".length)) : undefined;
  if (sig === undefined) return "signature is not base64: and standard base64 with padding";
  return await verifyDetached(crypto, key.publicKey, sig, utf8(record_hash))
    ? undefined
    : `signature was not made over this record by the key "${key.keyId}"`;
}
