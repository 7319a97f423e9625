// What the evaluator takes and gives, as data. A policy and an intent come in normalized; a decision says everything that later steps
// (limits, tokens, brokers, the trace) need, and none of them reads a rule again.
import type { JsonObject } from "../base/json.ts";
import type { Infer } from "../base/shape.ts";
import type { Delegation, IntentContext, Provenance, Skill, Target } from "../schema/intent.ts";
import type {
  DataflowShape,
  EndpointShape,
  FreezeWindowPolicyShape,
  MatchShape,
  SandboxPolicyShape,
  WrittenRule,
} from "../schema/policy.ts";
import type { Relationship } from "../schema/relationship.ts";
import type { VERDICTS } from "../schema/trace.ts";

/** allow, dry_run, require_approval, block: weakest first. */
export type Verdict = typeof VERDICTS[number];

/** What a constraint can raise a verdict to. */
export type Raising = "require_approval" | "block";

// --- A normalized policy: aliases are emptied into their targets, defaults filled in, sections that are off are undefined.

export type Match = Omit<Infer<typeof MatchShape>, "tool_name" | "endpoint_class">;
export type Endpoint = Omit<Infer<typeof EndpointShape>, "action" | "destructive_action"> & {
  readonly action: Raising;
  readonly destructive_action: Raising | "";
};
export type Dataflow = Omit<Infer<typeof DataflowShape>, "action"> & { readonly action: Raising };
export type FreezeWindow = Omit<Infer<typeof FreezeWindowPolicyShape>, "effect"> & { readonly effect: Raising };
export type SandboxRule = Infer<typeof SandboxPolicyShape>;
export type Limit = {
  readonly requests: number;
  readonly window: "minute" | "hour";
  readonly scope: "tool_identity" | "tool" | "identity";
};

export type Rule =
  & Omit<
    WrittenRule,
    | "effect"
    | "action"
    | "match"
    | "endpoint"
    | "dataflow"
    | "freeze_window"
    | "sandbox"
    | "rate_limit"
    | "destructive_budget"
  >
  & {
    readonly effect: Verdict;
    readonly match: Match;
    readonly endpoint: Endpoint | undefined;
    readonly dataflow: Dataflow | undefined;
    readonly freeze_window: FreezeWindow | undefined;
    readonly sandbox: SandboxRule | undefined;
    readonly rate_limit: Limit | undefined;
    readonly destructive_budget: Limit | undefined;
    /** Index of the rule in the file, from 0: for messages only, it decides nothing. */
    readonly index: number;
  };

export type Policy = {
  readonly schema_id: string;
  readonly schema_version: string;
  readonly default_verdict: Verdict;
  readonly scripts: { readonly max_steps: number; readonly require_approval_above: number; readonly block_mixed_risk: boolean };
  readonly fail_closed: {
    readonly enabled: boolean;
    readonly risk_classes: readonly string[];
    readonly required_fields: readonly string[];
    readonly required_high_risk_fields: readonly string[];
  };
  readonly mcp_trust: {
    readonly snapshot: string;
    readonly action: Raising;
    readonly required_risk_classes: readonly string[];
    readonly min_score: number;
    /** Its normal spelling, such as 1h30m0s; empty when there is none. */
    readonly max_age: string;
    readonly publisher_allowlist: readonly string[];
    readonly require_registry: boolean;
  } | undefined;
  /** Sorted by priority, then by name. */
  readonly rules: readonly Rule[];
};

// --- A normalized intent.

export type Step = {
  readonly tool_name: string;
  readonly args: JsonObject;
  readonly targets: readonly Target[];
  readonly arg_provenance: readonly Provenance[];
};

export type Intent = {
  /** UTC text; 1980-01-01T00:00:00Z when the request has none. */
  readonly created_at: string;
  readonly tool_name: string;
  readonly args: JsonObject;
  readonly targets: readonly Target[];
  readonly arg_provenance: readonly Provenance[];
  readonly script: { readonly steps: readonly Step[] } | undefined;
  readonly skill_provenance: Skill | undefined;
  readonly delegation: Delegation | undefined;
  readonly context: IntentContext;
  readonly relationship: Relationship | undefined;
};

/** The digests of one intent, hex. `script_hash` is empty without a script. */
export type IntentDigests = { readonly intent_digest: string; readonly script_hash: string };

