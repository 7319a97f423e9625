// Packs for tests: of every kind, taken apart, put together again with a manifest made by hand, right or wrong in single places.
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import type { Result } from "../../core/base/result.ts";
import { signDigest, type SigningKey } from "../../core/base/sign.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { runParts } from "../../core/flow/pack_run.ts";
import { type PackVerdict, verifyPackFile } from "../../core/flow/pack_verify.ts";
import { buildPack } from "../../core/pack/build.ts";
import type { PackTrust } from "../../core/pack/verify_pack.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import { object, sha, type Texts } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";

/** A key to sign with, and another. */
export const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(7));
export const OTHER_KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(8));

/** A run with two receipts, their digests in no order and no good spelling. */
export const WITH_CONTEXT: Json = {
  ...SMALL,
  refs: {
    receipts: [
      {
        ref_id: "kb-2",
        source_type: "wiki",
        source_locator: "w/2",
        query_digest: "B".repeat(64),
        content_digest: "c".repeat(64),
        redaction_mode: "hashed",
      },
      {
        ref_id: "kb-1",
        source_type: " wiki ",
        source_locator: "w/1",
        query_digest: "d".repeat(64),
        content_digest: "e".repeat(64),
        retrieved_at: "2026-03-01T11:00:00+01:00",
        redaction_mode: "reference",
      },
    ],
  },
};

/** The bytes of a runpack. */
export const runpack = async (input: Json = SMALL): Promise<Uint8Array> => (await sealed(input)).bytes;

/** The pack of a run. */
export async function runPack(input: Json = SMALL, key?: SigningKey): Promise<Uint8Array> {
  const { parts } = assertOk(await runParts(nodeHost, bytesSource(await runpack(input)), "rp.zip", "1.2.3"));
  return assertOk(await buildPack(nodeHost.crypto, parts, key)).bytes;
}

/** The entries of an archive, in its order. */
export async function entriesOf(bytes: Uint8Array): Promise<ZipFile[]> {
  const archive = assertOk(await openZip(nodeHost, bytesSource(bytes), "pack.zip"));
  const files: ZipFile[] = [];
  for (const entry of archive.entries) files.push({ path: entry.path, bytes: assertOk(await archive.read(entry)) });
  return files;
}

/** The text of one entry. */
export const textOf = (files: readonly ZipFile[], path: string): string =>
  new TextDecoder().decode(files.find((file) => file.path === path)?.bytes ?? new Uint8Array());

/** The same entries, one of them with other content. */
export const withText = (files: readonly ZipFile[], path: string, text: string): ZipFile[] => [
  ...files.filter((file) => file.path !== path),
  { path, bytes: utf8(text) },
];

/** The same entries, some members of one document changed; undefined takes a member out. */
export function withMembers(
  files: readonly ZipFile[],
  path: string,
  change: Readonly<Record<string, Json | undefined>>,
): ZipFile[] {
  const merged = Object.entries({ ...object(textOf(files, path)), ...change }).filter(([, value]) => value !== undefined);
  return withText(files, path, JSON.stringify(Object.fromEntries(merged)));
}

