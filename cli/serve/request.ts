// A request to decide a call, read from its body and checked before anything is decided (spec 05, section 3.2, steps 4 to 6 and 8).
import { type JsonObject, readJson } from "../../core/base/json.ts";
import { outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { readShape } from "../../core/base/shape.ts";
import { trim } from "../../core/base/text.ts";
import type { Files } from "../../core/ports.ts";
import { type EvaluateRequest, EvaluateRequestShape } from "../../core/schema/evaluate_request.ts";
import type { SessionIds } from "../session_start.ts";
import { sessionBase } from "./sessions.ts";
import type { ServeSettings } from "./settings.ts";

/** A request that may be decided. */
export type Evaluation = Omit<EvaluateRequest, "call"> & { readonly call: JsonObject };

const WHAT = "request";

/** Reads a body. Faults: those of the JSON reader, `document_shape`, `missing_argument`. */
export function readEvaluation(body: Uint8Array): Result<Evaluation> {
  const json = readJson(body, WHAT, { text: "replace" });
  if (!json.ok) return json;
  const request = readShape(EvaluateRequestShape, json.value, WHAT);
  if (!request.ok) return request;
  const { call, ...others } = request.value;
  if (call === undefined || Object.keys(call).length === 0) {
    return fail("missing_argument", `Cannot decide the request: expected member "call" with the call`, { pointer: "/call" });
  }
  return ok({ ...others, call });
}

const PATHS = ["trace_path", "runpack_out", "pack_out"] as const;

/** Whether the server lets a caller ask for this. Faults `path_refused`, `missing_argument`. */
export function checkAsked(
  request: Evaluation,
  { client_paths, dirs }: Pick<ServeSettings, "client_paths" | "dirs">,
): Result<void> {
  const named = PATHS.find((name) => trim(request[name]) !== "");
  if (named !== undefined && !client_paths) return refused(named);
  // That of the trace alone: by the contract a call is decided and has its trace before runpack and pack are written (spec 05, section 2.1).
  const trace = trim(request.trace_path) === "" ? ok("") : outputPath(request.trace_path, "the trace");
  if (!trace.ok) return trace;
  if (request.emit_pack && dirs.pack === "" && trim(request.pack_out) === "") {
    return fail("missing_argument", `Cannot write a pack: expected a server with --pack-dir`, { pointer: "/emit_pack" });
  }
  return ok(undefined);
}

/**
 * Whether files can be named by the session and run of a call, and whether its caller may name its journal, which `looked` says of by
 * itself; without a session it does not count. Fault `path_refused`.
 */
export function checkSession(
  { session_journal }: Evaluation,
  looked: Result<void>,
  { session_id, run_id }: SessionIds,
  { client_paths }: Pick<ServeSettings, "client_paths">,
): Result<void> {
  if (session_id === "") return ok(undefined);
  if (trim(session_journal) !== "") {
    if (!client_paths) return refused("session_journal");
    const path = outputPath(session_journal, "the journal of the session");
    return path.ok ? looked : path;
  }
  const base = sessionBase(session_id, run_id);
  return base.ok ? ok(undefined) : base;
}

/**
 * Whether the journal that a caller names for its session is a file, or nothing yet: reading a pipe may never end, and would hold up all
 * other calls. Fault `path_refused`.
 */
export async function checkJournalFile(
  { session_journal }: Evaluation,
  { client_paths }: Pick<ServeSettings, "client_paths">,
  files: Pick<Files, "kind">,
): Promise<Result<void>> {
  const path = client_paths ? trim(session_journal) : ""; // nobody else learns what there is
  const kind = path === "" ? "none" : await files.kind(path);
  return kind === "none" || kind === "file"
    ? ok(undefined)
    : fail("path_refused", `Cannot keep the session in "${path}": it is not a plain file`, { pointer: "/session_journal" });
}

/** Most characters of a run id: names of files hold it beside a time, and 255 bytes are what file systems take. */
const LONGEST_RUN = 200;

/** Whether files can be named by a run id in its normal form. Fault `path_refused`. */
export const checkRun = (run_id: string): Result<void> =>
  run_id.length <= LONGEST_RUN ? ok(undefined) : fail(
    "path_refused",
    `Cannot name files by run "${run_id.slice(0, LONGEST_RUN)}...": expected a run id of at most ${LONGEST_RUN} characters`,
  );

const refused = (name: string): Result<never> =>
  fail("path_refused", `Cannot write where member "/${name}" says: expected a server with --allow-client-artifact-paths`, {
    pointer: `/${name}`,
  });