// --- What a verdict depends on beside policy and intent.

/** One entry of a kill switch (section 6.10), normalized. */
export type KillSwitchEntry = {
  readonly entry_id: string;
  readonly enabled: boolean;
  readonly agent_id: string;
  readonly identity: string;
  readonly tool_name: string;
  readonly target_kind: string;
  readonly target_value: string;
  readonly environment: string;
  readonly path_prefixes: readonly string[];
  readonly workspace_prefixes: readonly string[];
  /** Zero time: never. */
  readonly expires_at: string;
};

/** What is known of the kill switch: nobody named one; it is needed and cannot be read; its entries. */
export type KillSwitch =
  | { readonly status: "none" }
  | { readonly status: "unavailable" }
  | { readonly status: "read"; readonly entries: readonly KillSwitchEntry[] };

/** What an inventory knows of a tool, in lowercase; empty where it knows nothing. */
export type InventoryItem = {
  readonly tool_name: string;
  readonly data_class: string;
  readonly endpoint_class: string;
  readonly autonomy_level: string;
};

/** Items by tool name. */
export type Inventory = ReadonlyMap<string, InventoryItem>;

export type Conditions = {
  /** The moment for which is decided, UTC. */
  readonly evaluation_time: string;
  readonly kill_switch: KillSwitch;
  /** Undefined: none was given. Scripts take the entry of each step's tool; a plain call was enriched when it was prepared. */
  readonly inventory: Inventory | undefined;
};

// --- Decisions.

export type FreezeWindowDecision = {
  readonly status: "inactive" | "active" | "invalid";
  readonly effect: Raising;
  readonly timezone: string;
  readonly evaluated_at: string;
  readonly window_name: string;
  /** UTC; zero time unless active. */
  readonly window_start: string;
  readonly window_end: string;
  readonly reason: string;
  readonly reason_code: string;
};

export type SandboxDecision = {
  readonly status: "valid" | "missing" | "disallowed";
  readonly network_mode: string;
  readonly env_exposure_mode: string;
  readonly timeout_seconds: number;
  readonly filesystem_isolation: string;
  readonly user_mode: string;
  readonly evidence_ref: string;
  readonly evidence_digest: string;
  readonly reason_codes: readonly string[];
};

export type KillSwitchDecision = {
  readonly status: "active" | "inactive" | "unavailable";
  readonly reason_code: string;
  readonly reason_codes: readonly string[];
  readonly matched_entry_ids: readonly string[];
  readonly evaluated_at: string;
};

export type StepVerdict = {
  readonly index: number;
  readonly tool_name: string;
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  readonly matched_rule: string;
};

export type RiskClass = "low" | "medium" | "high";

/** What the rules that decided demand (5.2 rule 4): merged, also for verdicts that will not ask for it. */
export type Demands = {
  /** Approvals wanted; 0 unless the verdict is require_approval (or a step of a script wants them). */
  readonly required_approvals: number;
  readonly distinct_approvers: boolean;
  readonly broker: { readonly required: boolean; readonly reference: string; readonly scopes: readonly string[] };
  readonly delegation: { readonly required: boolean; readonly scopes: readonly string[] };
  readonly rate_limit: Limit | undefined;
  readonly destructive_budget: Limit | undefined;
};

/** What the policy says of one call: the verdict of sections 5 and 6, before limits, tokens, brokers and simulation. */
export type Decision = Demands & {
  readonly verdict: Verdict;
  /** Sorted by bytes, each once; the same for violations. */
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  /** Names of all rules taken, sorted, comma-separated; empty when none was. */
  readonly matched_rule: string;
  /** The rules taken, as written in the policy, in the order of the policy; for scripts of all steps, each once. */
  readonly matched_rules: readonly { readonly name: string; readonly priority: number; readonly effect: Verdict }[];
  /** Whether some rule taken has a condition on the delegation (any of the five): then its times count (spec 03, section 4.6). */
  readonly delegation_matters: boolean;
  readonly freeze_window: FreezeWindowDecision | undefined;
  readonly sandbox: SandboxDecision | undefined;
  readonly kill_switch: KillSwitchDecision | undefined;
  readonly script: { readonly composite_risk_class: RiskClass; readonly steps: readonly StepVerdict[] } | undefined;
};
