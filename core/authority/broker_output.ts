// What a broker program prints: a receipt of a known provider, or a plain answer (spec 03, sections 6.3 and 6.4). Where it cannot be
// used the call is blocked; why is told in words of ours, and what was printed is shown to nobody.
import { utf8 } from "../base/bytes.ts";
import { type JsonObject, readJsonObject } from "../base/json.ts";
import { filled, type Infer, integer, listOf, object, readShape, text, time } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import type { BrokerAnswer } from "./broker_answer.ts";
import type { Asked } from "./broker_request.ts";

/** The most that a program may print, on both of its outputs together. */
export const OUTPUT_LIMIT = 16_384;
const REF_LIMIT = 256;
const NAMELESS = "its answer names no credential";
const MISSHAPEN = "what it printed has members of the wrong kind";

const word = (doc: string) => filled(text(doc));

const ANSWER = () => ({
  provider: word("Provider of the receipt"),
  issued_by: word("Who issued it"),
  source: word("Where the credential comes from"),
  access_type: word("How it gives access"),
  issuer: word("Who stands for it"),
  subject: word("Whom it names"),
  owner: word("Who owns it"),
  scope: filled(listOf(text("One scope"), "What it may be used for")),
  credential_ref: word("Name of the credential"),
  target_binding: word("Targets that it is bound to"),
  run_binding: word("Run that it is bound to"),
  job_binding: word("Job that it is bound to"),
  request_digest: word("Digest of the request"),
  issued_at: time("When it was issued"),
  expires_at: time("When it ends"),
  ttl_seconds: filled(integer("How long it lives")),
});

const AnswerShape = object("What a broker program prints; other members are passed over", ANSWER);

const ReceiptShape = object("The same from a known provider", () => ({
  ...ANSWER(),
  assumed_role_arn: word("Role of an AWS session"),
  session_arn: word("An AWS session"),
  repository: word("Repository of a GitHub workflow"),
  workflow_ref: word("A GitHub workflow"),
  lease_id: word("A Vault lease"),
  principal: word("A Google principal"),
  workload_identity_provider: word("A Google identity provider"),
  service_principal_id: word("An Azure service principal"),
  federated_credential_id: word("An Azure federated credential"),
  broker_session_id: word("A session at the broker"),
}));

type Answer = Infer<typeof AnswerShape>;
type Output = Infer<typeof ReceiptShape>;

/** A provider: its other names, who stands for it, and what of a receipt names the credential. */
type Provider = {
  readonly name: string;
  readonly also: readonly string[];
  readonly issuer: string;
  readonly reference: (output: Output) => readonly string[];
};

const PROVIDERS: readonly Provider[] = [
  {
    name: "aws_sts",
    also: ["aws", "sts"],
    issuer: "sts.amazonaws.com",
    reference: (output) => [trim(output.assumed_role_arn) || output.session_arn],
  },
  {
    name: "github_oidc",
    also: ["github", "oidc"],
    issuer: "token.actions.githubusercontent.com",
    reference: (output) => [output.repository, output.workflow_ref],
  },
  { name: "vault_dynamic", also: ["vault"], issuer: "vault", reference: (output) => [output.lease_id] },
  {
    name: "gcp_sts",
    also: ["gcp"],
    issuer: "sts.googleapis.com",
    reference: (output) => [trim(output.principal) || output.workload_identity_provider],
  },
  {
    name: "azure_federated",
    also: ["azure"],
    issuer: "login.microsoftonline.com",
    reference: (output) => [output.service_principal_id, output.federated_credential_id],
  },
  {
    name: "okta_cyberark",
    also: ["okta", "cyberark"],
    issuer: "okta-cyberark",
    reference: (output) => [output.broker_session_id],
  },
  { name: "command", also: [], issuer: "command", reference: () => [] },
  { name: "file", also: [], issuer: "file", reference: () => [] },
];

const providerOf = (given: string): Provider | undefined => {
  const name = lower(trim(given));
  return PROVIDERS.find((provider) => provider.name === name || provider.also.includes(name));
};

