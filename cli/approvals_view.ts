// Requests of an inbox as the `approvals` commands print them.
import type { AnyApproval } from "../core/authority/shown_approval.ts";
import type { Found, Listed } from "./approvals_inbox.ts";

/** A request in a list. */
export type Row = {
  readonly request_id: string;
  readonly state: Found["standing"]["state"];
  readonly tool_name?: string;
  readonly identity?: string;
  readonly risk_class?: string;
  readonly destroys?: boolean;
  readonly target_count?: number;
  readonly operation_count?: number;
  readonly reason_codes?: readonly string[];
  readonly required_approvals?: number;
  readonly approvals?: number;
  readonly created_at?: string;
  readonly expires_at?: string;
  readonly flaw?: string;
};

/** The row of a request. */
export function rowOf({ id, found }: Listed): Row {
  if (!found.ok) return { request_id: id, state: "damaged", flaw: found.fault.message };
  const { request, standing } = found.value;
  const { intent, reason_codes, required_approvals, created_at, expires_at, target_count, operation_count } = request;
  const targets = [...intent.targets, ...(intent.script?.steps ?? []).flatMap((step) => step.targets)];
  return {
    request_id: id,
    state: standing.state,
    tool_name: intent.tool_name,
    identity: intent.context.identity,
    risk_class: intent.context.risk_class,
    destroys: targets.some(({ destructive, destructive_hint }) => destructive || destructive_hint),
    target_count,
    operation_count,
    reason_codes,
    required_approvals,
    approvals: standing.approvals.length,
    created_at,
    expires_at,
    ...(standing.flaw === "" ? {} : { flaw: standing.flaw }),
  };
}

const SHORT = 12;

/** The row in one line. */
export function rowLine(row: Row): string {
  const head = [row.request_id.slice(0, SHORT), row.state.padEnd(8)];
  if (row.flaw !== undefined) return [...head, row.flaw].join("  ");
  const { tool_name = "", identity = "", risk_class = "", required_approvals = 1, approvals = 0, expires_at = "" } = row;
  return [
    ...head,
    tool_name,
    `by ${identity}`,
    ...(risk_class === "" ? [] : [`risk ${risk_class}`]),
    ...(row.destroys === true ? ["DESTROYS"] : []),
    ...(required_approvals > 1 ? [`${approvals} of ${required_approvals} approvals`] : []),
    `until ${expires_at}`,
  ].join("  ");
}

/** A decision about a request, as it is told. */
export type Told = {
  readonly decision: "approved" | "denied" | "damaged";
  readonly path: string;
  readonly approver_identity?: string;
  readonly reason_code?: string;
  readonly created_at?: string;
  readonly expires_at?: string;
  readonly token_id?: string;
  readonly key_id?: string;
  /** Of how many approvals under one signature it is one. */
  readonly batch_size?: number;
  /** Set where a key was given to check it by. */
  readonly verified?: boolean;
  readonly error_code?: string;
};

const keyOf = ({ token, batch }: AnyApproval): string => (batch?.signature ?? token.signature)?.key_id ?? "";

/** A decision; `failure` is what a key said of it, and undefined where none was given. */
export function toldOf({ path, decision }: Found["decisions"][number], failure: string | undefined): Told {
  if (!decision.ok) return { decision: "damaged", path, error_code: decision.fault.message };
  const checked = failure === undefined ? {} : failure === "" ? { verified: true } : { verified: false, error_code: failure };
  const { value } = decision;
  if (value.kind === "denial") {
    const { approver_identity, reason_code, created_at, signature } = value.denial;
    return {
      decision: "denied",
      path,
      approver_identity,
      reason_code,
      created_at,
      key_id: signature?.key_id ?? "",
      ...checked,
    };
  }
  const { token, batch } = value.approval;
  const { approver_identity, reason_code, created_at, expires_at, token_id } = token;
  return {
    decision: "approved",
    path,
    approver_identity,
    reason_code,
    created_at,
    expires_at,
    token_id,
    key_id: keyOf(value.approval),
    ...(batch === undefined ? {} : { batch_size: batch.tree_size }),
    ...checked,
  };
}

/** The decision in one line. */
export const toldLine = (told: Told): string =>
  told.decision === "damaged" ? `damaged decision ${told.path}: ${told.error_code}` : [
    `${told.decision} by ${told.approver_identity}: ${told.reason_code}`,
    ...(told.expires_at === undefined ? [] : [`until ${told.expires_at}`]),
    ...(told.batch_size === undefined ? [] : [`one of ${told.batch_size} under one signature`]),
    `key ${told.key_id}`,
    ...(told.verified === undefined ? ["not verified"] : [told.verified ? "verified" : `NOT VALID (${told.error_code})`]),
  ].join(", ");