const MANIFEST = "pack_manifest.json";
const digest = (bytes: Uint8Array): string =>
  Array.from(nodeHost.crypto.sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * A pack of these entries under a manifest made by hand, of any that is among them: its rows are made anew, `change` put over it, its
 * id computed last, then signed when a key is given.
 */
export async function repacked(
  files: readonly ZipFile[],
  change: JsonObject = {},
  key?: SigningKey,
  space?: number,
): Promise<Uint8Array> {
  const { signatures: _, ...old } = object(textOf(files, MANIFEST) || "{}");
  const rest = files.filter(({ path }) => path !== MANIFEST);
  const contents = rest.map(({ path, bytes }) => ({ path, sha256: digest(bytes), type: path.split(".").at(-1) ?? "blob" }));
  const unnamed: JsonObject = {
    schema_id: "gait.pack.manifest",
    schema_version: "1.0.0",
    created_at: "2031-01-01T00:00:00Z",
    producer_version: "third-party/1",
    ...old,
    contents,
    ...change,
  };
  const named = { ...unnamed, pack_id: change.pack_id ?? sha(canonicalText({ ...unnamed, pack_id: "" })) };
  const signatures = key === undefined ? [] : [await signDigest(nodeHost.crypto, key, sha(canonicalText(named)))];
  const manifest = signatures.length === 0 ? named : { ...named, signatures };
  return await writeZip([...rest, { path: MANIFEST, bytes: utf8(JSON.stringify(manifest, undefined, space)) }]);
}

const PLAIN: PackTrust = { key: undefined, requireSignature: false, strict: false };

/** What profile strict demands, with the key that signs. */
export const STRICT: PackTrust = { key: KEY, requireSignature: true, strict: true };

/** Verifies a pack. */
export const verify = (bytes: Uint8Array, trust: Partial<PackTrust> = {}): Promise<Result<PackVerdict>> =>
  verifyPackFile(nodeHost, bytesSource(bytes), "pack.zip", { ...PLAIN, ...trust });

const packOf = (type: string, ref: string, texts: Texts): readonly ZipFile[] => [
  { path: MANIFEST, bytes: utf8(JSON.stringify({ pack_type: type, source_ref: ref })) },
  ...Object.entries(texts).map(([path, text]) => ({ path, bytes: utf8(text) })),
];

const lines = (...records: readonly Json[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");

const STANDING = {
  job_id: "j1",
  created_at: "2031-05-01T06:00:00Z",
  status: "paused",
  stop_reason: "paused_by_user",
  status_reason_code: "paused",
  environment_fingerprint: "envfp:x",
  safety_invariant_version: "1",
  safety_invariant_hash: "a".repeat(64),
};

/** The entries of a job pack. */
export const JOB: readonly ZipFile[] = packOf("job", "j1", {
  "job_payload.json": JSON.stringify({
    schema_id: "gait.pack.job",
    schema_version: "1.0.0",
    ...STANDING,
    checkpoint_count: 2,
    approval_count: 0,
  }),
  "job_state.json": JSON.stringify({
    ...STANDING,
    revision: 3,
    checkpoints: [{ checkpoint_id: "cp_0002", type: "plan" }, {
      checkpoint_id: "cp_0001",
      type: "progress",
      reason_code: "checkpoint_progress",
    }],
  }),
  "job_events.jsonl": lines({ job_id: "j1", type: "submitted", revision: 1 }, { job_id: "j1", type: "paused", revision: 3 }),
});

const TYPES = ["asr.final", "commitment.declared", "gate.decision", "tts.request", "tts.emitted", "tool.intent", "tool.result"];

const COUNTED = {
  schema_version: "1.0.0",
  created_at: "2031-06-10T14:00:00Z",
  call_id: "c1",
  privacy_mode: "hash_only",
  event_count: 7,
  commitment_count: 1,
  decision_count: 1,
  speak_receipt_count: 1,
  reference_digest_count: 0,
};

const promise = { call_id: "c1", turn_index: 1, commitment_class: "refund" };

/** The lines of a call, for tests that change one of them. */
export const CALL_LINES = {
  events: TYPES.map((event_type, i): JsonObject => ({
    created_at: "2031-06-10T14:00:01Z",
    ...promise,
    call_seq: i + 1,
    event_type,
    say_token_id: "tok-1",
  })),
  commitment: {
    created_at: "2031-06-10T14:00:01Z",
    ...promise,
    call_seq: 2,
    context: { identity: "bot", workspace: "/w", risk_class: "high" },
  },
  decision: { ...promise, call_seq: 3, verdict: "allow" },
  receipt: {
    ...promise,
    call_seq: 5,
    say_token_id: "tok-1",
    spoken_digest: "f".repeat(64),
    emitted_at: "2031-06-10T14:00:05Z",
  },
} as const;

/** The text of JSON lines. */
export const jsonLines = lines;

/** The entries of a call pack. */
export const CALL: readonly ZipFile[] = [
  ...packOf("call", "c1", {
    "call_payload.json": JSON.stringify({ schema_id: "gait.pack.call", ...COUNTED, run_id: "run_small" }),
    "callpack_manifest.json": JSON.stringify({ schema_id: "gait.voice.callpack_manifest", producer_version: "v", ...COUNTED }),
    "call_events.jsonl": lines(...CALL_LINES.events),
    "commitments.jsonl": lines(CALL_LINES.commitment),
    "gate_decisions.jsonl": lines(CALL_LINES.decision),
    "speak_receipts.jsonl": lines(CALL_LINES.receipt),
    "reference_digests.json": "null",
  }),
  { path: "source/runpack.zip", bytes: await runpack() },
];

const TRACE = '{ "n" : 1.0, "verdict": "allow" }';
const NOTE = "done\n";

/** The entries of an authorization pack. */
export const AUTHORIZATION: readonly ZipFile[] = packOf("authorization", "t1", {
  "authorization_bundle.json": JSON.stringify({
    schema_id: "gait.gate.authorization_bundle",
    schema_version: "1.0.0",
    trace_id: "t1",
    policy_digest: "1".repeat(64),
    intent_digest: "2".repeat(64),
    trace_path: "ev/t.json",
    trace_digest: sha('{"n":1,"verdict":"allow"}'),
    outcome_path: "note.txt",
    outcome_digest: sha(NOTE),
    outcome_status: "allow",
  }),
  "evidence/ev/t.json": TRACE,
  "evidence/note.txt": NOTE,
});
