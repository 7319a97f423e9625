// Authorization bundles (spec 04, section 3.5): brought into normal form, their links checked before anything is read by them, and
// bound to the evidence by its digests.
import { hex } from "../base/bytes.ts";
import { canonicalBytes } from "../base/canonical.ts";
import { digestOf, sha256Hex } from "../base/digest.ts";
import { placed, readDocument } from "../base/document.ts";
import type { Crypto, Source } from "../base/host.ts";
import { readJson } from "../base/json.ts";
import { quoted } from "../base/json_words.ts";
import { cleanPath } from "../base/paths.ts";
import { fail, type Fault, located, ok, type Result } from "../base/result.ts";
import { type Misfit, writeShape } from "../base/shape.ts";
import { isHex64, trim } from "../base/text.ts";
import { isZeroTime, toUtc } from "../base/time.ts";
import { unsafeName } from "../base/zip_names.ts";
import { piecesOf } from "../base/zip_source.ts";
import {
  AUTHORIZATION_BUNDLE,
  AUTHORIZATION_BUNDLE_ID,
  type AuthorizationBundle,
  AuthorizationBundleShape,
  EVIDENCE_FOLDER,
  EVIDENCE_LINKS,
  type EvidenceLink,
} from "../schema/authorization_bundle.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PACK_EPOCH } from "../schema/pack.ts";
import { VERDICTS } from "../schema/trace.ts";
import type { PackFile } from "./build.ts";
import { digestOrNone, firstBroken, isDigest, notBlank, type Rule } from "./rules.ts";

/** Longest bundle that is read. */
export const BUNDLE_LIMIT = 2 ** 20;

/** A link of a bundle that names a file. */
export type LinkedEvidence = { readonly link: EvidenceLink; readonly path: string; readonly digest: string };

/** The links of a bundle that name a file, in their order. */
export const linkedEvidence = (bundle: AuthorizationBundle): readonly LinkedEvidence[] =>
  EVIDENCE_LINKS.map((link) => ({ link, path: bundle[`${link}_path`], digest: bundle[`${link}_digest`] }))
    .filter(({ path }) => path !== "");

/** The entry of a pack that holds the evidence at a path. */
export const evidenceEntry = (path: string): string => `${EVIDENCE_FOLDER}${path}`;

/** The path of a link in its one spelling: below the bundle's folder, whatever system wrote it. Blank stays blank. */
const portable = (path: string): string => path === "" ? "" : cleanPath(path.replaceAll("\\", "/"));

const pathRule = (pointer: string, path: string): Rule => {
  const name = evidenceEntry(path);
  const why = path === "."
    ? "names no file"
    : path.startsWith("/") || /^[A-Za-z]:/.test(path)
    ? "is absolute"
    : unsafeName(name) ?? (name.isWellFormed() ? undefined : "is no text");
  return [pointer, path === "" || why === undefined, `must be a path below the folder of the bundle: it ${why}`];
};

const linkRules = (bundle: AuthorizationBundle, link: EvidenceLink): readonly Rule[] => {
  const [path, digest] = [bundle[`${link}_path`], bundle[`${link}_digest`]];
  return [
    pathRule(`/${link}_path`, path),
    digestOrNone(`/${link}_digest`, digest),
    [`/${link}_path`, path !== "" || digest === "", `must not be blank where there is a ${link}_digest`],
  ];
};

/** What must hold of every bundle, in a pack or before it is one. */
export const bundleDefect = (bundle: AuthorizationBundle): Misfit | undefined =>
  firstBroken([
    ["/schema_id", bundle.schema_id === AUTHORIZATION_BUNDLE_ID, `must be "${AUTHORIZATION_BUNDLE_ID}"`],
    ["/schema_version", bundle.schema_version === VERSION_1, `must be "${VERSION_1}"`],
    notBlank("/trace_id", bundle.trace_id),
    isDigest("/policy_digest", bundle.policy_digest),
    isDigest("/intent_digest", bundle.intent_digest),
    ...EVIDENCE_LINKS.flatMap((link) => linkRules(bundle, link)),
  ]);

/** Whether the word for how it ended is one. */
export const isOutcome = (status: string): boolean => ["", ...VERDICTS].includes(status);

/** A bundle in normal form: defaults filled in, paths in one spelling. */
export const normalBundle = (bundle: AuthorizationBundle, version: string): AuthorizationBundle => ({
  ...bundle,
  schema_id: trim(bundle.schema_id) || AUTHORIZATION_BUNDLE_ID,
  schema_version: trim(bundle.schema_version) || VERSION_1,
  created_at: isZeroTime(bundle.created_at) ? PACK_EPOCH : toUtc(bundle.created_at) ?? PACK_EPOCH,
  producer_version: trim(bundle.producer_version) || version,
  trace_path: portable(bundle.trace_path),
  approval_audit_path: portable(bundle.approval_audit_path),
  credential_evidence_path: portable(bundle.credential_evidence_path),
  delegation_audit_path: portable(bundle.delegation_audit_path),
  context_evidence_path: portable(bundle.context_evidence_path),
  outcome_path: portable(bundle.outcome_path),
});

