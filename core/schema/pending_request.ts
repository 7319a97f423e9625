// A call that waits for approval, as its approver finds it (docs/approvals.md). The id of a request is the SHA-256 of exactly the bytes
// of its file, so nothing of it can be changed; it holds the very call that its digest covers, so what is shown is what is approved.
import {
  filled,
  given,
  type Infer,
  integer,
  listOf,
  object,
  oneOf,
  present,
  strict,
  text,
  time,
  truth,
} from "../base/shape.ts";
import { atLeast, flag, matching, notEmptyText } from "../base/shape_rules.ts";
import { digest } from "./digest.ts";
import { fixedHead } from "./heading.ts";
import { IntentDigestShape } from "./intent.ts";
import { StepVerdictShape, VERDICTS } from "./trace.ts";

export const PENDING_REQUEST_ID = "gait.gate.pending_request";

const words = (doc: string) => filled(listOf(text("One of them"), doc));

const header = {
  ...fixedHead(PENDING_REQUEST_ID),
  created_at: given(time("When the gate asked")),
  producer_version: given(text("Version of the program that asked")),
  expires_at: given(time("When nobody waits any more")),
};

const bound = {
  intent_digest: digest("Digest of the call"),
  policy_digest: digest("Digest of the policy"),
  delegation_binding_digest: filled(text("Digest of the delegation that the call is made under, if any")),
};

const reason_codes = words("Why it is asked for, as the gate told");

const demands = {
  required_scope: given(listOf(text("One of them"), "What an approval has to name")),
  target_count: atLeast(0, "How many targets the call has"),
  operation_count: atLeast(1, "How many operations it comes to"),
  required_approvals: atLeast(1, "How many approvals it takes"),
  distinct_approvers: flag("Whether they have to be of different people"),
};

export const PendingRequestShape = strict("A call that waits for approval, with all that its approver must see", () => ({
  ...header,
  nonce: matching(text("Made up for this one request"), /^[0-9a-f]{32}$/, "32 lowercase hexadecimal digits"),
  trace_id: notEmptyText(text("Id of the decision that asked")),
  args_digest: digest("Digest of its arguments"),
  ...bound,
  intent: IntentDigestShape,
  reason_codes,
  violations: words("What the call violates"),
  matched_rules: filled(
    listOf(
      strict("A rule that was taken", () => ({
        name: given(text("Its name")),
        priority: given(integer("Its priority")),
        effect: oneOf(VERDICTS, "What it says"),
      })),
      "The rules that decided; none when the default did",
    ),
  ),
  composite_risk_class: filled(text("How risky a script is as a whole")),
  step_verdicts: filled(listOf(StepVerdictShape, "The verdict on each step of a script")),
  ...demands,
}));

/** A call that waits for approval. */
export type PendingRequest = Infer<typeof PendingRequestShape>;

const touched = listOf(
  object("A target, as far as a list tells of it", () => ({
    destructive: truth("Whether it destroys"),
    destructive_hint: truth("The tool says that it may destroy"),
  })),
  "What it touches",
);

/** The same as far as a list of thousands tells of it; who shows or decides a request reads all of it. */
export const PendingGlanceShape = object("A pending request, as far as a list tells of it", () => ({
  ...header,
  ...bound,
  reason_codes,
  ...demands,
  intent: object("The call", () => ({
    tool_name: text("The tool"),
    targets: touched,
    script: present(
      object("The steps", () => ({ steps: listOf(object("One step", () => ({ targets: touched })), "The steps") })),
    ),
    context: object("Who calls", () => ({ identity: text("Who"), risk_class: text("How risky it is") })),
  })),
}));

/** What a list tells of a request. */
export type PendingGlance = Infer<typeof PendingGlanceShape>;
