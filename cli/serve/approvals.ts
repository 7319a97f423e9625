// Pending approvals over HTTP: looking at the inbox, filing the signed decision of an approver, and deciding a call once more with the
// approvals that are there. Nothing is approved here: what counts is the signature on what comes in.
import { decisionFailure, isAbout, readDecision } from "../../core/authority/approver_decision.ts";
import { PENDING_LIMIT, requestName } from "../../core/authority/pending.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { type JsonObject, readJsonObject } from "../../core/base/json.ts";
import { joinPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { isHex64 } from "../../core/base/text.ts";
import { readShape, writeShape } from "../../core/base/shape.ts";
import { HeldCallShape } from "../../core/schema/held_call.ts";
import { stand } from "../approvals_decide.ts";
import { inboxData, LISTED, requestData } from "../approvals_data.ts";
import { findRequest } from "../approvals_inbox.ts";
import { tokenKey } from "../gate_authority.ts";
import type { BoundaryDecision } from "../boundary.ts";
import { evaluate, type Evaluated } from "./evaluate.ts";
import type { Evaluation } from "./request.ts";
import type { Service } from "./service.ts";

/** The file that holds the call of a request as it came, beside the request. */
const heldName = (id: string): string => `call_${id}.json`;

/** The requests of the inbox, by `?state=`. Faults `flag_value`, those of the folder. */
export function listApprovals(query: string, { settings: { pending_dir }, ports }: Service): Promise<Result<object>> {
  const state = new URLSearchParams(query).get("state") ?? "open";
  const known = LISTED.find((one) => one === state);
  return known === undefined
    ? Promise.resolve(fail("flag_value", `Cannot list requests of state "${state}": wanted is one of ${LISTED.join(", ")}`))
    : inboxData(pending_dir, known, ports.clock.now(), ports);
}

/** The id in a path. Fault `request_missing`: nothing else is ever looked for, so no path of a caller becomes one of a file. */
const idIn = (given: string): Result<string> =>
  isHex64(given) ? ok(given) : fail("request_missing", `Cannot find request "${given}": expected all 64 digits of an id`);

async function approvalKey({ settings: { boundary }, boundary: { usable }, ports }: Service) {
  const own = await usable();
  if (!own.ok) return own;
  return await tokenKey("approval", [["approval-", boundary.keys.approval]], boundary.profile, own.value.key, ports);
}

/** One request, with what its key says of its decisions. */
export async function showApproval(given: string, query: string, service: Service): Promise<Result<object>> {
  const { settings: { pending_dir }, ports } = service;
  const id = idIn(given);
  if (!id.ok) return id;
  const key = await approvalKey(service);
  if (!key.ok) return key;
  const full = new URLSearchParams(query).get("full") === "true";
  return await requestData(pending_dir, id.value, { key: key.value, full, now: ports.clock.now() }, ports);
}

/** The file of a request as it is, for an approver who signs elsewhere: its bytes are what its id is made of. */
export async function approvalFile(given: string, { settings: { pending_dir }, ports }: Service): Promise<Result<Uint8Array>> {
  const id = idIn(given);
  if (!id.ok) return id;
  const found = await findRequest(pending_dir, id.value, ports.clock.now(), ports);
  return found.ok ? await ports.files.read(joinPath(pending_dir, requestName(id.value)), PENDING_LIMIT) : found;
}

/**
 * Files a decision that an approver signed: a token, the proof of a batch, or a denial. Faults `token_refused` for one that is not signed
 * by the key of the approvers or is about something else, `request_closed`, `request_missing`, those of the readers.
 */
export async function decideApproval(given: string, body: Uint8Array, service: Service): Promise<Result<object>> {
  const { settings: { pending_dir }, ports, log } = service;
  const id = idIn(given);
  if (!id.ok) return id;
  const now = ports.clock.now();
  const found = await findRequest(pending_dir, id.value, now, ports);
  if (!found.ok) return found;
  const json = readJsonObject(body, "decision");
  if (!json.ok) return json;
  const decision = readDecision(body, "decision");
  if (!decision.ok) return decision;
  const key = await approvalKey(service);
  if (!key.ok) return key;
  const { host: { crypto } } = ports;
  const refuse = (why: string) => fail("token_refused", `Cannot file the decision about request "${id.value}": ${why}`);
  const failure = await decisionFailure(crypto, decision.value, found.value.request, key.value, now);
  if (failure !== undefined) return refuse(failure);
  if (!isAbout(decision.value, id.value, found.value.request)) return refuse("it is about another request");
  const { approver_identity: approver, token_id } = decision.value.kind === "denial"
    ? { ...decision.value.denial, token_id: "" }
    : decision.value.approval.token;
  const filed = await stand(pending_dir, found.value, json.value, { approver, token_id }, ports);
  if (!filed.ok) return filed;
  const after = await findRequest(pending_dir, id.value, now, ports);
  if (!after.ok) return after;
  log("info", "approval_filed", { request_id: id.value, decision: decision.value.kind, approver_identity: approver });
  return ok({
    ok: true,
    request_id: id.value,
    decision: decision.value.kind === "denial" ? "denied" : "approved",
    approver_identity: approver,
    state: after.value.standing.state,
    path: filed.value,
  });
}

/** Keeps a call as it came, for when it is decided again; what the request itself shows lacks the tool's server and the form. */
export async function holdCall(
  id: string,
  request: Evaluation,
  { settings: { pending_dir }, ports }: Service,
): Promise<Result<void>> {
  const { adapter, call, run_id, session_id } = request;
  const held = writeShape(HeldCallShape, { adapter, call, run_id, session_id });
  return await ports.store.write(joinPath(pending_dir, heldName(id)), utf8(`${JSON.stringify(held)}\n`), "create");
}

/**
 * Decides the call of a request once more, with the approvals in the inbox. Faults `request_missing`, `request_changed` where the call
 * that was kept is not the one that was asked about, those of deciding.
 */
export async function resubmit(
  given: string,
  beside: { readonly began: string; readonly traceparent: string },
  service: Service,
): Promise<Result<Evaluated>> {
  const { settings: { pending_dir }, ports } = service;
  const id = idIn(given);
  if (!id.ok) return id;
  const found = await findRequest(pending_dir, id.value, beside.began, ports);
  if (!found.ok) return found;
  const { standing, request } = found.value;
  if (standing.state === "denied" || standing.state === "damaged" || standing.state === "expired") {
    return fail("request_closed", `Cannot decide request "${id.value}" again: it is ${standing.state}`);
  }
  const path = joinPath(pending_dir, heldName(id.value));
  const bytes = await ports.files.read(path, PENDING_LIMIT);
  if (!bytes.ok) {
    return fail(
      "request_missing",
      `Cannot decide request "${id.value}" again: its call is not kept here; send the call itself`,
    );
  }
  const json = readJsonObject(bytes.value, path);
  const held = json.ok ? readShape(HeldCallShape, json.value, path) : json;
  if (!held.ok) return held;
  const evaluation: Evaluation = {
    adapter: held.value.adapter,
    call: held.value.call ?? {},
    run_id: held.value.run_id,
    session_id: held.value.session_id,
    session_journal: "",
    checkpoint_interval: 0,
    trace_path: "",
    runpack_out: "",
    emit_runpack: false,
    pack_out: "",
    emit_pack: false,
  };
  const accepts = (decision: BoundaryDecision): Result<void> =>
    decision.decided.digests.intent_digest === request.intent_digest ? ok(undefined) : fail(
      "request_changed",
      `Cannot decide request "${id.value}" again: the call that is kept is not the one that was asked about`,
    );
  return await evaluate(evaluation, { ...beside, approvals: standing.approvals, request_id: id.value, accepts }, service);
}

/** The body of a request to decide again: nothing, or an object without members. */
export const checkNothing = (body: Uint8Array): Result<JsonObject> => {
  if (fromUtf8(body).trim() === "") return ok({});
  const json = readJsonObject(body, "request");
  if (!json.ok) return json;
  const [name] = Object.keys(json.value);
  return name === undefined ? json : fail("document_shape", `Cannot read "request": member "/${name}" is not known here`);
};
