// Lint: what is to be said of a policy as a whole.
import { quoted } from "../base/json_words.ts";
import { isNull, nodeAt, type YamlSource } from "../base/yaml_tree.ts";
import { conditionsOf } from "./condition.ts";
import { inferDestructive } from "./inference.ts";
import { finding, type Found } from "./lint_codes.ts";
import { escaping, soundsDestructive } from "./lint_settings.ts";
import { isFalse } from "./lint_switches.ts";
import type { Policy, Rule } from "./types.ts";

const isWritten = (source: YamlSource, pointer: string): boolean => {
  const node = nodeAt(source, pointer);
  return node !== undefined && !isNull(node);
};

const repeated = (rules: readonly Rule[]): Found[] => {
  const seen = new Set<string>();
  return [...rules].sort((a, b) => a.index - b.index).flatMap(({ name, index }) => {
    const again = seen.has(name);
    seen.add(name);
    return again
      ? [finding("repeated_name", name, `/rules/${index}/name`, `Another rule before it is named ${quoted(name)} too`)]
      : [];
  });
};

// What a rule may demand of a call, and block it when it is not met.
const DEMANDS = [
  "require_declared_agent",
  "require_agent_owner",
  "require_unexpired_agent",
  "allowed_agent_ids",
  "denied_agent_ids",
  "required_agent_manifest_digest",
  "allowed_agent_manifest_publishers",
  "allowed_agent_manifest_sources",
  "required_agent_lifecycle_states",
  "block_standing_credentials",
  "require_jit_credential",
  "allowed_credential_sources",
  "allowed_credential_issuers",
  "allowed_credential_access_types",
  "max_credential_ttl_seconds",
  "require_context_evidence",
  "required_context_evidence_mode",
  "max_context_age_seconds",
  "sandbox",
] as const satisfies readonly (keyof Rule)[];

const isSet = (value: Rule[typeof DEMANDS[number]]): boolean => Array.isArray(value) ? value.length > 0 : Boolean(value);

// Whether a rule can end in a block, by its effect or by a demand that it makes.
const canBlock = (rule: Rule): boolean =>
  [rule.effect, rule.endpoint?.action, rule.dataflow?.action, rule.freeze_window?.effect].includes("block") ||
  DEMANDS.some((name) => isSet(rule[name]));

// Whether a rule that blocks or asks is about calls that destroy.
const guards = (rule: Rule): boolean => {
  const { match, effect, endpoint } = rule;
  if ((endpoint?.destructive_action ?? "") !== "") return true;
  if (effect !== "block" && effect !== "require_approval") return false;
  return match.tool_names.some(soundsDestructive) || match.tool_annotations?.destructiveHint === true ||
    match.endpoint_classes.some((word) => inferDestructive(word, "")) ||
    match.destination_operations.some((word) => inferDestructive("", word));
};

const defaults = ({ default_verdict: verdict, rules, fail_closed }: Policy, source: YamlSource): Found[] => {
  const written = ["/default_verdict", "/default_action"].find((pointer) => isWritten(source, pointer));
  if (written === undefined) {
    return [
      finding(
        "default_not_written",
        "",
        "",
        `The policy has no default_verdict; a call that no rule matches comes to ${verdict}`,
      ),
    ];
  }
  const reached = rules.every(({ match }) => conditionsOf(match).length > 0); // a rule for everything leaves nothing to the default
  const lets = reached && (verdict === "allow" || verdict === "dry_run");
  const bare = reached && verdict === "allow" && !fail_closed.enabled && !rules.some(canBlock);
  return [
    ...(bare ? [finding("default_allow_without_block", "", written, "The default verdict is allow, and no rule blocks")] : []),
    ...(lets && !rules.some(guards)
      ? [
        finding(
          "destructive_by_default",
          "",
          written,
          `No rule is about destructive calls: the default verdict is ${verdict} for them too, and is never raised`,
        ),
      ]
      : []),
    ...(verdict === "allow" ? [finding("oss_prod_refused", "", written, "The default verdict is allow")] : []),
  ];
};

const MOST_STEPS = 64;

const scripts = ({ scripts: { max_steps, require_approval_above } }: Policy): Found[] => {
  const most = max_steps === 0 ? MOST_STEPS : Math.min(max_steps, MOST_STEPS);
  const say = (field: string, message: string) => finding("setting_without_effect", "", `/scripts/${field}`, message);
  return [
    ...(max_steps > MOST_STEPS
      ? [say("max_steps", `No script has more than ${MOST_STEPS} steps: max_steps has no effect`)]
      : []),
    ...(require_approval_above >= most
      ? [say("require_approval_above", `Scripts of more than ${most} steps are refused: require_approval_above has no effect`)]
      : []),
  ];
};

const failClosed = ({ fail_closed }: Policy, source: YamlSource): Found[] => {
  const { enabled, required_fields, required_high_risk_fields } = fail_closed;
  const demands = required_fields.length + required_high_risk_fields.length > 0 ||
    isWritten(source, "/fail_closed/risk_classes");
  return enabled || !demands
    ? []
    : [finding("fail_closed_off", "", "/fail_closed", "fail_closed is not enabled: it demands nothing")];
};

const trust = ({ mcp_trust }: Policy, source: YamlSource): Found[] =>
  mcp_trust !== undefined && isFalse(source, "/mcp_trust/enabled")
    ? [
      finding(
        "setting_without_effect",
        "",
        "/mcp_trust/enabled",
        "mcp_trust is on by what it lists: enabled: false does not switch it off",
      ),
    ]
    : [];

const ABOUT_TARGETS = [
  "target_kinds",
  "target_values",
  "endpoint_classes",
  "discovery_method",
  "data_classes",
  "destination_kinds",
  "destination_values",
  "destination_operations",
] as const;

// Whether every call that the rule can match names a target.
function needsTargets({ match }: Rule, { fail_closed }: Policy): boolean {
  const demanded = fail_closed.enabled && fail_closed.required_fields.includes("targets") && match.risk_classes.length > 0 &&
    match.risk_classes.every((word) => fail_closed.risk_classes.includes(word));
  return demanded || ABOUT_TARGETS.some((name) => match[name].length > 0) ||
    Object.values(match.tool_annotations ?? {}).some((hint) => hint !== undefined);
}

const allowlists = (policy: Policy): Found[] =>
  policy.rules.flatMap((rule) => {
    const { effect, endpoint, index, name } = rule;
    const field = (["path_allowlist", "domain_allowlist"] as const).find((field) => (endpoint?.[field].length ?? 0) > 0);
    if (field === undefined || (effect !== "allow" && effect !== "dry_run") || needsTargets(rule, policy)) return [];
    const message = `${field} is asked of targets: a call that names none is let through by the rule`;
    return [finding("allowlist_without_targets", name, `/rules/${index}/endpoint/${field}`, message)];
  });

/** What is to be said of the policy beside its rules. */
export const wholePolicy = (policy: Policy, source: YamlSource): readonly Found[] => [
  ...defaults(policy, source),
  ...scripts(policy),
  ...failClosed(policy, source),
  ...trust(policy, source),
  ...allowlists(policy),
  ...repeated(policy.rules),
  ...escaping(policy.rules),
];
