// `pack diff` (spec 04, section 5): how two packs differ in what they declare, and whether the runs in them saw the same context.
import { canonicalText } from "../base/canonical.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto, Host, Source } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import { diffPacks, type DiffSide } from "../pack/diff.ts";
import { readEntry } from "../pack/entries.ts";
import { evidenceMode } from "../run/refs.ts";
import { asInput, openScan } from "../run/scan.ts";
import { PACK_EPOCH, PackManifestShape } from "../schema/pack.ts";
import type { PackDiff, PackDrift } from "../schema/pack_diff.ts";
import { PackRunShape, RUN_PAYLOAD } from "../schema/pack_run.ts";
import { type Refs, RefsShape } from "../schema/runpack.ts";
import { toUtc } from "../base/time.ts";
import { namesOf, openAnyPack, type OpenedPack, runpackOf } from "./pack_open.ts";

/** What a run says of its context: all of it where its runpack can be read, else what its payload repeats. */
type Context = {
  readonly refs: Refs | undefined;
  readonly digest: string;
  readonly mode: string;
  readonly count: number;
};

/** Compares two packs or bare runpacks. All faults end with exit 6 but two entries of one name, which stay exit 2. */
export async function diffPackFiles(
  host: Host,
  left: { readonly source: Source; readonly what: string },
  right: { readonly source: Source; readonly what: string },
): Promise<Result<PackDiff>> {
  const one = await openAnyPack(host, left.source, left.what, "diff");
  if (!one.ok) return asInput(one.fault);
  const other = await openAnyPack(host, right.source, right.what, "diff");
  if (!other.ok) return asInput(other.fault);
  const sides = [sideOf(host.crypto, one.value), sideOf(host.crypto, other.value)] as const;
  const bothRuns = sides.every(({ pack_type }) => pack_type === "run");
  const drift = bothRuns ? driftBetween(await contextOf(host, one.value), await contextOf(host, other.value)) : "none";
  return ok(diffPacks(...sides, drift));
}

function sideOf(crypto: Crypto, opened: OpenedPack): DiffSide {
  const { pack_id, pack_type } = namesOf(opened);
  return opened.kind === "pack"
    ? {
      pack_id,
      pack_type,
      manifestDigest: digestOf(crypto, writeShape(PackManifestShape, opened.manifest)),
      files: opened.manifest.contents,
    }
    : { pack_id, pack_type, manifestDigest: opened.manifest.manifest_digest, files: opened.manifest.files ?? [] };
}

async function contextOf(host: Host, opened: OpenedPack): Promise<Context> {
  const refs = await refsOf(host, opened);
  if (refs !== undefined) {
    const { context_set_digest, context_evidence_mode, context_ref_count } = refs;
    return { refs, digest: context_set_digest, mode: context_evidence_mode, count: context_ref_count };
  }
  const payload = await readEntry(opened.entries, PackRunShape, RUN_PAYLOAD);
  if (!payload.ok) return { refs: undefined, digest: "", mode: "", count: 0 }; // it says nothing of its context
  const { context_set_digest, context_evidence_mode, context_ref_count } = payload.value.value;
  const mode = evidenceMode(context_evidence_mode) ?? trim(context_evidence_mode);
  return { refs: undefined, digest: lower(trim(context_set_digest)), mode, count: context_ref_count };
}

/** The refs of the run in a pack in normal form; undefined where they cannot be read. */
async function refsOf(host: Host, opened: OpenedPack): Promise<Refs | undefined> {
  const runpack = await runpackOf(opened);
  if (!runpack.ok || runpack.value === undefined) return undefined;
  const scan = await openScan(host, runpack.value.source, runpack.value.what);
  if (!scan.ok) return undefined;
  const { refs } = scan.value;
  return { ...refs, created_at: toUtc(refs.created_at) ?? refs.created_at };
}

const textOf = (refs: Refs): string => canonicalText(writeShape(RefsShape, refs));

/** Refs without what differs from one run to the next where only the time is another. */
const timeless = (refs: Refs): string =>
  textOf({
    ...refs,
    context_set_digest: "",
    receipts: refs.receipts.map((receipt) => ({ ...receipt, retrieved_at: PACK_EPOCH })),
  });

function driftBetween(left: Context, right: Context): PackDrift {
  const alike = left.mode === right.mode && left.count === right.count;
  if (left.refs === undefined || right.refs === undefined) {
    return alike && left.digest === right.digest ? "none" : "semantic";
  }
  if (alike && textOf(left.refs) === textOf(right.refs)) return "none";
  return alike && timeless(left.refs) === timeless(right.refs) ? "runtime_only" : "semantic";
}
