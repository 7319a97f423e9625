// Random policies as people write them: JSON values that load, and the same as YAML text in several spellings.
import type { Json, JsonObject } from "../../core/base/json.ts";
import {
  CREDENTIAL_ACCESS_TYPES,
  CREDENTIAL_SOURCES,
  ENV_EXPOSURE_MODES,
  FILESYSTEM_ISOLATIONS,
  HIGH_RISK_FIELDS,
  NETWORK_MODES,
  REQUIRED_FIELDS,
  USER_MODES,
} from "../../core/schema/gate_words.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { type Dice, pick } from "../runtimes/dice.ts";
import {
  ALL_VALUES,
  chance,
  type Draw,
  listOfWords,
  LOCAL_TIMES,
  members,
  mostly,
  oneNumber,
  oneWord,
  VALUES,
  WORDS,
  yes,
  ZONES,
} from "./gate_draw.ts";

const KINDS = Object.keys(VALUES);
const FLAG: Draw = (roll) => roll(2) === 0;
const RAISING: Draw = oneWord(["block", "require_approval"]);

const MATCH: Readonly<Record<string, Draw>> = {
  tool_names: listOfWords(WORDS.spelled),
  tool_name: oneWord(WORDS.spelled),
  risk_classes: listOfWords(WORDS.risks),
  target_kinds: listOfWords(KINDS),
  target_values: listOfWords(ALL_VALUES),
  endpoint_classes: listOfWords(WORDS.classes),
  endpoint_class: listOfWords(WORDS.classes),
  discovery_method: listOfWords(WORDS.methods),
  tool_annotations: (roll) => members(roll, { readOnlyHint: FLAG, destructiveHint: FLAG, openWorldHint: FLAG }, roll(3)),
  skill_publishers: listOfWords(WORDS.publishers),
  skill_sources: listOfWords(WORDS.sources),
  data_classes: listOfWords(WORDS.sensitivities),
  destination_kinds: listOfWords(KINDS),
  destination_values: listOfWords(ALL_VALUES),
  destination_operations: listOfWords(WORDS.operations),
  provenance_sources: listOfWords(WORDS.origins),
  identities: listOfWords(WORDS.identities),
  workspace_prefixes: listOfWords(["/srv", "/srv/app", "C:/work", "/home/zo"]),
  context_tool_names: listOfWords(WORDS.tools),
  context_data_classes: listOfWords(WORDS.data),
  context_endpoint_classes: listOfWords(WORDS.classes),
  context_autonomy_levels: listOfWords(WORDS.autonomy),
  require_delegation: yes,
  allowed_delegator_identities: listOfWords(WORDS.delegates),
  allowed_delegate_identities: listOfWords(WORDS.delegates),
  delegation_scopes: listOfWords(WORDS.scopes),
  max_delegation_depth: oneNumber(0, 1, 2),
};

const ENDPOINT: Readonly<Record<string, Draw>> = {
  enabled: yes,
  path_allowlist: listOfWords(["/srv/**", "/srv/app/*", "/srv/app", "/s[q-t]v/*/d*.txt", "[", "/srv/app/data.tx?"]),
  path_denylist: listOfWords(["/etc/**", "/srv/app/data.txt", "/e*/p*d", "/srv/app/%2e%2e/x"]),
  domain_allowlist: listOfWords(["*.example.test", "api.example.test", "xn--bcher-kva.test", "*"]),
  domain_denylist: listOfWords(["evil.test", "*.test", "ev?l.test", "::1"]),
  egress_classes: listOfWords(["net.http", "net.dns"]),
  action: RAISING,
  destructive_action: RAISING,
  reason_code: oneWord(WORDS.reasons),
  violation: oneWord(["strayed"]),
};

const DATAFLOW: Readonly<Record<string, Draw>> = {
  enabled: yes,
  tainted_sources: listOfWords(WORDS.origins),
  destination_kinds: listOfWords(KINDS),
  destination_values: listOfWords(ALL_VALUES),
  destination_operations: listOfWords(WORDS.operations),
  action: RAISING,
  reason_code: oneWord(["tainted"]),
  violation: oneWord(["leak"]),
};

