// Random calls, and what else a verdict depends on: the moment, a kill switch, an inventory, a context envelope.
import type { Json, JsonObject } from "../../core/base/json.ts";
import {
  CREDENTIAL_ACCESS_TYPES,
  CREDENTIAL_SOURCES,
  ENV_EXPOSURE_MODES,
  FILESYSTEM_ISOLATIONS,
  NETWORK_MODES,
  USER_MODES,
} from "../../core/schema/gate_words.ts";
import { type Dice, jsonish, pick } from "../runtimes/dice.ts";
import {
  anyTarget,
  chance,
  type Draw,
  listOfWords,
  members,
  MOMENTS,
  mostly,
  oneNumber,
  oneWord,
  some,
  WORDS,
  yes,
} from "./gate_draw.ts";

const DIGESTS = ["ab".repeat(32), "CD".repeat(32)] as const;

const TARGET: Readonly<Record<string, Draw>> = {
  operation: oneWord(WORDS.operations),
  sensitivity: oneWord(WORDS.sensitivities),
  endpoint_class: oneWord(WORDS.classes),
  endpoint_domain: oneWord(["api.example.test", "Evil.test"]),
  destructive: yes,
  discovery_method: oneWord([...WORDS.methods, "static-MCP"]),
  read_only_hint: yes,
  destructive_hint: yes,
  open_world_hint: yes,
};

const targets: Draw = (roll) =>
  Array.from({ length: pick(roll, [0, 1, 1, 2, 3]) }, () => ({ ...anyTarget(roll), ...mostly(roll, TARGET, 15) }));

const ARGS: readonly Json[] = [
  { path: "/srv/app/data.txt" },
  { n: 1.5, big: 9007199254740992, " padded ": " text ", deep: { list: [1, null, true, "é"] } },
  { tiny: 1e-7, huge: 1e21, zero: 0, nothing: null, empty: {} },
];

const args: Draw = (roll) => pick<Json>(roll, [{}, ...ARGS]);

const provenance: Draw = (roll) =>
  Array.from({ length: roll(3) }, () => ({
    arg_path: pick(roll, ["$.path", " $.n "]),
    source: pick(roll, WORDS.origins),
    ...mostly(roll, { source_ref: oneWord(["ref:1"]), integrity_digest: oneWord(DIGESTS) }, 20),
  }));

const step: Draw = (roll) => ({
  tool_name: pick(roll, WORDS.spelled),
  ...mostly(roll, { args, targets, arg_provenance: provenance }, 50),
});

const AGENT: Readonly<Record<string, Draw>> = {
  owner: oneWord(["ops"]),
  publisher: oneWord(WORDS.publishers),
  source: oneWord(WORDS.sources),
  manifest_digest: oneWord(DIGESTS),
  lifecycle_states: listOfWords([...WORDS.states, "Active"]),
  issued_at: oneWord(["2011-01-01T00:00:00Z"]),
  expires_at: oneWord(["2026-10-25T00:30:00Z", "2030-01-01T00:00:00+02:00"]),
  revoked: (roll) => chance(roll, 5),
};

const SANDBOX: Readonly<Record<string, Draw>> = {
  network_mode: oneWord(NETWORK_MODES),
  env_exposure_mode: oneWord(ENV_EXPOSURE_MODES),
  filesystem_isolation: oneWord(FILESYSTEM_ISOLATIONS),
  user_mode: oneWord(USER_MODES),
  timeout_seconds: oneNumber(30, 60, 601),
  writable_paths: listOfWords(["/srv/app/out", "/srv/apple", "/tmp"], 0),
  read_only_roots: listOfWords(["/etc", "/usr", "/"], 0),
  evidence_ref: oneWord(["proof:1"]),
  evidence_digest: oneWord(DIGESTS),
};

const AUTH: Readonly<Record<string, Draw>> = {
  "wrkr.tool_name": oneWord(WORDS.spelled),
  "wrkr.data_class": oneWord(WORDS.data),
  "wrkr.endpoint_class": oneWord(WORDS.classes),
  "wrkr.autonomy_level": (roll) => pick<Json>(roll, [...WORDS.autonomy, 7]),
  context_age_seconds: oneNumber(1),
};

const CREDENTIAL: Readonly<Record<string, Draw>> = {
  credential_ref: oneWord(["cred-1"]),
  credential_source: oneWord(CREDENTIAL_SOURCES),
  credential_access_type: oneWord(CREDENTIAL_ACCESS_TYPES),
  credential_issuer: oneWord(WORDS.issuers),
  credential_ttl_seconds: oneNumber(300, 900, 901),
};