/**
 * Reads a bundle; `version` is that of the program, which stands in where the bundle names none. Its links may be followed: none
 * leaves the folder. Faults: `bundle_invalid`, `outcome_unknown`, and what the JSON and shape readers refuse.
 */
export function readBundle(bytes: Uint8Array, what: string, version: string): Result<AuthorizationBundle> {
  const at = { file: what };
  const read = readDocument(AuthorizationBundleShape, bytes, what, at, { maxBytes: BUNDLE_LIMIT });
  if (!read.ok) return read;
  const bundle = normalBundle(read.value.value, version);
  const defect = bundleDefect(bundle);
  if (defect !== undefined) return refused("bundle_invalid", bytes, what, defect);
  if (isOutcome(bundle.outcome_status)) return ok(bundle);
  const wanted = `must be one of ${VERDICTS.join(", ")}, not ${quoted(bundle.outcome_status)}`;
  return refused("outcome_unknown", bytes, what, { pointer: "/outcome_status", wanted });
}

const refused = (code: Fault["code"], bytes: Uint8Array, what: string, { pointer, wanted }: Misfit): Result<never> => {
  const message = `Cannot use authorization bundle "${what}": member "${pointer}" ${wanted}`;
  return { ok: false, fault: placed({ code, message, at: { file: what, pointer } }, bytes) };
};

const isJson = (path: string): boolean => path.toLowerCase().endsWith(".json");

/** The digest of a piece of evidence: of its canonical form where its name ends in `.json`. Faults of JSON. */
export function evidenceDigest(crypto: Crypto, path: string, bytes: Uint8Array): Result<string> {
  if (!isJson(path)) return ok(sha256Hex(crypto, bytes));
  const json = readJson(bytes, path, { text: "replace" });
  return json.ok ? ok(digestOf(crypto, json.value)) : { ok: false, fault: located(json.fault, { file: path }) };
}

/** The digests of a piece of evidence: that of a link to it, and that of its bytes. */
type EvidenceDigests = { readonly linked: string; readonly sha256: string };

// Held is only what is JSON, and only here. What two links name is read once: both are then about the same bytes.
async function digestsOf(
  crypto: Crypto,
  path: string,
  source: Source,
  known: EvidenceDigests | undefined,
): Promise<Result<EvidenceDigests>> {
  if (known !== undefined) return ok(known);
  if (isJson(path)) {
    const bytes = await source.read(0, source.size);
    const linked = evidenceDigest(crypto, path, bytes);
    return linked.ok ? ok({ linked: linked.value, sha256: sha256Hex(crypto, bytes) }) : linked;
  }
  const hasher = crypto.hasher();
  for await (const piece of piecesOf(source)) hasher.update(piece);
  const sha256 = hex(hasher.digest());
  return ok({ linked: sha256, sha256 });
}

/**
 * Binds a bundle to its evidence, which `evidence` has by path: digests are filled in, and those that are there must be right. Gives the
 * bundle and the files of its pack. Faults `bundle_invalid` and those of JSON.
 */
export async function bindEvidence(
  crypto: Crypto,
  bundle: AuthorizationBundle,
  evidence: ReadonlyMap<string, Source>,
  what: string,
): Promise<Result<{ readonly bundle: AuthorizationBundle; readonly files: readonly PackFile[] }>> {
  const digests: Partial<Record<`${EvidenceLink}_digest`, string>> = {};
  const known = new Map<string, EvidenceDigests>();
  for (const { link, path, digest } of linkedEvidence(bundle)) {
    const source = evidence.get(path);
    if (source === undefined) throw new Error(`no evidence ${path}`);
    const actual = await digestsOf(crypto, path, source, known.get(path));
    if (!actual.ok) return actual;
    known.set(path, actual.value);
    const { linked } = actual.value;
    if (digest !== "" && digest !== linked) {
      const words = `member "/${link}_digest" must be the digest of "${path}", "${linked}"`;
      return fail("bundle_invalid", `Cannot use authorization bundle "${what}": ${words}`, {
        file: what,
        pointer: `/${link}_digest`,
      });
    }
    digests[`${link}_digest`] = linked;
  }
  const bound: AuthorizationBundle = { ...bundle, ...digests };
  const own = { path: AUTHORIZATION_BUNDLE, bytes: canonicalBytes(writeShape(AuthorizationBundleShape, bound)) };
  const files = [...evidence].map(([path, source]) => {
    const sha256 = known.get(path)?.sha256;
    if (sha256 === undefined) throw new Error(`no link to evidence ${path}`);
    return { path: evidenceEntry(path), source, sha256, what: path };
  });
  return ok({ bundle: bound, files: [own, ...files] });
}

/** Whether a link of a bundle is there with path and digest. */
export const isLinked = (bundle: AuthorizationBundle, link: EvidenceLink): boolean =>
  bundle[`${link}_path`] !== "" && isHex64(bundle[`${link}_digest`]);