const SANDBOX: Readonly<Record<string, Draw>> = {
  enabled: FLAG,
  allowed_network_modes: listOfWords(NETWORK_MODES),
  allowed_env_exposure_modes: listOfWords(ENV_EXPOSURE_MODES),
  allowed_filesystem_isolations: listOfWords(FILESYSTEM_ISOLATIONS),
  allowed_user_modes: listOfWords(USER_MODES),
  allowed_writable_path_prefixes: listOfWords(["/srv/app", "/tmp/", "/srv/./app/../app"]),
  required_read_only_roots: listOfWords(["/etc", "/usr//lib"]),
  max_timeout_seconds: oneNumber(60, 600),
};

const freezeWindow = (roll: Dice): JsonObject => ({
  timezone: pick(roll, ZONES),
  windows: Array.from({ length: 1 + roll(2) }, () => ({
    ...(chance(roll, 2) ? { name: pick(roll, ["close", "holidays"]) } : {}),
    ...span(roll),
  })),
  ...members(roll, {
    effect: RAISING,
    enabled: FLAG,
    reason: oneWord(["quarter close"]),
    environments: listOfWords(WORDS.environments),
    risk_classes: listOfWords(WORDS.risks),
  }, roll(3)),
});

// Mostly one that begins before it ends.
const span = (roll: Dice): JsonObject => {
  const [a, b] = [pick(roll, LOCAL_TIMES), pick(roll, LOCAL_TIMES)];
  return (a < b) === roll(8) < 7 ? { start: a, end: b } : { start: b, end: a };
};

const limit = (roll: Dice): JsonObject => ({
  requests: 1 + roll(3),
  ...members(
    roll,
    { window: oneWord(["minute", "hour"]), scope: oneWord(["tool_identity", "tool", "identity"]) },
    roll(3),
  ),
});

const SECTIONS: Readonly<Record<string, Draw>> = {
  endpoint: (roll) => members(roll, ENDPOINT, 1 + roll(3)),
  dataflow: (roll) => members(roll, DATAFLOW, 1 + roll(3)),
  freeze_window: freezeWindow,
  sandbox: (roll) => members(roll, SANDBOX, 1 + roll(3)),
};

const CONSTRAINTS: Readonly<Record<string, Draw>> = {
  rate_limit: limit,
  destructive_budget: limit,
  require_declared_agent: yes,
  require_agent_owner: yes,
  require_unexpired_agent: yes,
  allowed_agent_ids: listOfWords(WORDS.agents),
  denied_agent_ids: listOfWords(WORDS.agents),
  required_agent_manifest_digest: oneWord(["ab".repeat(32), "CD".repeat(32)]),
  allowed_agent_manifest_publishers: listOfWords(WORDS.publishers),
  allowed_agent_manifest_sources: listOfWords(WORDS.sources),
  required_agent_lifecycle_states: listOfWords(WORDS.states),
  block_standing_credentials: yes,
  require_jit_credential: yes,
  allowed_credential_sources: listOfWords(CREDENTIAL_SOURCES),
  allowed_credential_issuers: listOfWords(WORDS.issuers),
  allowed_credential_access_types: listOfWords(CREDENTIAL_ACCESS_TYPES),
  max_credential_ttl_seconds: oneNumber(300, 900),
  min_approvals: oneNumber(1, 2),
  require_distinct_approvers: yes,
  require_context_evidence: yes,
  required_context_evidence_mode: oneWord(["required"]),
  max_context_age_seconds: oneNumber(60, 100_000_000),
  require_broker_credential: yes,
  broker_reference: oneWord(["egress", "deploy"]),
  broker_scopes: listOfWords(WORDS.scopes),
  reason_codes: listOfWords(WORDS.reasons),
  violations: listOfWords(["bad", "worse"]),
};