const FACTS: Readonly<Record<string, Draw>> = {
  phase: oneWord(["apply", "plan", "Plan"]),
  agent_id: oneWord(WORDS.agents),
  run_id: oneWord(["run-1"]),
  job_id: oneWord(["job-1"]),
  workflow_id: oneWord(["flow-1"]),
  repo: oneWord(["org/repo"]),
  environment: oneWord(WORDS.environments),
  approval_ref: oneWord(["ok-1"]),
  wrkr_inventory_ref: oneWord(["inv-1"]),
  agent_action_bom_ref: oneWord(["bom-1"]),
  auth_context: (roll) => mostly(roll, AUTH, 50),
};

const CLAIMS: Readonly<Record<string, Draw>> = {
  credential_run_binding: oneWord(["run-1", "run-2"]),
  credential_job_binding: oneWord(["job-1", "job-2"]),
  credential_target_binding: oneWord(DIGESTS),
  credential_scopes: listOfWords(WORDS.scopes),
  context_set_digest: oneWord(DIGESTS),
  context_refs: listOfWords(["r1", "r2"]),
};

const context = (roll: Dice): JsonObject => {
  const much = pick(roll, [0, 30, 90]);
  return {
    identity: pick(roll, WORDS.identities),
    workspace: pick(roll, WORDS.workspaces),
    risk_class: pick(roll, WORDS.risks),
    ...mostly(roll, FACTS, much),
    ...mostly(roll, CLAIMS, 8),
    ...(roll(100) < much ? mostly(roll, CREDENTIAL, 90) : {}),
    ...(roll(100) < much ? { agent_identity: mostly(roll, AGENT, 80) } : {}),
    ...(roll(100) < much ? { sandbox: mostly(roll, SANDBOX, 90) } : {}),
  };
};

// A chain whose links hold together and end at the requester.
const delegation: Draw = (roll) => {
  const people = [...some(roll, WORDS.delegates, 0, 3), pick(roll, WORDS.identities)];
  return {
    requester_identity: people.at(-1) ?? "",
    ...mostly(roll, { scope_class: oneWord(WORDS.scopes), token_refs: listOfWords(["t-1", "t-2"]) }, 60),
    chain: people.slice(1).map((delegate, i) => ({
      delegator_identity: people[i] ?? "",
      delegate_identity: delegate,
      ...mostly(roll, { scope_class: oneWord(WORDS.scopes), expires_at: oneWord([MOMENTS[0]]) }, 40),
    })),
  };
};

const skill: Draw = (roll) => ({
  skill_name: "formatter",
  source: pick(roll, WORDS.sources),
  publisher: pick(roll, [...WORDS.publishers, "ACME"]),
  ...mostly(roll, { digest: oneWord(DIGESTS), skill_version: oneWord(["1"]) }, 40),
});

const words = (value: Json | undefined): readonly Json[] => Array.isArray(value) ? value : [];
const objectOf = (value: Json | undefined): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;

// What of a call meets a condition of a rule.
const MEETING: Readonly<Record<string, (value: Json, call: JsonObject) => JsonObject>> = {
  tool_names: (tool_name) => ({ tool_name }),
  identities: (identity, call) => ({ context: { ...objectOf(call.context), identity } }),
  risk_classes: (risk_class, call) => ({ context: { ...objectOf(call.context), risk_class } }),
  data_classes: (sensitivity, call) => ({ targets: [...words(call.targets), { kind: "table", value: "users", sensitivity }] }),
  endpoint_classes: (endpoint_class, call) => ({
    targets: [...words(call.targets), { kind: "other", value: "thing", endpoint_class }],
  }),
  provenance_sources: (source) => ({ arg_provenance: [{ arg_path: "$", source }] }),
};

/** The call changed so that it meets some conditions of a rule as written. */
const toward = (roll: Dice, call: JsonObject, rule: JsonObject | undefined): JsonObject => {
  let changed = call;
  for (const [name, values] of Object.entries(objectOf(rule?.match) ?? {})) {
    const meet = MEETING[name];
    if (meet !== undefined && words(values).length > 0) changed = { ...changed, ...meet(pick(roll, words(values)), changed) };
  }
  return changed;
};

/** Draws a request as a caller hands it over. With a policy as written, mostly one that meets some rule of it. */
export const drawIntent = (roll: Dice, policy: JsonObject = {}): JsonObject => {
  const call: JsonObject = {
    ...(chance(roll, 5) ? { created_at: "2026-03-14T09:30:00.25+01:00" } : {}),
    tool_name: pick(roll, WORDS.spelled),
    ...(roll(3) === 0 ? {} : { args: args(roll) }),
    ...(roll(4) === 0 ? {} : { targets: targets(roll) }),
    ...(chance(roll, 3) ? { arg_provenance: provenance(roll) } : {}),
    ...(chance(roll, 5) ? { script: { steps: Array.from({ length: 1 + roll(3) }, () => step(roll)) } } : {}),
    ...(chance(roll, 6) ? { skill_provenance: skill(roll) } : {}),
    ...(chance(roll, 3) ? { delegation: delegation(roll) } : {}),
    context: context(roll),
  };
  const rules = words(policy.rules);
  return rules.length > 0 && roll(4) > 0 ? toward(roll, call, objectOf(pick(roll, rules))) : call;
};

