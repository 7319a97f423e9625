// Opening what the pack commands take (spec 04, section 4.2): a pack, or a bare runpack in its place. Evidence packs are for verifying
// alone. Nothing is held against a digest here.
import type { Host, Source } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { bytesSource, openZip } from "../base/zip_read.ts";
import type { Archive } from "../base/zip_read.ts";
import { openEntries, type PackEntries } from "../pack/entries.ts";
import { readPackManifest } from "../pack/manifest.ts";
import { readManifest } from "../run/verify.ts";
import type { Manifest } from "../schema/manifest.ts";
import { type PackManifest, SOURCE_RUNPACK } from "../schema/pack.ts";

/** A pack or a bare runpack, laid open. */
export type OpenedPack =
  & {
    readonly what: string;
    readonly archive: Archive;
    readonly entries: PackEntries;
  }
  & (
    | { readonly kind: "pack"; readonly manifest: PackManifest }
    | { readonly kind: "runpack"; readonly manifest: Manifest; readonly source: Source }
  );

/** Opens a pack or a bare runpack; `verb` says in messages what was to be done with it. */
export async function openAnyPack(host: Host, source: Source, what: string, verb: string): Promise<Result<OpenedPack>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return archive;
  const opened = { what, archive: archive.value, entries: openEntries(archive.value, what) };
  const found = await readPackManifest(archive.value, what);
  if (found.ok) {
    return found.value.kind === "pack"
      ? ok({ ...opened, kind: "pack", manifest: found.value.manifest })
      : fail("document_kind", `Cannot ${verb} "${what}": it is an evidence pack; gait pack verify reads those`, { file: what });
  }
  if (found.fault.code !== "manifest_missing" || archive.value.find("manifest.json") === undefined) return found;
  const bare = await readManifest(archive.value, what);
  return bare.ok ? ok({ ...opened, kind: "runpack", manifest: bare.value.value, source }) : bare;
}

/** The runpack that an opened pack holds or is; undefined for one that has none. */
export async function runpackOf(
  opened: OpenedPack,
): Promise<Result<{ readonly source: Source; readonly what: string } | undefined>> {
  if (opened.kind === "runpack") return ok({ source: opened.source, what: opened.what });
  if (!opened.entries.has(SOURCE_RUNPACK)) return ok(undefined);
  const bytes = await opened.entries.bytes(SOURCE_RUNPACK);
  return bytes.ok ? ok({ source: bytesSource(bytes.value), what: `${opened.what}/${SOURCE_RUNPACK}` }) : bytes;
}

/** What a pack is called, of either kind. */
export function namesOf({ kind, manifest }: OpenedPack): Pick<PackManifest, "pack_id" | "pack_type" | "source_ref"> {
  if (kind === "runpack") return { pack_id: manifest.manifest_digest, pack_type: "run", source_ref: manifest.run_id };
  const { pack_id, pack_type, source_ref } = manifest;
  return { pack_id, pack_type, source_ref };
}
