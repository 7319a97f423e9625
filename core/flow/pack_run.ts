// What goes into the pack of a run (spec 04, section 3.1): the payload, its context as an envelope, and the runpack zipped anew.
import { concatBytes } from "../base/bytes.ts";
import { canonicalBytes } from "../base/canonical.ts";
import type { Crypto, Host, Source } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { trim } from "../base/text.ts";
import { MAX_ENTRY_BYTES } from "../base/zip_limits.ts";
import { quoteName } from "../base/zip_names.ts";
import { type Archive, bytesSource, openZip, type ZipEntry } from "../base/zip_read.ts";
import { writeZipTo, type ZipFile, type ZipPart } from "../base/zip_write.ts";
import type { PackParts } from "../pack/build.ts";
import { runPayloadDefect } from "../pack/payload_run.ts";
import { linkageErrors } from "../run/chain.ts";
import { ENVELOPE_ID, normalRecords } from "../run/context.ts";
import { evidenceMode, retrievalTime } from "../run/refs.ts";
import { asInput, openScan } from "../run/scan.ts";
import { ContextEnvelopeShape } from "../schema/context.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { SOURCE_RUNPACK } from "../schema/pack.ts";
import { PackRunShape, RUN_PAYLOAD } from "../schema/pack_run.ts";
import type { Refs } from "../schema/runpack.ts";
import type { SessionChain, SessionCheckpoint } from "../schema/session.ts";
import { runPayload } from "./pack_run_payload.ts";

/** The entry of a run pack that holds the context that the agent saw. */
export const CONTEXT_ENVELOPE = "context_envelope.json";

// Of context without a producer; the older implementation writes it so too.
const UNKNOWN_PRODUCER = "0.0.0-dev";

/** The receipts of a run as an envelope of context. Fault `context_invalid` for receipts that none may hold, and for another digest. */
function contextEnvelope(crypto: Crypto, refs: Refs, runId: string, what: string): Result<Uint8Array> {
  const refuse = (words: string, pointer: string) =>
    fail("context_invalid", `Cannot pack run "${runId}": ${words}`, { file: what, entry: "refs.json", pointer });
  const set = normalRecords(crypto, refs.receipts);
  if ("words" in set) {
    return refuse(`receipt ${set.index + 1}: ${set.member} ${set.words}`, `/receipts/${set.index}/${set.member}`);
  }
  if (refs.context_set_digest !== "" && refs.context_set_digest !== set.digest) {
    return refuse(`context_set_digest must be the digest of the receipts, "${set.digest}"`, "/context_set_digest");
  }
  return ok(canonicalBytes(writeShape(ContextEnvelopeShape, {
    schema_id: ENVELOPE_ID,
    schema_version: VERSION_1,
    created_at: retrievalTime(refs.created_at),
    producer_version: trim(refs.producer_version) || UNKNOWN_PRODUCER,
    context_set_id: trim(runId),
    context_set_digest: set.digest,
    evidence_mode: evidenceMode(refs.context_evidence_mode) || "best_effort",
    records: set.records,
  })));
}

type Zipped = { readonly bytes: Uint8Array; readonly names: readonly string[] };

/** The entries of a runpack in an archive of our own, so that how it was zipped does not change the pack. */
async function zippedAnew(host: Host, source: Source, what: string): Promise<Result<Zipped>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return archive;
  const entries = archive.value.entries.filter(({ path }) => !path.endsWith("/"));
  const pieces: Uint8Array[] = [];
  let size = 0;
  const written = await writeZipTo((piece) => {
    pieces.push(piece);
    size += piece.length;
    return size <= MAX_ENTRY_BYTES
      ? ok(undefined)
      : fail("file_too_large", `Cannot pack "${what}": it takes more than 100 MiB`, { file: what });
  }, entries.map((entry) => partOf(archive.value, entry)));
  return written.ok ? ok({ bytes: concatBytes(pieces), names: entries.map(({ path }) => path) }) : written;
}

// Inflated when its turn comes, and dropped after its last byte.
function partOf(archive: Archive, entry: ZipEntry): ZipPart {
  const { path, size, executable } = entry;
  let held: Uint8Array | undefined;
  return {
    path,
    size,
    executable,
    async read(at, length) {
      const content = held === undefined ? await archive.read(entry) : ok(held);
      if (!content.ok) return content;
      held = at + length < size ? content.value : undefined;
      return ok(content.value.subarray(at, at + length));
    },
  };
}

/** What goes into the pack of a run, and what is to be said about it. */
export type RunParts = { readonly parts: PackParts; readonly manifestDigest: string; readonly warnings: readonly string[] };

/**
 * Takes a runpack for packing; `version` is that of the program. What is checked is what goes into the pack. All faults end with
 * exit 6 but two entries of one name, which stay exit 2.
 */
export async function runParts(host: Host, source: Source, what: string, version: string): Promise<Result<RunParts>> {
  const zipped = await zippedAnew(host, source, what);
  if (!zipped.ok) return asInput(zipped.fault);
  const opened = await openScan(host, bytesSource(zipped.value.bytes), what);
  if (!opened.ok) return opened;
  const { manifest, refs } = opened.value;
  const { run_id } = manifest;
  const payload = await runPayload(opened.value);
  if (!payload.ok) return payload;
  const defect = runPayloadDefect(payload.value, run_id);
  if (defect !== undefined) {
    return fail("run_invalid", `Cannot pack run "${run_id}": member "${defect.pointer}" ${defect.wanted}`, { file: what });
  }
  const files: ZipFile[] = [
    { path: RUN_PAYLOAD, bytes: canonicalBytes(writeShape(PackRunShape, payload.value)) },
    { path: SOURCE_RUNPACK, bytes: zipped.value.bytes },
  ];
  if (refs.receipts.length > 0) {
    const envelope = contextEnvelope(host.crypto, refs, run_id, what);
    if (!envelope.ok) return envelope;
    files.push({ path: CONTEXT_ENVELOPE, bytes: envelope.value });
  }
  const parts = { pack_type: "run", source_ref: run_id, producer_version: version, files } as const;
  const declared = new Set(["manifest.json", ...(manifest.files ?? []).map(({ path }) => path)]);
  const warnings = zipped.value.names.filter((name) => !declared.has(name)).map((name) =>
    `The runpack holds ${quoteName(name)}, which its manifest does not name; the pack will not verify under profile strict`
  );
  return ok({ parts, manifestDigest: manifest.manifest_digest, warnings });
}

/** The last checkpoint of a session's chain, whose links hold. Fault `verification_failed`. */
export function latestCheckpoint(crypto: Crypto, chain: SessionChain, what: string): Result<SessionCheckpoint> {
  const [error] = linkageErrors(crypto, chain);
  if (error !== undefined) return fail("verification_failed", `Cannot pack "${what}": ${error}`, { file: what });
  const last = chain.checkpoints.at(-1);
  return last === undefined ? fail("document_kind", `Cannot pack "${what}": it has no checkpoint`, { file: what }) : ok(last);
}
