// What asks for verdicts and what it gets, wherever they are made (spec 06, section 11): in this process, by a server, by a program.
import type { Json } from "../base/json.ts";
import type { Result } from "../base/result.ts";

/** A tool call about to happen. */
export type GateCall = {
  /** The call, in the form that `adapter` names. */
  readonly call: Json;
  /** Blank or absent: the form that the gate takes by itself. */
  readonly adapter?: string;
  readonly run_id?: string;
};

/** What is told of a decision, whatever the verdict. */
export type Told = {
  /** Why: sorted by bytes, each once; the same for violations. */
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  readonly tool_name: string;
  readonly policy_digest: string;
  readonly intent_digest: string;
  readonly trace_id: string;
  /** Where the trace is; empty where no file was named. */
  readonly trace_path: string;
  readonly run_id: string;
  readonly warnings: readonly string[];
};

/** The call may go ahead. */
export type Allowed = Told & { readonly verdict: "allow" };
/** The call would be allowed, and must not go ahead. */
export type DryRun = Told & { readonly verdict: "dry_run" };
/** Somebody has to approve the call first. */
export type ApprovalRequired = Told & { readonly verdict: "require_approval" };
/** The call must not go ahead. */
export type Blocked = Told & { readonly verdict: "block" };

/** What was decided: only `Allowed` lets anything run. */
export type Answer = Allowed | DryRun | ApprovalRequired | Blocked;

/** Decides calls. Where there is no answer, for whatever reason, the call must not go ahead. */
export interface Gate {
  /** Decides a call, and records the decision; faults say why nothing was decided. */
  evaluate(call: GateCall): Promise<Result<Answer>>;
}
