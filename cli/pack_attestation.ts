// A pack in the forms that tools of the software supply chain take: which pack, by its file's digest, and what was found of it.
import { hex } from "../core/base/bytes.ts";
import { canonicalText } from "../core/base/canonical.ts";
import type { Host, Source } from "../core/base/host.ts";
import type { JsonObject } from "../core/base/json_value.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { piecesOf } from "../core/base/zip_source.ts";
import type { SigningKey } from "../core/base/sign.ts";
import type { ExportedPack } from "../core/flow/pack_export.ts";
import { packStatement, signedStatement, sigstoreBundle } from "../core/pack/attest.ts";
import { VERSION_1 } from "../core/schema/heading.ts";
import { PACK_ATTESTATION_ID } from "../core/schema/pack_export.ts";
import { nameIn } from "./targets.ts";

/** The forms that others verify. */
export const ATTESTED = ["dsse", "in-toto", "sigstore"] as const;
export type Attested = typeof ATTESTED[number];

/** The SHA-256 of all bytes of a file. */
async function digestOfFile({ crypto }: Host, source: Source): Promise<string> {
  const hasher = crypto.hasher();
  for await (const piece of piecesOf(source)) hasher.update(piece);
  return hex(hasher.digest());
}

/** The document of a form. A form that is signed needs a key: fault `key_source`. A pack that does not hold is not vouched for. */
export async function attestationOf(
  host: Host,
  form: Attested,
  pack: { readonly path: string; readonly source: Source; readonly exported: ExportedPack },
  key: SigningKey | undefined,
  version: string,
): Promise<Result<string>> {
  const { record, integrityOk, signers, verdicts } = pack.exported;
  if (!integrityOk) {
    return fail("verification_failed", `Cannot vouch for "${pack.path}": it does not verify`, { file: pack.path });
  }
  const subject = { name: nameIn(pack.path), sha256: await digestOfFile(host, pack.source) };
  const statement = packStatement(subject, {
    schema_id: PACK_ATTESTATION_ID,
    schema_version: VERSION_1,
    producer_version: version,
    ...record,
    integrity_ok: integrityOk,
    signer_key_ids: signers,
    verdicts,
  });
  if (form === "in-toto") return ok(line(statement));
  if (key === undefined) {
    return fail("key_source", `Cannot write format ${form}: expected --private-key or --private-key-env`);
  }
  const envelope = await signedStatement(host.crypto, key, statement);
  if (form === "sigstore") return ok(line(sigstoreBundle(envelope, key)));
  return ok(line({ ...envelope, signatures: envelope.signatures.map((signature) => ({ ...signature })) }));
}

const line = (document: JsonObject): string => `${canonicalText(document)}\n`;
