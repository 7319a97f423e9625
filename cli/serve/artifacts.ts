// What a call leaves behind beside its trace and its record (spec 05, sections 3.3 and 3.4): runpack, pack, checkpoint of its session.
import { joinPath, outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import { type BoundaryFile, boundaryFileName } from "../../core/flow/boundary_names.ts";
import type { BoundaryRefs } from "../../core/flow/boundary_result.ts";
import { changesState } from "../../core/mcp/changes_state.ts";
import type { BoundaryDecision } from "../boundary.ts";
import { boundaryPack, boundaryRunpack } from "../boundary_out.ts";
import type { Evaluation } from "./request.ts";
import type { Service } from "./service.ts";
import type { Recorded } from "./sessions.ts";

/** What was written, and what is to be said of it. */
export type Written = { readonly refs: BoundaryRefs; readonly warnings: readonly string[] };

/** Writes what a call asks for, or what its change of state calls for. Faults `path_refused`, `write_failed`, those of packs and sessions. */
export async function writeArtifacts(
  request: Evaluation,
  decision: BoundaryDecision,
  event: Recorded | undefined,
  service: Service,
): Promise<Result<Written>> {
  const { settings: { dirs, boundary: { version } }, ports } = service;
  const out = {
    runpack: trim(request.runpack_out),
    pack: trim(request.pack_out),
  };
  const makes = {
    runpack: request.emit_runpack && dirs.runpack !== "" && out.runpack === "",
    pack: out.pack === "" && dirs.pack !== "" && (request.emit_pack || changesState(decision.decided.intent)),
  };
  const refs: { -readonly [N in keyof BoundaryRefs]: BoundaryRefs[N] } = {};
  if (out.runpack !== "" || out.pack !== "" || makes.runpack || makes.pack) {
    const runpack = await boundaryRunpack(decision, ports);
    if (!runpack.ok) return runpack;
    const run_id = decision.asked_run_id;
    if (out.runpack !== "" || makes.runpack) {
      const put = makes.runpack
        ? await create("runpack", run_id, runpack.value, decision, service)
        : await replace(out.runpack, "the runpack", runpack.value, service);
      if (!put.ok) return put;
      refs.runpack_path = put.value;
    }
    if (out.pack !== "" || makes.pack) {
      const pack = await boundaryPack(decision, runpack.value, version, ports);
      if (!pack.ok) return pack;
      const put = makes.pack
        ? await create("pack", request.emit_pack ? run_id : decision.run_id, pack.value.bytes, decision, service)
        : await replace(out.pack, "the pack", pack.value.bytes, service);
      if (!put.ok) return put;
      refs.pack_path = put.value;
      refs.pack_id = pack.value.manifest.pack_id;
    }
  }
  const told = await checkpoint(event);
  return told.ok ? ok({ refs, warnings: told.value }) : told;
}

async function replace(given: string, what: string, bytes: Uint8Array, { ports, retention }: Service): Promise<Result<string>> {
  const path = outputPath(given, what);
  if (!path.ok) return path;
  const written = await ports.store.write(path.value, bytes, "replace");
  if (!written.ok) return written;
  retention.added(path.value);
  return ok(given);
}

const TRIES = 1_000;

async function create(
  kind: Exclude<BoundaryFile, "trace">,
  run_id: string,
  bytes: Uint8Array,
  { trace: { unsigned: { facts: { observed_at } } } }: BoundaryDecision,
  { settings: { dirs }, ports, retention, stamps }: Service,
): Promise<Result<string>> {
  for (let tries = 0; tries < TRIES; tries++) {
    const path = joinPath(dirs[kind], boundaryFileName(kind, run_id, stamps(observed_at)));
    const written = await ports.store.write(path, bytes, "create");
    if (written.ok) {
      retention.added(path);
      return ok(path);
    }
    if (written.fault.code !== "file_exists") return written;
  }
  return fail("server_busy", `Cannot write the ${kind}: all names of this moment are taken in "${dirs[kind]}"`);
}

async function checkpoint(event: Recorded | undefined): Promise<Result<readonly string[]>> {
  if (event === undefined) return ok([]);
  const { paths, sequence } = event;
  const told = `session_journal=${paths.journal} sequence=${sequence}`;
  const sealed = await (event.checkpoint ?? ok(""));
  if (!sealed.ok) return sealed;
  return ok(sealed.value === "" ? [told] : [told, `session_checkpoint=${sealed.value} chain=${paths.chain}`]);
}
