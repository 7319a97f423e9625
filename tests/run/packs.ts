// Runpacks taken apart and put together again, right or wrong in single places.
import { utf8 } from "../../core/base/bytes.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { manifestDigest } from "../../core/run/manifest.ts";
import { type RunpackReport, type Trust, verifyRunpack } from "../../core/run/verify.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { readRecordInput, recordRun } from "../../core/run/record.ts";
import { readShape, type Shape, writeShape } from "../../core/base/shape.ts";
import { MANIFEST_ID, ManifestShape } from "../../core/schema/manifest.ts";
import { IntentShape, RefsShape, ResultShape, RunShape } from "../../core/schema/runpack.ts";
import type { Result } from "../../core/base/result.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import { craftZip } from "../base/craft_zip.ts";
import { PLAIN } from "./runs.ts";

/** The texts of entries by name. */
export type Texts = Readonly<Record<string, string>>;

/** The texts of all entries of an archive, in its order. */
export async function texts(bytes: Uint8Array): Promise<Record<string, string>> {
  const archive = assertOk(await openZip(nodeHost, bytesSource(bytes), "pack.zip"));
  const found: Record<string, string> = {};
  for (const entry of archive.entries) found[entry.path] = new TextDecoder().decode(assertOk(await archive.read(entry)));
  return found;
}

/** An archive of these texts. */
export const zipOf = (files: Texts): Promise<Uint8Array> =>
  writeZip(Object.entries(files).map(([path, text]) => ({ path, bytes: utf8(text) })));

/** The digest of a text. */
export const sha = (text: string): string => sha256Hex(nodeHost.crypto, utf8(text));

/** A text as a JSON object, or a failure. */
export function object(text: string | undefined): JsonObject {
  const value: Json = JSON.parse(text ?? "null");
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`no object: ${text}`);
  return Object.fromEntries(Object.entries(value));
}

/** These entries and a manifest that vouches for each, with `change` put over it before its digest is taken. */
export function vouchedFor(files: Texts, change: JsonObject = {}): Texts {
  const { "manifest.json": old, ...rest } = files;
  const rows = Object.entries(rest).map(([path, text]) => ({ path, sha256: sha(text) }));
  const manifest: JsonObject = { ...object(old), files: rows, ...change };
  const typed = assertOk(readShape(ManifestShape, manifest, "manifest.json"));
  const digest = change.manifest_digest ?? manifestDigest(nodeHost.crypto, typed);
  return { ...rest, "manifest.json": JSON.stringify({ ...manifest, manifest_digest: digest }) };
}

/** A pack of these entries whose manifest vouches for each, with `change` put over it before its digest is taken. */
export const resealed = (files: Texts, change: JsonObject = {}): Promise<Uint8Array> => zipOf(vouchedFor(files, change));

/** The same in a stored archive made by hand: quicker where many are wanted. */
export const quickPack = (files: Texts): Uint8Array =>
  craftZip(Object.entries(vouchedFor(files)).map(([name, content]) => ({ name, content, stored: true })));

/** The texts of the entries of a recorded run, without an archive. */
export function recordedTexts(input: Json): Texts {
  const read = assertOk(readRecordInput(utf8(JSON.stringify(input)), "in.json"));
  const { records, capture } = assertOk(recordRun(nodeHost.crypto, read, PLAIN));
  const { created_at, producer_version, run_id } = records.run;
  const lines = <T>(shape: Shape<T>, all: readonly T[]): string =>
    all.map((record) => `${canonicalText(writeShape(shape, record))}\n`).join("");
  return {
    "intents.jsonl": lines(IntentShape, records.intents),
    "manifest.json": JSON.stringify({
      schema_id: MANIFEST_ID,
      schema_version: "1.0.0",
      created_at,
      producer_version,
      run_id,
      capture_mode: capture,
    }),
    "refs.json": canonicalText(writeShape(RefsShape, records.refs)),
    "results.jsonl": lines(ResultShape, records.results),
    "run.json": canonicalText(writeShape(RunShape, records.run)),
  };
}

/** Trusts nobody and demands nothing. */
export const NO_TRUST: Trust = { key: undefined, requireSignature: false, refuseUndeclared: false };

/** Verifies a pack. */
export const verify = (bytes: Uint8Array, trust: Partial<Trust> = {}): Promise<Result<RunpackReport>> =>
  verifyRunpack(nodeHost, bytesSource(bytes), "pack.zip", { ...NO_TRUST, ...trust });
