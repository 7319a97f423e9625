// `pack inspect` (spec 04, section 5): what a pack or a bare runpack says, whether or not it holds.
import type { Host, Source } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { by } from "../base/order.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { bytesSource } from "../base/zip_read.ts";
import type { PackEntries } from "../pack/entries.ts";
import { documentOf, inspectAuthorization, inspectCall, inspectJob, type Shown, shown } from "../pack/inspect.ts";
import { asInput, openScan, type RunpackScan } from "../run/scan.ts";
import { type PackManifest, PackManifestShape, SOURCE_RUNPACK } from "../schema/pack.ts";
import { PackRunShape, RUN_PAYLOAD } from "../schema/pack_run.ts";
import { namesOf, openAnyPack } from "./pack_open.ts";
import { type Onlooker, runPayload } from "./pack_run_payload.ts";

/** What a pack shows: the head, and its documents by name. */
export type PackInspection = {
  readonly pack_id: string;
  readonly pack_type: string;
  readonly source_ref: string;
  readonly legacy_type?: "runpack";
  readonly documents: Shown;
};

/** Lays a pack or a bare runpack open. All faults end with exit 6 but two entries of one name, which stay exit 2. */
export async function inspectPack(host: Host, source: Source, what: string): Promise<Result<PackInspection>> {
  const inspected = await inspectAny(host, source, what);
  return inspected.ok ? inspected : asInput(inspected.fault);
}

async function inspectAny(host: Host, source: Source, what: string): Promise<Result<PackInspection>> {
  const opened = await openAnyPack(host, source, what, "inspect");
  if (!opened.ok) return opened;
  if (opened.value.kind === "runpack") return await inspectBare(host, source, what);
  const { manifest, entries } = opened.value;
  const payload = await documentsOf(host, entries, manifest.pack_type);
  return ok({ ...namesOf(opened.value), documents: { manifest: writeShape(PackManifestShape, manifest), ...payload } });
}

async function documentsOf(host: Host, entries: PackEntries, type: PackManifest["pack_type"]): Promise<Shown> {
  switch (type) {
    case "run": {
      const payload = await documentOf(entries, PackRunShape, RUN_PAYLOAD);
      return { ...shown("run_payload", payload), ...shown("run_lineage", await lineageIn(host, entries)) };
    }
    case "job":
      return await inspectJob(entries);
    case "call":
      return await inspectCall(entries);
    case "authorization":
      return await inspectAuthorization(entries);
    default:
      return never(type);
  }
}

async function lineageIn(host: Host, entries: PackEntries): Promise<Result<JsonObject>> {
  const bytes = await entries.bytes(SOURCE_RUNPACK);
  if (!bytes.ok) return bytes;
  const runpack = await openScan(host, bytesSource(bytes.value), `${entries.what}/${SOURCE_RUNPACK}`);
  if (!runpack.ok) return runpack;
  const lineage = lineageOf(runpack.value);
  const walked = await runPayload(runpack.value, lineage);
  return walked.ok ? ok(lineage.end()) : walked;
}

async function inspectBare(host: Host, source: Source, what: string): Promise<Result<PackInspection>> {
  const runpack = await openScan(host, source, what);
  if (!runpack.ok) return runpack;
  const { manifest_digest, run_id } = runpack.value.manifest;
  const lineage = lineageOf(runpack.value);
  const payload = await runPayload(runpack.value, lineage);
  if (!payload.ok) return payload;
  const documents = { run_payload: writeShape(PackRunShape, payload.value), run_lineage: lineage.end() };
  return ok({ pack_id: manifest_digest, pack_type: "run", source_ref: run_id, legacy_type: "runpack", documents });
}

// What became of each call of a run: one row an id, the last record of an id counts.
function lineageOf({ run, refs }: RunpackScan): Onlooker & { end(): JsonObject } {
  const rows = new Map<string, { readonly intent_id: string; readonly tool_name?: string; readonly status?: string }>();
  return {
    intent: ({ intent_id, tool_name }) => void rows.set(intent_id, { intent_id, tool_name }),
    result: ({ intent_id, status }) => void rows.set(intent_id, { ...rows.get(intent_id), intent_id, status }),
    end: () => ({
      timeline_events: run.timeline?.length ?? 0,
      receipt_count: refs.receipts.length,
      ...(rows.size === 0 ? {} : { intent_results: [...rows.values()].sort(by(({ intent_id }) => intent_id)) }),
    }),
  };
}

const never = (type: never): never => {
  throw new Error(`unknown type of pack: ${JSON.stringify(type)}`);
};
