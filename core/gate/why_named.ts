// What the rules of a policy and a kill switch name of each field, so that a value can be suggested that none of them names. A member
// of which nobody names what stands there would matter no more with another one.
import type { CompiledPolicy } from "./compile.ts";
import { wantsDelegation } from "./condition.ts";
import type { KillSwitch, Match } from "./types.ts";

/** Fields of a match that are lists. */
type ListField = {
  readonly [F in keyof Match]: Match[F] extends readonly string[] ? F : never;
}[keyof Match];

/** Texts that somebody names. */
export type Names = ReadonlySet<string>;

/** What is named of each field, by anybody. */
export type Named = {
  readonly tool_names: Names;
  readonly risk_classes: Names;
  readonly identities: Names;
  readonly skill_sources: Names;
  readonly skill_publishers: Names;
  readonly kinds: Names;
  readonly values: Names;
  readonly operations: Names;
  readonly classes: Names;
  readonly sensitivities: Names;
  readonly methods: Names;
  readonly sources: Names;
  /** How a workspace begins. */
  readonly workspaces: readonly string[];
  /** Folders of the kill switch: whatever lies in them is stopped. */
  readonly stopped: { readonly workspaces: readonly string[]; readonly paths: readonly string[] };
  readonly delegated: boolean;
  /** Whether some section is about domains. */
  readonly domains: boolean;
};

/** What is named by a policy, its `fail_closed` section and the entries of a kill switch that are on. */
export function namedBy({ policy: { fail_closed }, rules: compiled }: CompiledPolicy, kill_switch: KillSwitch): Named {
  const rules = compiled.map(({ rule }) => rule);
  const entries = kill_switch.status === "read" ? kill_switch.entries.filter(({ enabled }) => enabled) : [];
  const matched = (field: ListField): readonly string[] => rules.flatMap(({ match }) => match[field]);
  const flowing = rules.flatMap(({ dataflow }) => dataflow ?? []);
  const bounded = rules.flatMap(({ endpoint }) => endpoint ?? []);
  const of = (...lists: readonly (readonly string[])[]): Names => new Set(lists.flat().filter((text) => text !== ""));
  return {
    tool_names: of(matched("tool_names"), entries.map(({ tool_name }) => tool_name)),
    risk_classes: of(
      matched("risk_classes"),
      rules.flatMap(({ freeze_window }) => freeze_window?.risk_classes ?? []),
      fail_closed.enabled ? fail_closed.risk_classes : [],
    ),
    identities: of(matched("identities"), entries.map(({ identity }) => identity)),
    skill_sources: of(matched("skill_sources")),
    skill_publishers: of(matched("skill_publishers")),
    kinds: of(
      matched("target_kinds"),
      matched("destination_kinds"),
      flowing.flatMap(({ destination_kinds }) => destination_kinds),
      entries.map(({ target_kind }) => target_kind),
    ),
    values: of(
      matched("target_values"),
      matched("destination_values"),
      flowing.flatMap(({ destination_values }) => destination_values),
      entries.map(({ target_value }) => target_value),
    ),
    operations: of(
      matched("destination_operations"),
      flowing.flatMap(({ destination_operations }) => destination_operations),
    ),
    classes: of(matched("endpoint_classes"), bounded.flatMap(({ egress_classes }) => egress_classes)),
    sensitivities: of(matched("data_classes")),
    methods: of(matched("discovery_method")),
    sources: of(matched("provenance_sources"), flowing.flatMap(({ tainted_sources }) => tainted_sources)),
    workspaces: matched("workspace_prefixes"),
    stopped: {
      workspaces: entries.flatMap(({ workspace_prefixes }) => workspace_prefixes),
      paths: entries.flatMap(({ path_prefixes }) => path_prefixes),
    },
    delegated: fail_closed.enabled || rules.some(({ match }) => wantsDelegation(match)),
    domains: bounded.some(({ domain_allowlist, domain_denylist }) => domain_allowlist.length + domain_denylist.length > 0),
  };
}

/** A name that nobody names: this one, or with a number behind it. */
export const another = (name: string, named: Names): string => {
  let text = name;
  for (let n = 2; named.has(text); n++) text = `${name}-${n}`;
  return text;
};

/** The first of some words that nobody names. */
export const unnamed = (words: readonly string[], named: Names): readonly string[] =>
  words.filter((word) => !named.has(word)).slice(0, 1);
