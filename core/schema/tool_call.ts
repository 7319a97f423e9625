// A tool call as an MCP client hands it over, the native one (spec 05, section 1.2). Callers of other forms are brought into it.
// Texts come out of the reader trimmed; what each means, and how it becomes an intent, is settled in `core/mcp/`.
import {
  filled,
  type Infer,
  label,
  labelSet,
  listOf,
  object,
  orZero,
  payload,
  present,
  text,
  time,
  truth,
} from "../base/shape.ts";

const mark = (doc: string) => filled(label(doc));
const flag = (doc: string) => filled(truth(doc));
// In the order given and with its repeats: the intent's own reader settles both.
const marks = (doc: string) => filled(listOf(text("One of them"), doc));

export const CallTargetShape = object("Something that the call touches", () => ({
  kind: mark("What it is"),
  value: mark("Which one"),
  operation: mark("What is done to it"),
  sensitivity: mark("Class of its data"),
  discovery_method: mark("How the tool was discovered"),
  discoveryMethod: mark("The same in the spelling of MCP; counts when the other is blank"),
  read_only_hint: flag("The tool says that it only reads"),
  readOnlyHint: flag("The same in the spelling of MCP"),
  destructive_hint: flag("The tool says that it may destroy"),
  destructiveHint: flag("The same in the spelling of MCP"),
  idempotent_hint: flag("The tool says that calling it twice does no more"),
  idempotentHint: flag("The same in the spelling of MCP"),
  open_world_hint: flag("The tool says that it reaches beyond the machine"),
  openWorldHint: flag("The same in the spelling of MCP"),
  annotations: payload("The tool's annotations: hints and discovery method in either spelling, above those beside them"),
}));

export const CallProvenanceShape = object("Where an argument came from", () => ({
  arg_path: mark("Which argument"),
  source: mark("From where"),
  source_ref: mark("Which one"),
  integrity_digest: mark("Digest of what came"),
}));

export const CallStepShape = object("One step of a script", () => ({
  name: label("The tool"),
  args: payload("Its arguments"),
  targets: filled(listOf(CallTargetShape, "What it touches")),
  arg_provenance: filled(listOf(CallProvenanceShape, "Where its arguments came from")),
}));

export const ServerShape = object("The MCP server that offers the tool: for trust, never part of the intent", () => ({
  server_id: mark("Its id"),
  server_name: mark("Its name"),
  publisher: mark("Who published it"),
  source: mark("Where it came from"),
  endpoint: mark("Where it is reached"),
}));

export const OauthEvidenceShape = object("How the caller came by its access", () => ({
  issuer: mark("Who issued the token"),
  audience: marks("Whom the token is for"),
  subject: mark("Whom it names"),
  client_id: mark("The client"),
  token_type: mark("Kind of token"),
  scopes: marks("What it may be used for"),
  dcr_client_id: mark("The client as dynamically registered"),
  redirect_uri: mark("Where the answer was sent"),
  token_binding: mark("What the token is bound to"),
  auth_time: mark("When access was given"),
  evidence_ref: mark("Where the proof is"),
}));

export const CallContextShape = object("Who calls, where and how risky it is", () => ({
  identity: mark("Who calls; mcp-proxy when blank"),
  workspace: mark("Where; . when blank"),
  risk_class: mark("How risky it is; high when blank, and then no server trust is demanded"),
  phase: mark("plan or apply; apply when blank"),
  job_id: mark("Id of the job"),
  session_id: mark("Id of the session"),
  request_id: mark("Id of the request"),
  run_id: mark("Id of the run; not part of the intent"),
  auth_mode: mark("How the caller has access: off, none, token, oauth or oauth_dcr"),
  oauth_evidence: present(OauthEvidenceShape),
  auth_context: payload("What is known of the caller's authority"),
  credential_scopes: filled(labelSet("What its credential may be used for")),
  environment_fingerprint: mark("Fingerprint of the environment"),
  context_envelope_path: mark("Context evidence envelope; a server may be told to take it from callers"),
}));

export const CallLinkShape = object("One hop of a delegation", () => ({
  delegator_identity: mark("Who delegates"),
  delegate_identity: mark("To whom"),
  scope_class: mark("Class of the scope"),
  token_ref: mark("Token that proves it"),
}));

export const CallDelegationShape = object("Under whose authority the call is made", () => ({
  requester_identity: mark("Who asks"),
  scope_class: mark("Class of the scope"),
  token_refs: filled(labelSet("Tokens that prove it")),
  chain: filled(listOf(CallLinkShape, "The hops, first to last")),
}));

export const ToolCallShape = object("A tool call as an MCP client hands it over", () => ({
  name: mark("The tool; needed unless there is a script"),
  args: payload("Its arguments"),
  target: mark("The only target, in the older form; counts when there are no targets"),
  targets: filled(listOf(CallTargetShape, "What it touches")),
  arg_provenance: filled(listOf(CallProvenanceShape, "Where its arguments came from")),
  script: present(object("Several calls that are decided together", () => ({ steps: listOf(CallStepShape, "The steps") }))),
  server: present(ServerShape),
  context: orZero(CallContextShape),
  delegation: present(CallDelegationShape),
  created_at: time("When the call was made; 1980-01-01T00:00:00Z when absent"),
}));

/** A native call, as read. */
export type ToolCall = Infer<typeof ToolCallShape>;
export type CallTarget = Infer<typeof CallTargetShape>;
export type CallProvenance = Infer<typeof CallProvenanceShape>;
export type CallContext = Infer<typeof CallContextShape>;
export type CallDelegation = Infer<typeof CallDelegationShape>;
export type CallServer = Infer<typeof ServerShape>;
export type OauthEvidence = Infer<typeof OauthEvidenceShape>;
