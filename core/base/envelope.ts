// How a fault is told to programs (spec 01, section 3.2): the same members from the command line and from the library.
import { type Category, errors, type ExitName, type FaultCode } from "./errors.ts";
import type { Fault } from "./result.ts";

type Failing = Exclude<ExitName, "ok">;

type Meaning = { readonly error_code: string; readonly category: Category; readonly hint: string };

/** What each way to end says where its fault says nothing closer. */
export const MEANING: Readonly<Record<Failing, Meaning>> = {
  internal: {
    error_code: "internal_failure",
    category: "internal_failure",
    hint: "Try again; if it stays, report it with the command line and the correlation id",
  },
  verification: {
    error_code: "verification_failed",
    category: "verification_failed",
    hint: "Do not rely on the artifact until every defect is explained",
  },
  blocked: {
    error_code: "policy_blocked",
    category: "policy_blocked",
    hint: "Change the request, or the policy that blocked it",
  },
  approval: {
    error_code: "approval_required",
    category: "approval_required",
    hint: "Ask for an approval and repeat the command with its token",
  },
  regression: {
    error_code: "regress_failed",
    category: "internal_failure",
    hint: "Compare the run with its recording before you accept the change",
  },
  usage: {
    error_code: "invalid_input",
    category: "invalid_input",
    hint: "Mend the command line or the input that the message names, and run it again",
  },
  dependency: {
    error_code: "dependency_missing",
    category: "dependency_missing",
    hint: "Install or start what the message names",
  },
  unsafe: {
    error_code: "unsafe_operation",
    category: "internal_failure",
    hint: "Read what would happen, then give every consent that the command asks for",
  },
};

/** The members of every error, but for the place. */
export type ErrorMembers = {
  readonly ok: false;
  readonly error: string;
  readonly error_code: string;
  readonly error_category: Category;
  readonly fault: FaultCode;
  readonly hint: string;
  readonly remedy: string;
  readonly retryable: boolean;
};

/** How a fault ends the program, and what it tells. */
export function envelope(fault: Fault): { readonly exit: Failing; readonly members: ErrorMembers } {
  const row = errors()[fault.code];
  const ending = fault.exit ?? row.exit;
  const exit = ending === "ok" ? "internal" : ending; // a fault never ends well
  const { error_code, category, hint } = MEANING[exit];
  const error_category = exit === row.exit ? row.category ?? category : category;
  const retryable = error_category === "state_contention" || error_category === "network_transient";
  const { code, message, reason = error_code } = fault;
  return {
    exit,
    members: {
      ok: false,
      error: message,
      error_code: reason,
      error_category,
      fault: code,
      hint,
      remedy: row.remedy,
      retryable,
    },
  };
}
