// The facts of one call, or of one step of a script, that rules look at. Built once a call; rules only read it.
import { lower, trim } from "../base/text.ts";
import type { Delegation, IntentContext, Provenance, Target } from "../schema/intent.ts";
import type { Intent, InventoryItem, Step } from "./types.ts";

/** Fields of a match about which a call has one text, or none. */
export type OneField =
  | "tool_names"
  | "risk_classes"
  | "identities"
  | "skill_publishers"
  | "skill_sources"
  | "context_tool_names"
  | "context_data_classes"
  | "context_endpoint_classes"
  | "context_autonomy_levels";

/** Fields of a match about which each target has a text. */
export type TargetField =
  | "target_kinds"
  | "target_values"
  | "endpoint_classes"
  | "discovery_method"
  | "data_classes"
  | "destination_kinds"
  | "destination_values"
  | "destination_operations";

/** Hints that each target has, true or false. */
export type HintField = "readOnlyHint" | "destructiveHint" | "idempotentHint" | "openWorldHint";

/** Fields of a match about which the parts of a delegation have texts. */
export type LinkField = "allowed_delegator_identities" | "allowed_delegate_identities" | "delegation_scopes";

/** Fields about which a call has any number of texts. */
export type SomeField = TargetField | HintField | LinkField | "provenance_sources";

/** The facts of one call. */
export type Call = {
  readonly targets: readonly Target[];
  readonly arg_provenance: readonly Provenance[];
  readonly context: IntentContext;
  readonly delegation: Delegation | undefined;
  /** Whether some target is destructive. */
  readonly destructive: boolean;
  /** The text of each field that has one; undefined: the call says nothing about it. */
  readonly one: Readonly<Record<OneField, string | undefined>>;
  /** The texts of each field that may have several. */
  readonly some: Readonly<Record<SomeField, ReadonlySet<string>>>;
  readonly workspace: string;
  /** Links of the delegation; undefined without one. */
  readonly depth: number | undefined;
};

const NONE: ReadonlySet<string> = new Set();
const TRUE: ReadonlySet<string> = new Set(["true"]);
const FALSE: ReadonlySet<string> = new Set(["false"]);
const BOTH: ReadonlySet<string> = new Set(["true", "false"]);

const answers = (some: boolean, all: boolean): ReadonlySet<string> => some ? all ? TRUE : BOTH : FALSE;

type OfTargets = Readonly<Record<TargetField | HintField, ReadonlySet<string>>>;

const OF_NO_TARGET: OfTargets = {
  target_kinds: NONE,
  target_values: NONE,
  endpoint_classes: NONE,
  discovery_method: NONE,
  data_classes: NONE,
  destination_kinds: NONE,
  destination_values: NONE,
  destination_operations: NONE,
  readOnlyHint: NONE,
  destructiveHint: NONE,
  idempotentHint: NONE,
  openWorldHint: NONE,
};

const ofTargets = (targets: readonly Target[]): OfTargets => {
  if (targets.length === 0) return OF_NO_TARGET;
  const [kinds, values, classes] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const [methods, sensitivities, operations] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const target of targets) {
    kinds.add(target.kind);
    values.add(target.value);
    classes.add(target.endpoint_class);
    methods.add(target.discovery_method);
    sensitivities.add(target.sensitivity);
    operations.add(target.operation);
  }
  const hint = (name: "read_only_hint" | "destructive_hint" | "idempotent_hint" | "open_world_hint") =>
    answers(targets.some((target) => target[name]), targets.every((target) => target[name]));
  return {
    target_kinds: kinds,
    target_values: values,
    endpoint_classes: classes,
    discovery_method: methods,
    data_classes: sensitivities,
    destination_kinds: kinds,
    destination_values: values,
    destination_operations: operations,
    readOnlyHint: hint("read_only_hint"),
    destructiveHint: hint("destructive_hint"),
    idempotentHint: hint("idempotent_hint"),
    openWorldHint: hint("open_world_hint"),
  };
};

const OF_NO_DELEGATION: Readonly<Record<LinkField, ReadonlySet<string>>> = {
  allowed_delegator_identities: NONE,
  allowed_delegate_identities: NONE,
  delegation_scopes: NONE,
};

const ofDelegation = (
  { requester_identity, scope_class, chain }: Delegation,
): Readonly<Record<LinkField, ReadonlySet<string>>> => ({
  allowed_delegator_identities: new Set(chain.map((link) => link.delegator_identity)),
  allowed_delegate_identities: new Set([requester_identity, ...chain.map((link) => link.delegate_identity)]),
  delegation_scopes: new Set([scope_class, ...chain.map((link) => link.scope_class)]),
});

/** What is known of the tool: what the inventory says, else what the caller claims. Only text counts. */
const ofTool = (context: IntentContext, known: InventoryItem | undefined) => {
  const claim = (name: string): string | undefined => {
    const value = context.auth_context?.[name];
    return typeof value === "string" ? lower(trim(value)) : undefined;
  };
  return {
    context_tool_names: known?.tool_name ?? claim("wrkr.tool_name"),
    context_data_classes: known?.data_class ?? claim("wrkr.data_class"),
    context_endpoint_classes: known?.endpoint_class ?? claim("wrkr.endpoint_class"),
    context_autonomy_levels: known?.autonomy_level ?? claim("wrkr.autonomy_level"),
  };
};

/**
 * The facts of a call: of a prepared intent, or of one step of its script. A step has the intent's context, delegation and skill;
 * `known` is the entry of its tool in the inventory, which only matching sees.
 */
export function callOf(intent: Intent, step: Step = intent, known?: InventoryItem): Call {
  const { context, delegation, skill_provenance: skill } = intent;
  const { targets, arg_provenance } = step;
  return {
    targets,
    arg_provenance,
    context,
    delegation,
    destructive: targets.some((target) => target.destructive),
    one: {
      tool_names: step.tool_name,
      risk_classes: context.risk_class,
      identities: context.identity,
      skill_publishers: skill === undefined ? undefined : lower(skill.publisher),
      skill_sources: skill?.source,
      ...ofTool(context, known),
    },
    some: {
      ...ofTargets(targets),
      ...(delegation === undefined ? OF_NO_DELEGATION : ofDelegation(delegation)),
      provenance_sources: arg_provenance.length === 0 ? NONE : new Set(arg_provenance.map((entry) => entry.source)),
    },
    workspace: context.workspace,
    depth: delegation?.chain.length,
  };
}
