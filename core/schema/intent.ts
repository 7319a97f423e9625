// A tool call about to happen (spec 02, section 4): what a caller hands over, and what of it is digested. Texts come out of the
// reader trimmed, in lowercase where the format says so; what is inferred and checked beyond that is done in `core/gate/`.
import type { JsonObject } from "../base/json.ts";
import {
  count,
  filled,
  type Infer,
  label,
  labelSet,
  listOf,
  object,
  payload,
  present,
  type Shape,
  term,
  text,
  time,
  truth,
} from "../base/shape.ts";
import {
  CREDENTIAL_ACCESS_TYPES,
  CREDENTIAL_SOURCES,
  ENDPOINT_CLASSES,
  ENV_EXPOSURE_MODES,
  EVIDENCE_MODES,
  FILESYSTEM_ISOLATIONS,
  NETWORK_MODES,
  PHASES,
  PROVENANCE_SOURCES,
  TARGET_KINDS,
  USER_MODES,
} from "./gate_words.ts";
import { RelationshipShape } from "./relationship.ts";

export const INTENT_ID = "gait.gate.intent_request";

const flag = (doc: string) => filled(truth(doc));
const mark = (doc: string) => filled(label(doc));

/** Arguments are written even when there are none. */
const args = (doc: string): Shape<JsonObject | undefined> => ({
  ...payload(doc),
  presence: "always",
  write: (value) => value ?? {},
});

export const TargetShape = object("Something that the call touches", () => ({
  kind: term("What it is", TARGET_KINDS),
  value: label("Which one, letter case counts"),
  operation: filled(term("What is done to it")),
  sensitivity: filled(term("Class of its data")),
  endpoint_class: filled(term("What that comes to; inferred when absent", ENDPOINT_CLASSES)),
  endpoint_domain: filled(term("Domain; inferred when absent")),
  destructive: flag("Whether it destroys; inferred too"),
  discovery_method: filled(term("How the tool was discovered")),
  read_only_hint: flag("The tool says that it only reads"),
  destructive_hint: flag("The tool says that it may destroy"),
  idempotent_hint: flag("The tool says that calling it twice does no more"),
  open_world_hint: flag("The tool says that it reaches beyond the machine"),
}));

export const ProvenanceShape = object("Where an argument came from", () => ({
  arg_path: label("Which argument"),
  source: term("From where", PROVENANCE_SOURCES),
  source_ref: mark("Which one"),
  integrity_digest: filled(term("Digest of what came")),
}));

export const StepShape = object("One step of a script", () => ({
  tool_name: term("The tool"),
  args: args("Its arguments"),
  targets: filled(listOf(TargetShape, "What it touches")),
  arg_provenance: filled(listOf(ProvenanceShape, "Where its arguments came from")),
}));

export const ScriptShape = object(
  "Several calls that are decided together",
  () => ({ steps: listOf(StepShape, "1 to 64 steps") }),
);

export const SkillShape = object("The skill that makes the call", () => ({
  skill_name: label("Its name"),
  skill_version: mark("Its version"),
  source: term("Where it came from"),
  publisher: label("Who published it"),
  digest: filled(term("Its digest")),
  signature_key_id: mark("Key that signed it"),
}));

export const LinkShape = object("One hop of a delegation", () => ({
  delegator_identity: label("Who delegates"),
  delegate_identity: label("To whom"),
  scope_class: filled(term("Class of the scope")),
  token_ref: mark("Token that proves it"),
  issued_at: time("When it begins"),
  expires_at: time("When it ends"),
}));

export const DelegationShape = object("Under whose authority the call is made", () => ({
  requester_identity: label("Who asks"),
  scope_class: filled(term("Class of the scope")),
  token_refs: filled(labelSet("Tokens that prove it")),
  chain: filled(listOf(LinkShape, "The hops, first to last")),
  issued_at: time("When it begins"),
  expires_at: time("When it ends"),
}));

export const IntentAgentShape = object("Who the agent is, as its registry says", () => ({
  lifecycle_states: filled(labelSet("States of its life cycle")),
  owner: mark("Who answers for it"),
  manifest_digest: filled(term("Digest of its manifest")),
  publisher: mark("Who published it"),
  source: filled(term("Where that was learned")),
  issued_at: time("When the identity was issued"),
  approved_at: time("When it was approved"),
  expires_at: time("When it ends"),
  revoked: flag("Whether it was revoked"),
}));