/** Draws one rule as written. Few conditions, so that it matches now and then. */
export const drawRule = (roll: Dice, name: string): JsonObject => {
  const effect = pick(roll, VERDICTS);
  const conditions = roll(4);
  return {
    name,
    [chance(roll, 6) ? "action" : "effect"]: effect,
    ...(roll(4) === 0 ? {} : { priority: pick(roll, [0, 1, 2, 2, 10, -1]) }),
    ...(conditions === 0 ? {} : { match: members(roll, MATCH, conditions) }),
    ...mostly(roll, SECTIONS, 12),
    ...members(roll, CONSTRAINTS, pick(roll, [0, 0, 0, 1, 1, 3])),
  };
};

const TOP: Readonly<Record<string, Draw>> = {
  schema_id: oneWord(["gait.gate.policy"]),
  schema_version: oneWord(["1.0.0"]),
  scripts: (roll) =>
    members(
      roll,
      { max_steps: oneNumber(1, 2, 8), require_approval_above: oneNumber(1, 2), block_mixed_risk: yes },
      roll(3),
    ),
  fail_closed: (roll) => ({
    enabled: roll(4) > 0,
    ...members(roll, {
      risk_classes: listOfWords(WORDS.risks),
      required_fields: listOfWords(REQUIRED_FIELDS),
      required_high_risk_fields: listOfWords(HIGH_RISK_FIELDS),
    }, roll(4)),
  }),
  mcp_trust: (roll) => ({
    snapshot: "trust.json",
    ...members(roll, { max_age: oneWord(["90m", "1h"]), action: RAISING }, roll(2)),
  }),
};

const NAMES = ["a rule", "b", "Stop-it", "zoë", "b"] as const;

/** Draws a policy as written: some rules, several of one priority and of one name now and then. */
export const drawPolicy = (roll: Dice): JsonObject => {
  const count = pick(roll, [0, 1, 2, 3, 4, 6, 9]);
  const rules = Array.from({ length: count }, (_, i) => drawRule(roll, chance(roll, 3) ? pick(roll, NAMES) : `rule ${i}`));
  return {
    ...(roll(4) === 0 ? {} : { default_verdict: pick(roll, VERDICTS) }),
    ...members(roll, TOP, pick(roll, [0, 0, 0, 1, 2])),
    ...(count === 0 ? {} : { rules }),
  };
};

const PLAIN = /^[a-z][a-z0-9_./-]*$/;
const WORD_OF_YAML = /^(?:true|false|null|yes|no|on|off|inf|nan)$/;

const scalar = (value: Json): string =>
  typeof value === "string" && PLAIN.test(value) && !WORD_OF_YAML.test(value) ? value : JSON.stringify(value);

const isEmpty = (value: Json): boolean => typeof value !== "object" || value === null || Object.keys(value).length === 0;

function block(value: Json, indent: string): string {
  if (typeof value !== "object" || value === null || isEmpty(value)) return ` ${scalar(value)}\n`;
  if (isList(value)) return `\n${value.map((item) => `${indent}-${item1(item, indent)}`).join("")}`;
  return `\n${lines(value, indent)}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const lines = (value: JsonObject, indent: string): string =>
  Object.entries(value).map(([name, member]) => `${indent}${scalar(name)}:${block(member, `${indent}  `)}`).join("");

// An item that is an object begins on the line of its dash.
const item1 = (item: Json, indent: string): string =>
  typeof item === "object" && item !== null && !isList(item) && !isEmpty(item)
    ? ` ${lines(item, `${indent}  `).trimStart()}`
    : block(item, `${indent}  `);

/** A policy as YAML text: block style, JSON on one line, or JSON over several lines. */
export const yamlOf = (policy: JsonObject, style: "block" | "flow" | "json" = "block"): string => {
  switch (style) {
    case "block":
      return isEmpty(policy) ? "{}\n" : lines(policy, "");
    case "flow":
      return `${JSON.stringify(policy)}\n`;
    case "json":
      return `${JSON.stringify(policy, undefined, 2)}\n`;
    default:
      throw new Error(style satisfies never);
  }
};
