// What identifies a proposed action contract (spec 03, section 9.2): its content, its family, its id, and the artifact around it.
// Lists may come in any order, but for target constraints, whose order counts in the family.
import { utf8 } from "../base/bytes.ts";
import { digestOf, sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { byBytes, trim } from "../base/text.ts";
import type { ActionContract } from "../schema/action_contract.ts";

const UNIT_SEPARATOR = "\x1f"; // no blank: trimming leaves it

type Member = string | number | boolean | undefined | readonly string[];

const spelled = (member: Member): string =>
  typeof member === "object" ? member.map(trim).join(",") : trim(String(member ?? ""));

const row = <K extends string>(of: { readonly [name in K]?: Member }, names: readonly K[]): string =>
  names.map((name) => spelled(of[name])).join("|");

const EVIDENCE = ["evidence_state", "freshness_state", "evidence_refs", "reason_codes"] as const;
const STEP = ["transition_id", "from_stage_id", "to_stage_id", "from_role", "to_role", "reason"] as const;
const AUTHORITY = ["requirement_id", "kind", "required_constraint", "observed_value", ...EVIDENCE] as const;
const PRECONDITION = [
  "requirement_id",
  "kind",
  "required_constraint",
  "observed_value",
  "observed_result",
  "acceptable_producers",
  "max_age",
  ...EVIDENCE,
] as const;
const CONFIRMATION = ["mode", "required", ...EVIDENCE] as const;
const APPROVAL = [
  "required",
  "approver_roles",
  "minimum_approvals",
  "separation_of_duties",
  "scope_digest",
  "validity_window",
  "reapproval_triggers",
  ...EVIDENCE,
] as const;
const COMPENSATION = [
  "required",
  "kind",
  "procedure_ref",
  "target",
  "execution_window",
  "verification_required",
  "acceptable_producers",
  ...EVIDENCE,
] as const;

const scalars = (c: ActionContract): string[] =>
  Object.entries({
    version: c.contract_version,
    kind: c.contract_kind,
    composition: c.composition_ref,
    resolution: c.resolution_key,
    credential_mode: c.required_credential_mode,
    delegation_depth: c.maximum_delegation_depth,
    outcome: c.expected_outcome_class,
    compensation: c.compensation_required ?? false,
    expires_at: c.expires_at,
    report_only: c.report_only,
    readiness: c.readiness_state,
    revision: c.revision,
    supersedes: c.supersedes_ref,
    authority_readiness: c.authority_readiness_state,
  }).map(([name, member]) => `${name}=${spelled(member)}`);

const each = <T>(name: string, items: readonly T[] | undefined, spell: (item: T) => string): string[] =>
  (items ?? []).map((item) => `${name}=${spell(item)}`);

const target = ({ key, value }: { readonly key: string; readonly value: string }): string => `${trim(key)}=${trim(value)}`;

/** The digest of what a contract says, after `sha256:`. What was seen of it and its ids are no part of it. */
export function contractContentDigest(crypto: Crypto, c: ActionContract): string {
  const lines = [
    ...scalars(c),
    ...each("allow", c.allowed_transitions, (step) => row(step, STEP)),
    ...each("prohibit", c.prohibited_transitions, (step) => row(step, STEP)),
    ...each("approval", c.approval_required_transitions, (step) => row(step, STEP)),
    ...each("target", c.target_constraints, target),
    ...each("evidence", c.evidence_requirements, trim),
    ...each("countersigner", c.acceptable_countersigners, trim),
    ...each("digest", c.source_digests, trim),
    ...each("reason", c.reason_codes, trim),
    ...each("authority", c.authority_requirements, (wanted) => row(wanted, AUTHORITY)),
    ...each("precondition", c.preconditions, (wanted) => row(wanted, PRECONDITION)),
    `confirmation=${row(c.confirmation_requirement, CONFIRMATION)}`,
    `approval=${row(c.approval_requirement, APPROVAL)}`,
    `compensation=${row(c.compensation_requirement, COMPENSATION)}`,
  ];
  return `sha256:${sha256Hex(crypto, utf8(lines.sort(byBytes).join(UNIT_SEPARATOR)))}`;
}

const shortDigest = (crypto: Crypto, text: string): string => sha256Hex(crypto, utf8(text)).slice(0, 16);

/** The id of all revisions of a contract: what it is about, not what it says. */
export function contractFamilyId(crypto: Crypto, c: ActionContract): string {
  const about = [
    spelled(c.composition_ref),
    [c.required_credential_mode, c.maximum_delegation_depth, c.expected_outcome_class, c.resolution_key].map(spelled).join("|"),
    (c.target_constraints ?? []).map(target).join("|"),
  ];
  return `pacf-${shortDigest(crypto, trim(about.join(UNIT_SEPARATOR)))}`;
}

/** The id of a contract, of the family and content that were computed for it. */
export const contractIdOf = (crypto: Crypto, family: string, content: string, { contract_version }: ActionContract): string =>
  `pac-${shortDigest(crypto, [family, content, contract_version].join("|"))}`;

/** The digest of a proposal artifact as it is written, after `sha256:`; a blank resolution key counts as absent. */
export function proposalContentDigest(crypto: Crypto, raw: JsonObject): string {
  const { artifact_id: _id, canonical_content_digest: _digest, ...content } = raw;
  const { resolution_key, ...rest } = content;
  const blank = typeof resolution_key === "string" && trim(resolution_key) === "";
  return `sha256:${digestOf(crypto, blank ? rest : content)}`;
}
