// What an inbox and its requests come to as data: for the `approvals` commands, and for a server that shows them to others.
import { decisionFailure, REQUEST_STATES } from "../core/authority/approver_decision.ts";
import { setDigest } from "../core/authority/pending.ts";
import { remarks } from "../core/authority/pending_remarks.ts";
import { requestLines } from "../core/authority/pending_view.ts";
import type { JsonObject } from "../core/base/json.ts";
import { ok, type Result } from "../core/base/result.ts";
import { writeShape } from "../core/base/shape.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { PendingRequestShape } from "../core/schema/pending_request.ts";
import { findRequest, type InboxPorts, listInbox } from "./approvals_inbox.ts";
import { type Row, rowOf, type Told, toldOf } from "./approvals_view.ts";

/** Which requests are listed: those that wait or are damaged, all, or those of one state. */
export const LISTED = ["open", "all", ...REQUEST_STATES] as const;

/** An inbox. */
export type InboxData = {
  readonly ok: true;
  readonly dir: string;
  readonly counts: Readonly<Record<string, number>>;
  /** What names the set of all that wait; empty when nothing does. */
  readonly set: string;
  readonly requests: readonly Row[];
  readonly warnings: readonly string[];
};

/** Looks at an inbox. Faults of its folder. */
export async function inboxData(
  dir: string,
  state: typeof LISTED[number],
  now: string,
  ports: InboxPorts,
): Promise<Result<InboxData>> {
  const listed = await listInbox(dir, now, rowOf, ports);
  if (!listed.ok) return listed;
  const rows = listed.value ?? [];
  const pending = rows.filter((row) => row.state === "pending");
  return ok({
    ok: true,
    dir,
    counts: Object.fromEntries(REQUEST_STATES.map((name) => [name, rows.filter((row) => row.state === name).length])),
    set: pending.length === 0 ? "" : setDigest(ports.host.crypto, pending.map(({ request_id }) => request_id)),
    requests: rows.filter((row) =>
      state === "all" || row.state === state || (state === "open" && ["pending", "damaged"].includes(row.state))
    ),
    warnings: listed.value === undefined ? [`There is no folder "${dir}" yet`] : [],
  });
}

/** A request, with all that its approver must know. */
export type RequestData = {
  readonly ok: true;
  readonly request_id: string;
  readonly state: string;
  readonly flaw: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly identity: string;
  readonly required_approvals: number;
  readonly remarks: readonly string[];
  readonly decisions: readonly Told[];
  readonly request: JsonObject;
  /** The request in lines for people. */
  readonly rendering: readonly string[];
};

/** Looks at a request; its decisions are checked where a key is given. Faults of `findRequest`. */
export async function requestData(
  dir: string,
  id: string,
  { key, full, now }: { readonly key: VerifyKey | undefined; readonly full: boolean; readonly now: string },
  ports: InboxPorts,
): Promise<Result<RequestData>> {
  const found = await findRequest(dir, id, now, ports);
  if (!found.ok) return found;
  const { request, standing, decisions } = found.value;
  const told: Told[] = [];
  for (const filed of decisions) {
    const failure = key === undefined || !filed.decision.ok
      ? undefined
      : await decisionFailure(ports.host.crypto, filed.decision.value, request, key, now) ?? "";
    told.push(toldOf(filed, failure));
  }
  return ok({
    ok: true,
    request_id: id,
    state: standing.state,
    flaw: standing.flaw,
    created_at: request.created_at,
    expires_at: request.expires_at,
    identity: request.intent.context.identity,
    required_approvals: request.required_approvals,
    remarks: remarks(request),
    decisions: told,
    request: writeShape(PendingRequestShape, request),
    rendering: requestLines(request, full),
  });
}
