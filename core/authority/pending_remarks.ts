// What about a call is out of the ordinary, in sentences for its approver: that it destroys, reaches out, acts for somebody else, was fed
// by what came from outside, or holds characters that cannot be seen.
import { isJsonList, type Json } from "../base/json_value.ts";
import { hasHidden, quoted } from "../base/json_words.ts";
import { isZeroTime } from "../base/time.ts";
import { writeShape } from "../base/shape.ts";
import { TAINTED_SOURCES } from "../schema/gate_words.ts";
import { IntentDigestShape } from "../schema/intent.ts";
import type { PendingRequest } from "../schema/pending_request.ts";

type Call = PendingRequest["intent"];

const MOST_NAMED = 5;

/** Some of the texts by name, the others by their number. */
const named = (texts: readonly string[]): string => {
  const unique = [...new Set(texts)];
  const shown = unique.slice(0, MOST_NAMED).map((text) => quoted(text, 200)).join(", ");
  return unique.length > MOST_NAMED ? `${shown} and ${unique.length - MOST_NAMED} more` : shown;
};

const aboutTargets = ({ targets, script }: Call): readonly string[] => {
  const all = [...targets, ...(script?.steps ?? []).flatMap((step) => step.targets)];
  const destroyed = all.filter(({ destructive, destructive_hint }) => destructive || destructive_hint);
  const outside = all.filter((target) => target.endpoint_class.startsWith("net.") || target.open_world_hint);
  return [
    ...(destroyed.length === 0 ? [] : [`it destroys: ${named(destroyed.map(({ value }) => value))}`]),
    ...(outside.length === 0
      ? []
      : [`it reaches out to: ${named(outside.map(({ endpoint_domain, value }) => endpoint_domain || value))}`]),
  ];
};

const aboutOrigin = ({ arg_provenance, script }: Call): readonly string[] => {
  const all = [...arg_provenance, ...(script?.steps ?? []).flatMap((step) => step.arg_provenance)];
  const tainted = all.filter(({ source }) => TAINTED_SOURCES.some((word) => word === source));
  return tainted.length === 0
    ? []
    : [`arguments of it came from outside: ${named(tainted.map(({ arg_path, source }) => `${arg_path} (${source})`))}`];
};

const aboutCaller = ({ context, delegation, skill_provenance, script }: Call): readonly string[] => [
  ...(["", "low", "medium"].includes(context.risk_class) ? [] : [`its risk class is ${quoted(context.risk_class)}`]),
  ...(script === undefined ? [] : [`it is a script: its ${script.steps.length} steps are approved together`]),
  ...(delegation === undefined ? [] : [
    `${quoted(delegation.requester_identity)} acts for ${
      delegation.chain.length === 0
        ? "somebody else"
        : named(delegation.chain.map(({ delegator_identity }) => delegator_identity))
    }${isZeroTime(delegation.expires_at) ? "" : `, until ${delegation.expires_at}`}`,
  ]),
  ...(context.credential_ref === "" ? [] : [`it uses the credential ${quoted(context.credential_ref, 200)}`]),
  ...(skill_provenance === undefined
    ? []
    : [`it was made by the skill ${quoted(skill_provenance.skill_name)} of ${quoted(skill_provenance.publisher)}`]),
];

const holdsHidden = (value: Json): boolean => {
  if (typeof value === "string") return hasHidden(value);
  if (typeof value !== "object" || value === null) return false;
  return isJsonList(value)
    ? value.some(holdsHidden)
    : Object.entries(value).some(([name, member]) => hasHidden(name) || holdsHidden(member));
};

/** What an approver should look at, most of all first; nothing for a call that has nothing special. */
export const remarks = (request: PendingRequest): readonly string[] => [
  ...aboutTargets(request.intent),
  ...(holdsHidden(writeShape(IntentDigestShape, request.intent))
    ? ["it holds characters that cannot be seen or that turn the direction of text"]
    : []),
  ...aboutOrigin(request.intent),
  ...aboutCaller(request.intent),
  ...(request.matched_rules.length === 0 && request.step_verdicts.length === 0
    ? ["no rule of the policy is about it: its default asks"]
    : []),
  ...(request.required_approvals > 1
    ? [`it takes ${request.required_approvals} approvals${request.distinct_approvers ? " of different people" : ""}`]
    : []),
];