const SECRETS = ["ghp_", "gho_", "github_pat_", "sk-", "AKIA", "ASIA"];
const NAMED = ["ref", "stub", "cmd", "env", "file", ...PROVIDERS.slice(0, 6).map(({ name }) => name)];

// An answer names a credential; one that holds it is refused, be it a receipt or a plain one.
const isSecret = (given: string): boolean => {
  const value = trim(given);
  return SECRETS.some((prefix) => value.startsWith(prefix)) && !NAMED.some((name) => lower(value).startsWith(`${name}:`));
};

const NAMING = ["credential_ref", "federated_credential_id", "session_arn", "broker_session_id", "lease_id"];

const holdsSecret = (output: JsonObject): boolean =>
  NAMING.map((name) => output[name]).some((value) => typeof value === "string" && isSecret(value));

// The first part is what it takes to name a credential, the others only narrow it.
function referenceOf(provider: Provider, output: Output): string {
  const own = trim(output.credential_ref);
  if (own !== "") return own;
  const parts = provider.reference(output).map(trim);
  return parts[0] === undefined || parts[0] === "" ? "" : [provider.name, ...parts.filter((part) => part !== "")].join(":");
}

const orElse = (given: string, other: string): string => trim(given) === "" ? other : given;

const common = (output: Answer, { request, digest }: Asked) => ({
  scope: output.scope.length === 0 ? request.Scope : output.scope,
  target_binding: orElse(output.target_binding, request.TargetBinding),
  run_binding: orElse(output.run_binding, request.RunID),
  job_binding: orElse(output.job_binding, request.JobID),
  request_digest: orElse(output.request_digest, digest),
  issued_at: output.issued_at,
  expires_at: output.expires_at,
  ttl_seconds: output.ttl_seconds,
});

function receipt(provider: Provider, json: JsonObject, asked: Asked): BrokerAnswer | string {
  const read = readShape(ReceiptShape, json, "answer");
  if (!read.ok) return MISSHAPEN;
  const output = read.value;
  const credential_ref = referenceOf(provider, output);
  if (credential_ref === "") return NAMELESS;
  return {
    ...common(output, asked),
    issued_by: provider.name,
    source: orElse(output.source, provider.name),
    access_type: orElse(output.access_type, "jit"),
    issuer: orElse(output.issuer, provider.issuer),
    subject: orElse(output.subject, asked.request.Identity),
    owner: orElse(output.owner, asked.request.Identity),
    credential_ref,
  };
}

/** The answer of a program that printed `bytes` and ended well; a text says why it is none. */
export function outputAnswer(bytes: Uint8Array, asked: Asked): BrokerAnswer | string {
  if (bytes.length > OUTPUT_LIMIT) return `it printed more than ${OUTPUT_LIMIT} bytes`;
  const json = readJsonObject(bytes, "answer", { text: "replace" });
  if (!json.ok) return "what it printed is not one JSON object";
  if (holdsSecret(json.value)) return "its answer holds what looks like a secret in the place of a name";
  const read = readShape(AnswerShape, json.value, "answer");
  if (!read.ok) return MISSHAPEN;
  const provider = providerOf(read.value.provider);
  const answer = provider === undefined ? plain(read.value, asked) : receipt(provider, json.value, asked);
  if (typeof answer === "string") return answer;
  const name = trim(answer.credential_ref);
  if (name === "") return NAMELESS;
  return /[\t\r\n]/.test(name) || utf8(name).length > REF_LIMIT
    ? `the name of its credential is longer than ${REF_LIMIT} bytes, or more than a line`
    : answer;
}

const plain = (output: Answer, asked: Asked): BrokerAnswer => ({
  ...common(output, asked),
  issued_by: orElse(output.issued_by, "command"),
  source: output.source,
  access_type: output.access_type,
  issuer: output.issuer,
  subject: output.subject,
  owner: output.owner,
  credential_ref: output.credential_ref,
});
