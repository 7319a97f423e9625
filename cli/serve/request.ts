// A request to decide a call, read from its body and checked before anything is decided (spec 05, section 3.2, steps 4 to 6 and 8).
import { type JsonObject, readJson } from "../../core/base/json.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { readShape } from "../../core/base/shape.ts";
import { trim } from "../../core/base/text.ts";
import { type EvaluateRequest, EvaluateRequestShape } from "../../core/schema/evaluate_request.ts";
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
  if (request.emit_pack && dirs.pack === "" && trim(request.pack_out) === "") {
    return fail("missing_argument", `Cannot write a pack: expected a server with --pack-dir`, { pointer: "/emit_pack" });
  }
  return ok(undefined);
}

/** Whether a caller may name the journal of its session. Fault `path_refused`. */
export const checkJournal = (
  request: Evaluation,
  session_id: string,
  { client_paths }: Pick<ServeSettings, "client_paths">,
): Result<void> =>
  session_id === "" || trim(request.session_journal) === "" || client_paths ? ok(undefined) : refused("session_journal");

const refused = (name: string): Result<never> =>
  fail("path_refused", `Cannot write where member "/${name}" says: expected a server with --allow-client-artifact-paths`, {
    pointer: `/${name}`,
  });
