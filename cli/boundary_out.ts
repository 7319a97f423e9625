// What a call at the boundary leaves behind (spec 05, section 2.1, steps 11 to 13): trace, journal of the kill switch, runpack, pack,
// exports, each on the disk before the next is begun.
import { utf8 } from "../core/base/bytes.ts";
import { outputPath } from "../core/base/paths.ts";
import { prettyText } from "../core/base/pretty.ts";
import { ok, type Result } from "../core/base/result.ts";
import { later } from "../core/base/time.ts";
import { logLine, otelLine } from "../core/flow/boundary_lines.ts";
import { boundaryFileName } from "../core/flow/boundary_names.ts";
import type { BoundaryRefs } from "../core/flow/boundary_result.ts";
import type { BuiltPack } from "../core/pack/build.ts";
import { type SignedTrace, traceDocument } from "../core/trace/build.ts";
import type { Ports } from "../core/ports.ts";
import type { BoundaryDecision } from "./boundary_types.ts";
import { noteBlocked } from "./gate_files.ts";
import { lineLog, type LogPorts, SHARED_LINES } from "./line_log.ts";

/** Where things go, as it was given; an empty path is none, but that of the trace is then made up. */
export type BoundaryOut = {
  readonly trace: string;
  readonly runpack: string;
  readonly pack: string;
  readonly log: string;
  readonly otel: string;
};

/** The ports that writing takes. */
export type BoundaryOutPorts = LogPorts & Pick<Ports, "host" | "machine">;

/** The file of a trace. */
export const traceBytes = (trace: SignedTrace): Uint8Array<ArrayBuffer> => utf8(prettyText(traceDocument(trace)));

/** The runpack of a call. Faults of `sealRunpack`. */
export async function boundaryRunpack(
  decision: BoundaryDecision,
  { host, machine: { os, arch, runtime } }: Pick<Ports, "host" | "machine">,
): Promise<Result<Uint8Array>> {
  const { boundaryRun } = await import("../core/flow/boundary_run.ts");
  const { sealRunpack } = await import("../core/run/seal.ts");
  const sealed = await sealRunpack(host.crypto, boundaryRun(host.crypto, decision, { os, arch, runtime }), "reference");
  return sealed.ok ? ok(sealed.value.bytes) : sealed;
}

/** The pack of a call, built of its runpack and signed as its trace is; `version` is that of the program. Faults of `buildPack`. */
export async function boundaryPack(
  decision: BoundaryDecision,
  runpack: Uint8Array,
  version: string,
  { host }: Pick<Ports, "host">,
): Promise<Result<BuiltPack>> {
  const { bytesSource } = await import("../core/base/zip_read.ts");
  const { runParts } = await import("../core/flow/pack_run.ts");
  const taken = await runParts(host, bytesSource(runpack), decision.run_id, version);
  return taken.ok ? await decision.pack(taken.value.parts) : taken;
}

/** Adds a line to an export; it is then on the disk. Faults `path_refused`, `store_busy`, `write_failed`. */
export async function addExport(path: string, line: string, what: string, ports: LogPorts): Promise<Result<void>> {
  const cleaned = outputPath(path, what);
  if (!cleaned.ok) return cleaned;
  const lines = lineLog(cleaned.value, ports, SHARED_LINES);
  try {
    return await lines.append(utf8(line));
  } finally {
    lines.close();
  }
}

/**
 * Writes all that a call leaves behind; gives where. `kill_switch` is the path of its state. After a fault what came before it stays
 * written, and the call must not go ahead. Faults `path_refused`, `write_failed`, `store_busy`, those of packs.
 */
export async function writeCall(
  decision: BoundaryDecision,
  out: BoundaryOut,
  { kill_switch, version }: { readonly kill_switch: string; readonly version: string },
  ports: BoundaryOutPorts,
): Promise<Result<BoundaryRefs>> {
  const { store } = ports;
  const write = async (path: string, doc: string, bytes: Uint8Array): Promise<Result<void>> => {
    const cleaned = outputPath(path, doc);
    return cleaned.ok ? await store.write(cleaned.value, bytes, "replace") : cleaned;
  };
  const traced = out.trace === ""
    ? await writeTrace(decision, ports)
    : await write(out.trace, "the trace", traceBytes(decision.trace));
  if (!traced.ok) return traced;
  const trace_path = out.trace === "" ? traced.value ?? "" : out.trace;

  const blocked = await noteBlocked(kill_switch, decision.kill_switch_line, ports, "mcp_proxy");
  if (!blocked.ok) return blocked;

  let pack_id = "";
  if (out.runpack !== "" || out.pack !== "") {
    const runpack = await boundaryRunpack(decision, ports);
    if (!runpack.ok) return runpack;
    const sealed = out.runpack === "" ? ok(undefined) : await write(out.runpack, "the runpack", runpack.value);
    if (!sealed.ok) return sealed;
    const pack = out.pack === "" ? ok(undefined) : await boundaryPack(decision, runpack.value, version, ports);
    if (!pack.ok) return pack;
    if (pack.value !== undefined) {
      const packed = await write(out.pack, "the pack", pack.value.bytes);
      if (!packed.ok) return packed;
      ({ pack_id } = pack.value.manifest);
    }
  }

  for (const [path, what, line] of [[out.log, "the log export", logLine], [out.otel, "the OTEL export", otelLine]] as const) {
    if (path === "") continue;
    const added = await addExport(path, line(decision, trace_path), what, ports);
    if (!added.ok) return added;
  }
  return ok({
    trace_path,
    runpack_path: out.runpack,
    pack_path: out.pack,
    pack_id,
    log_export: out.log,
    otel_export: out.otel,
  });
}

const TRIES = 1_000;

// In the folder where gait runs, under the time of the decision: never over the trace of another call of the same moment.
async function writeTrace(
  { trace, asked_run_id }: BoundaryDecision,
  { store }: Pick<Ports, "store">,
): Promise<Result<string>> {
  const bytes = traceBytes(trace);
  const { observed_at } = trace.unsigned.facts;
  for (let taken = 0;; taken++) {
    const path = boundaryFileName("trace", asked_run_id, later(observed_at, BigInt(taken)) ?? observed_at);
    const written = await store.write(path, bytes, "create");
    if (written.ok) return ok(path);
    if (written.fault.code !== "file_exists" || taken === TRIES) return written;
  }
}
