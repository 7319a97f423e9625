// A comparison for people: lines for a terminal of 80 columns, and Markdown for tickets.
import type { Cause, Change, Diff, FirstDivergence } from "../core/run/diff_report.ts";
import { wrapped } from "./wrap.ts";

const WORDS = { changed: "changed", left_only: "only on the left", right_only: "only on the right" } as const;

const heading = ({ summary }: Diff): string => `${summary.run_id_left} vs ${summary.run_id_right}`;

/** Which parts changed, in words. */
const changedParts = ({ summary }: Diff): string[] => {
  const parts = {
    manifest: summary.manifest_changed,
    intents: summary.intents_changed,
    results: summary.results_changed,
    refs: summary.refs_changed,
  };
  return Object.entries(parts).filter(([, changed]) => changed).map(([name]) => name);
};

const isChain = ({ changes }: Diff): boolean => changes[0]?.record === "checkpoint";

const idOf = ({ intent_id, checkpoint_index }: Change): string | undefined => intent_id ?? checkpoint_index?.toString();

const toolsOf = ({ tool_name_left: left, tool_name_right: right }: FirstDivergence): string[] =>
  [...new Set([left, right])].filter((tool) => tool !== undefined);

const hidden = ({ changes, changes_total }: Diff): number => changes_total - changes.length;

const driftOf = ({ summary }: Diff): string | undefined =>
  summary.context_drift_classification === "none" ? undefined : summary.context_drift_classification;

/** The lines of a comparison. */
export function diffLines(diff: Diff): string[] {
  if (diff.ok) return [`diff ok: ${heading(diff)}`, `privacy ${diff.privacy}: nothing differs`];
  const changed = isChain(diff) ? ["checkpoints"] : changedParts(diff);
  const drift = driftOf(diff);
  return [
    `diff changed: ${heading(diff)}`,
    `privacy ${diff.privacy}: ${changed.join(", ")} differ`,
    ...(diff.first_divergence === undefined ? [] : firstLines(diff.first_divergence)),
    ...(drift === undefined ? [] : [`context drift: ${drift}`]),
    "changes:",
    ...diff.changes.flatMap(changeLines),
    ...(hidden(diff) === 0 ? [] : [`and ${hidden(diff)} more`]),
  ];
}

const firstLines = (first: FirstDivergence): string[] => {
  const tools = toolsOf(first).join(" and ");
  return [
    first.record === "checkpoint"
      ? `first divergent checkpoint: ${first.checkpoint_index}`
      : `first divergent step: ${first.step ?? "none"}, ${first.record} ${first.intent_id}`,
    ...(tools === "" ? [] : [`  tool: ${tools}`]),
    ...(whyWords(first) === "" ? [] : [`  why: ${whyWords(first)}`]),
    ...wrapped("  members: ", first.pointers ?? []),
  ];
};

const whyWords = ({ why = [] }: FirstDivergence): string => why.map((one) => WHY_WORDS[one]).join(", ");

const WHY_WORDS: Readonly<Record<Cause, string>> = {
  policy: "another policy decided, or decided otherwise",
  context: "the agent knew something else",
  call: "one run alone makes the call",
  tool: "another tool",
  tool_definition: "the server declares the tool otherwise",
  arguments: "other arguments",
  missing_result: "one run alone has a result",
  status: "another status",
  result_shape: "a result of another shape",
  result: "another result",
};

const changeLines = (change: Change): string[] => [
  `  ${
    [...(change.step === undefined ? [] : [`step ${change.step}`]), change.record, idOf(change), WORDS[change.change]]
      .filter((word) => word !== undefined).join(" ")
  }`,
  ...wrapped("    ", [
    ...(change.pointers ?? []),
    ...(change.more_pointers === undefined ? [] : [`and ${change.more_pointers} more`]),
  ]),
];

/** The same as Markdown. Ids and pointers stand in code spans, so that nothing in them is read as markup. */
export function diffMarkdown(diff: Diff): string[] {
  const { run_id_left, run_id_right } = diff.summary;
  const head = [
    "## Run diff",
    "",
    `- left: ${code(run_id_left)}`,
    `- right: ${code(run_id_right)}`,
    `- privacy: ${diff.privacy}`,
  ];
  if (diff.ok) return [...head, "", "**Nothing differs.**"];
  const changed = isChain(diff) ? ["checkpoints"] : changedParts(diff);
  const drift = driftOf(diff);
  return [
    ...head,
    ...(drift === undefined ? [] : [`- context drift: ${drift}`]),
    "",
    `**Changed:** ${changed.join(", ")}`,
    ...(diff.first_divergence === undefined ? [] : ["", ...firstMarkdown(diff.first_divergence)]),
    "",
    "### Changes",
    "",
    ...diff.changes.flatMap(changeMarkdown),
    ...(hidden(diff) === 0 ? [] : [`- and ${hidden(diff)} more`]),
  ];
}

const firstMarkdown = (first: FirstDivergence): string[] => {
  const tools = toolsOf(first).map(code).join(" and ");
  return [
    first.record === "checkpoint"
      ? `**First divergent checkpoint:** ${first.checkpoint_index}`
      : `**First divergent step:** ${first.step ?? "none"}, ${first.record} ${code(first.intent_id ?? "")}`,
    ...(tools === "" ? [] : [`(tool ${tools})`]),
    ...(whyWords(first) === "" ? [] : [`Why: ${whyWords(first)}.`]),
  ];
};

const changeMarkdown = (change: Change): string[] => {
  const id = idOf(change);
  const place = change.step === undefined ? "" : `step ${change.step}: `;
  return [
    `- ${place}${change.record}${id === undefined ? "" : ` ${code(id)}`} ${WORDS[change.change]}`,
    ...(change.pointers ?? []).map((pointer) => `  - ${code(pointer === "" ? "(the whole document)" : pointer)}`),
    ...(change.more_pointers === undefined ? [] : [`  - and ${change.more_pointers} more`]),
  ];
};

/** A code span: fenced by more back ticks than the text has in a row. */
const code = (text: string): string => {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 || text === "" ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
};
