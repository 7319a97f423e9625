// The facts of one call, or of one step of a script, that rules look at. Built once a call; rules only read it.
import { inOrder } from "../base/order.ts";
import { byBytes, lower, trim } from "../base/text.ts";
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

/** Texts, each once, in byte order. */
export type Texts = readonly string[];

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
  readonly some: Readonly<Record<SomeField, Texts>>;
  readonly workspace: string;
  /** Links of the delegation; undefined without one. */
  readonly depth: number | undefined;
};

const NONE: Texts = [];
const TRUE: Texts = ["true"];
const FALSE: Texts = ["false"];
const BOTH: Texts = ["false", "true"];

const textSet = (texts: readonly string[]): Texts => inOrder(texts, byBytes);

type Hint = "read_only_hint" | "destructive_hint" | "idempotent_hint" | "open_world_hint";

const hinted = (targets: readonly Target[], name: Hint): Texts => {
  if (!targets.some((target) => target[name])) return targets.length === 0 ? NONE : FALSE;
  return targets.every((target) => target[name]) ? TRUE : BOTH;
};

/** Of the delegation itself, where there is one, and of its links. */
const ofParties = (own: string | undefined, links: readonly string[]): Texts =>
  own === undefined ? NONE : textSet([own, ...links]);

function someOf({ targets, arg_provenance }: Step, delegation: Delegation | undefined): Call["some"] {
  const kinds = textSet(targets.map((target) => target.kind));
  const values = textSet(targets.map((target) => target.value));
  const chain = delegation?.chain ?? [];
  return {
    target_kinds: kinds,
    target_values: values,
    endpoint_classes: textSet(targets.map((target) => target.endpoint_class)),
    discovery_method: textSet(targets.map((target) => target.discovery_method)),
    data_classes: textSet(targets.map((target) => target.sensitivity)),
    destination_kinds: kinds,
    destination_values: values,
    destination_operations: textSet(targets.map((target) => target.operation)),
    readOnlyHint: hinted(targets, "read_only_hint"),
    destructiveHint: hinted(targets, "destructive_hint"),
    idempotentHint: hinted(targets, "idempotent_hint"),
    openWorldHint: hinted(targets, "open_world_hint"),
    allowed_delegator_identities: textSet(chain.map((link) => link.delegator_identity)),
    allowed_delegate_identities: ofParties(delegation?.requester_identity, chain.map((link) => link.delegate_identity)),
    delegation_scopes: ofParties(delegation?.scope_class, chain.map((link) => link.scope_class)),
    provenance_sources: textSet(arg_provenance.map((entry) => entry.source)),
  };
}

/**
 * The facts of a call: of a prepared intent, or of one step of its script. A step has the intent's context, delegation and skill;
 * `known` is the entry of its tool in the inventory, which only matching sees.
 */
export function callOf(intent: Intent, step: Step = intent, known?: InventoryItem): Call {
  const { context, delegation, skill_provenance: skill } = intent;
  const { targets, arg_provenance } = step;
  const claim = (name: string): string | undefined => {
    const value = context.auth_context?.[name];
    return typeof value === "string" ? lower(trim(value)) : undefined;
  };
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
      // What the inventory says of the tool, else what the caller claims; only text counts.
      context_tool_names: known?.tool_name ?? claim("wrkr.tool_name"),
      context_data_classes: known?.data_class ?? claim("wrkr.data_class"),
      context_endpoint_classes: known?.endpoint_class ?? claim("wrkr.endpoint_class"),
      context_autonomy_levels: known?.autonomy_level ?? claim("wrkr.autonomy_level"),
    },
    some: someOf(step, delegation),
    workspace: context.workspace,
    depth: delegation?.chain.length,
  };
}
