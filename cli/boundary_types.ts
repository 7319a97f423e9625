// What the boundary takes and gives (spec 05, section 2): its settings, the calls that it decides, and its decisions.
import type { AnyApproval } from "../core/authority/shown_approval.ts";
import type { Json } from "../core/base/json.ts";
import type { Result } from "../core/base/result.ts";
import type { BoundCall } from "../core/flow/gate_tokens.ts";
import type { Decision, KillSwitch } from "../core/gate/types.ts";
import type { ReadySigner } from "./boundary_sources.ts";
import type { SigningKey } from "../core/base/sign.ts";
import type { BoundaryCall } from "../core/flow/boundary_result.ts";
import type { Profile } from "../core/flow/gate_profile.ts";
import type { BuiltPack, PackParts } from "../core/pack/build.ts";
import type { ToolCall } from "../core/schema/tool_call.ts";
import type { Trace } from "../core/schema/trace.ts";
import type { Ports } from "../core/ports.ts";
import type { JobStanding } from "./job_stop.ts";
import type { KeyValues } from "./key_sources.ts";
import type { BlockedCall } from "./kill_switch_journal.ts";

/** How calls are decided. An empty path is none. */
export type BoundarySettings = {
  readonly policy: string;
  /** The adapter of calls that name none, as it was given. */
  readonly adapter: string;
  readonly profile: Profile;
  readonly job_root: string;
  readonly kill_switch: string;
  /** Evidence of the context, read once. */
  readonly envelope: string;
  /** Whether a call may name an envelope of its own, where the boundary has none. */
  readonly client_envelope: boolean;
  readonly rate_limits: string;
  readonly approval_ledger: string;
  readonly keys: {
    readonly mode: string;
    readonly signing: KeyValues;
    /** What checks approvals that are shown with a call. */
    readonly approval: KeyValues;
  };
  readonly version: string;
};

/** A call to be decided. */
export type CallRequest = {
  readonly call: Json;
  /** What the call is called in messages: a file, or the member of a request. */
  readonly name: string;
  /** Blank or undefined: that of the boundary. */
  readonly adapter?: string | undefined;
  readonly run_id?: string | undefined;
  /** Whether its caller takes it up, once it is read and before anything is counted. A fault of it is one of deciding. */
  readonly admits?: (call: ToolCall) => Result<void>;
  /** Approvals that are shown with the call; without any, nobody is asked for one and `require_approval` stays what it is. */
  readonly approvals?: readonly AnyApproval[];
  /** Why its caller blocks it in any case: reason codes that join those of the policy. */
  readonly refused_for?: readonly string[];
  /** Why its caller wants an approval of it in any case: reason codes that join those of the policy. An approval can grant it. */
  readonly asked_for?: readonly string[];
  /** What its caller finds for it once it is known what exactly would be approved. A fault of it is one of deciding. */
  readonly find?: (call: BoundCall, decision: Decision) => Promise<Result<FoundForCall>>;
};

/** Approvals that belong together, and whose key checks them: that of approvers, or the gate's own, which has minted them. */
export type ApprovalSet = { readonly approvals: readonly AnyApproval[]; readonly key: "approver" | "own" };

/** What the caller of a boundary finds for a call. */
export type FoundForCall = {
  /** The first that lets the call through is used up, and no other; one that does not is no reason of a verdict. */
  readonly sets: readonly ApprovalSet[];
  /** Why it is blocked in any case, beside those of the request. */
  readonly refused_for: readonly string[];
};

/** A call that was decided, and all that it may leave behind. */
export type BoundaryDecision = BoundaryCall & {
  /** How far the server of the tool is trusted; undefined where the policy does not ask. */
  readonly trust: Trace["mcp_trust"];
  readonly stop: JobStanding;
  /** The run id that was asked for, normalized; empty without one. It stands in the names of files. */
  readonly asked_run_id: string;
  /** The line for the journal of the kill switch; undefined unless an active entry blocked the call. */
  readonly kill_switch_line: BlockedCall | undefined;
  /** Set when this boundary decided by another policy before, or was found usable with one before its first decision; both digests. */
  readonly policy_changed: { readonly before: string; readonly after: string } | undefined;
  /** Builds a pack that is signed by the key of the trace. Faults of `buildPack`. */
  pack(parts: PackParts): Promise<Result<BuiltPack>>;
};

/** What a boundary decides with, when all of it can be read. */
export type BoundaryReady = { readonly policy_digest: string; readonly key: SigningKey; readonly dev: boolean };

/** The ports that deciding takes. */
export type BoundaryPorts = Pick<
  Ports,
  "files" | "store" | "journal" | "lock" | "state" | "env" | "clock" | "random" | "host"
>;

/** Decides calls. */
export interface Boundary {
  /**
   * Decides a call. Policy, trust snapshot, kill switch, job and key are read anew each time: an edit counts at once, and one that
   * cannot be read is a fault, or a block where the contract says so. `began` is when the call came in. Only an answer counts: after a
   * fault the call must not go ahead.
   */
  decide(request: CallRequest, began: string): Promise<Result<BoundaryDecision>>;
  /** What signs, as it is now. Faults of keys. */
  signer(): Promise<Result<ReadySigner>>;
  /** Reads what no call could be decided or approved without, the envelope among it, and tells the first fault. */
  usable(): Promise<Result<BoundaryReady>>;
  /** The state of the kill switch, as it is now: without it some calls are blocked and the others refused. Its faults. */
  killSwitch(): Promise<Result<KillSwitch>>;
  /** Both; the first fault of either. */
  ready(): Promise<Result<BoundaryReady>>;
}