const ENTRY: Readonly<Record<string, Draw>> = {
  agent_id: oneWord(WORDS.agents),
  identity: oneWord(WORDS.identities),
  tool_name: oneWord(WORDS.spelled),
  environment: oneWord(WORDS.environments),
  path_prefixes: listOfWords(["/srv/app", "/etc/", "/srv/app/../x"]),
  workspace_prefixes: listOfWords(["/srv/app", "C:/work"]),
};

const entry = (roll: Dice, i: number): JsonObject => ({
  entry_id: `stop-${i}`,
  enabled: roll(5) < 4,
  created_at: "2011-01-01T00:00:00Z",
  expires_at: pick(roll, ["0001-01-01T00:00:00Z", "2026-10-25T00:30:00Z", "2026-12-24T19:00:00+01:00"]),
  ...(chance(roll, 6)
    ? (({ kind, value }) => ({ target_kind: kind, target_value: value }))(anyTarget(roll))
    : members(roll, ENTRY, roll(12) === 0 ? 0 : 1 + roll(2))),
});

/** Draws the document of a kill switch. */
export const drawKillSwitch = (roll: Dice): JsonObject => ({
  schema_id: "gait.gate.kill_switch_state",
  schema_version: "1.0.0",
  created_at: "2011-01-01T00:00:00Z",
  updated_at: "2011-01-01T00:00:00Z",
  producer_version: "test",
  entries: Array.from({ length: roll(4) }, (_, i) => entry(roll, i)),
});

/** Draws an inventory of tools. */
export const drawInventory = (roll: Dice): Json => {
  const items = some(roll, WORDS.spelled, 0, 4).map((tool_name) => ({
    tool_name,
    ...mostly(roll, {
      data_class: oneWord(WORDS.data),
      endpoint_class: oneWord(WORDS.classes),
      autonomy_level: oneWord(WORDS.autonomy),
    }, 70),
  }));
  return chance(roll, 2) ? { items } : items;
};

const record = (roll: Dice, i: number): JsonObject => ({
  ref_id: `r${i}`,
  source_type: "doc",
  source_locator: `kb/${i}`,
  query_digest: DIGESTS[0],
  content_digest: DIGESTS[1],
  retrieved_at: pick(roll, ["2026-03-08T06:59:00Z", "2011-12-30T11:59:30Z"]),
  redaction_mode: "none",
  immutability: pick(roll, ["", "immutable"]),
});

/** Draws a context envelope. */
export const drawEnvelope = (roll: Dice): JsonObject => ({
  schema_id: "gait.context.envelope",
  schema_version: "1.0.0",
  created_at: "2026-03-08T06:00:00Z",
  producer_version: "test",
  context_set_id: "set-1",
  evidence_mode: pick(roll, ["required", "best_effort"]),
  records: Array.from({ length: roll(3) }, (_, i) => record(roll, i)),
});

/** What a verdict depends on beside policy and call, as documents. */
export type Surroundings = {
  readonly evaluation_time: string;
  readonly kill_switch?: JsonObject;
  readonly inventory?: Json;
  readonly context_envelope?: JsonObject;
};

/** Draws a moment, and now and then each of the other documents. */
export const drawSurroundings = (roll: Dice): Surroundings => ({
  evaluation_time: pick(roll, MOMENTS),
  ...(chance(roll, 4) ? { kill_switch: drawKillSwitch(roll) } : {}),
  ...(chance(roll, 4) ? { inventory: drawInventory(roll) } : {}),
  ...(chance(roll, 5) ? { context_envelope: drawEnvelope(roll) } : {}),
});

/** A document with one place in it of another value or kind, gone, or under another name: mostly one that is refused. */
export function spoiled(roll: Dice, json: Json): Json {
  if (typeof json !== "object" || json === null || Object.keys(json).length === 0 || chance(roll, 6)) {
    return pick<Json>(roll, [null, "", "odd", -1, 1.5, 1e300, true, [], {}, ["x"], { a: 1 }, jsonish(roll, 2)]);
  }
  const names = Object.keys(json);
  const at = pick(roll, names);
  if (Array.isArray(json)) return json.map((item, i) => String(i) === at ? spoiled(roll, item) : item);
  const object = objectOf(json) ?? {};
  if (chance(roll, 12)) return { ...object, [`${at}x`]: object[at] ?? null };
  if (chance(roll, 12)) return Object.fromEntries(Object.entries(object).filter(([name]) => name !== at));
  return { ...object, [at]: spoiled(roll, object[at] ?? null) };
}