export const IntentSandboxShape = object("The sandbox that the call runs in", () => ({
  network_mode: filled(term("What network it has", NETWORK_MODES)),
  env_exposure_mode: filled(term("What environment it sees", ENV_EXPOSURE_MODES)),
  timeout_seconds: filled(count("How long it may run")),
  filesystem_isolation: filled(term("What files it sees", FILESYSTEM_ISOLATIONS)),
  user_mode: filled(term("Which user it runs as", USER_MODES)),
  writable_paths: filled(labelSet("Folders that it may write to")),
  read_only_roots: filled(labelSet("Folders that it may only read")),
  evidence_ref: mark("Where the proof is"),
  evidence_digest: filled(term("Digest of the proof")),
}));

export const IntentContextShape = object("Who calls, where and how risky it is", () => ({
  identity: label("Who calls"),
  workspace: label("Where"),
  risk_class: term("How risky it is"),
  phase: filled(term("plan or apply; apply when absent", PHASES)),
  agent_id: mark("Which agent"),
  agent_identity: present(IntentAgentShape),
  auth_context: payload("What is known of the caller's authority"),
  run_id: mark("Id of the run"),
  workflow_id: mark("Id of the workflow"),
  repo: mark("Repository"),
  environment: mark("Environment"),
  job_id: mark("Id of the job"),
  session_id: mark("Id of the session"),
  request_id: mark("Id of the request"),
  credential_ref: mark("Which credential"),
  credential_source: filled(term("Where it comes from", CREDENTIAL_SOURCES)),
  credential_access_type: filled(term("How it gives access", CREDENTIAL_ACCESS_TYPES)),
  credential_issuer: mark("Who issued it"),
  credential_subject: mark("Whom it names"),
  credential_owner: mark("Who owns it"),
  credential_target_binding: mark("Targets that it is bound to"),
  credential_run_binding: mark("Run that it is bound to"),
  credential_job_binding: mark("Job that it is bound to"),
  credential_ttl_seconds: filled(count("How long it lives")),
  credential_scopes: filled(labelSet("What it may be used for")),
  approval_ref: mark("Approval that the call names"),
  wrkr_inventory_ref: mark("Inventory that the call names"),
  agent_action_bom_ref: mark("Bill of actions that the call names"),
  environment_fingerprint: mark("Fingerprint of the environment"),
  context_set_digest: filled(term("Digest of the context set; counts only when an envelope proves it")),
  context_evidence_mode: filled(term("How sure the context is", EVIDENCE_MODES)),
  context_refs: filled(labelSet("Pieces of context")),
  sandbox: present(IntentSandboxShape),
}));

const body = {
  tool_name: term("The tool; script when there is a script"),
  args: args("Its arguments"),
  targets: listOf(TargetShape, "What it touches"),
  script: present(ScriptShape),
  arg_provenance: filled(listOf(ProvenanceShape, "Where its arguments came from")),
  skill_provenance: present(SkillShape),
  delegation: present(DelegationShape),
  context: IntentContextShape,
};

/** What a caller hands over. */
export const IntentRequestShape = object("A tool call about to happen", () => ({
  schema_id: text(`Should be ${INTENT_ID}`),
  schema_version: text("Should be 1.0.0"),
  created_at: time("When the call was made"),
  producer_version: text("Version of the caller"),
  ...body,
  relationship: present(RelationshipShape),
}));

/** What of an intent is digested (section 4.4). */
export const IntentDigestShape = object("What of an intent is digested", () => ({
  ...body,
  script_hash: filled(text("Digest of the script")),
}));

/** A request as read, not yet normalized. */
export type IntentRequest = Infer<typeof IntentRequestShape>;
export type Target = Infer<typeof TargetShape>;
export type Provenance = Infer<typeof ProvenanceShape>;
export type Step = Infer<typeof StepShape>;
export type Skill = Infer<typeof SkillShape>;
export type Delegation = Infer<typeof DelegationShape>;
export type IntentContext = Infer<typeof IntentContextShape>;
export type IntentSandbox = Infer<typeof IntentSandboxShape>;
