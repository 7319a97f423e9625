// The documents of the kill switch (spec 02, section 6.10; spec 03, section 8): its state, and the line that each block of it leaves.
import {
  filled,
  given,
  type Infer,
  label,
  labelSet,
  listOf,
  object,
  optionalTruth,
  strict,
  term,
  text,
  time,
  truth,
} from "../base/shape.ts";
import { TARGET_KINDS } from "./gate_words.ts";
import { fixedHead, heading } from "./heading.ts";

export const KILL_SWITCH_ID = "gait.gate.kill_switch_state";
export const KILL_SWITCH_JOURNAL_ID = "gait.gate.kill_switch_journal";

const mark = (doc: string) => filled(label(doc));

/** The members of one stop. */
export const stopFields = () => ({
  entry_id: label("Its id"),
  enabled: { ...optionalTruth("Whether it is in force; has to be said"), presence: "always" as const },
  agent_id: mark("The agent"),
  identity: mark("Who calls"),
  tool_name: filled(term("The tool")),
  target_kind: filled(term("Kind of some target", TARGET_KINDS)),
  target_value: mark("Value of that target"),
  environment: filled(term("The environment")),
  path_prefixes: filled(labelSet("Some target is one of these paths or below it")),
  workspace_prefixes: filled(labelSet("The workspace is one of these folders or below it")),
  reason: mark("Why, for people"),
  actor: mark("Who stopped it"),
  created_at: time("When it was added"),
  expires_at: time("When it ends; the zero time is never"),
});

export const KillSwitchEntryShape = strict(
  "One stop: of every call that all of its selectors fit, of every call when it has none",
  stopFields,
);

export const KillSwitchStateShape = strict("What is stopped, whatever the policy says", () => ({
  ...heading(KILL_SWITCH_ID),
  ...fixedHead(KILL_SWITCH_ID),
  updated_at: time("When it was last changed"),
  entries: given(listOf(KillSwitchEntryShape, "The stops, sorted by id")), // a list that is gone is no list without entries
}));

const words = (doc: string) => filled(listOf(text("One of them"), doc));

export const KillSwitchJournalShape = object("A call that the kill switch has blocked; one line of its journal", () => ({
  ...heading(KILL_SWITCH_JOURNAL_ID),
  source: filled(text("gate_eval or mcp_proxy")),
  trace_id: filled(text("Id of the trace")),
  job_id: filled(text("Id of the job")),
  tool_name: filled(text("The tool")),
  agent_id: filled(text("Which agent")),
  identity: filled(text("Who called")),
  reason_codes: words("Reason codes of the kill switch"),
  matched_entry_ids: words("Entries that matched"),
  simulated: filled(truth("Whether the call was only tried, and was not stopped")),
}));

export type KillSwitchJournal = Infer<typeof KillSwitchJournalShape>;
