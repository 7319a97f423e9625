// The policy that `init` writes: a template behind lines that say where things belong and what was found, and in front of rules that
// the author may take over.
import { BARE, plainOrQuoted, writeYaml, type YamlTree } from "../base/yaml_write.ts";
import { CONTRACT } from "./contract_paths.ts";
import type { Detection } from "./detect.ts";
import type { StarterRule } from "./signals.ts";
import type { Template } from "./templates.ts";

const MOST_NAMES = 12;

/** The text of a first policy. The first line of the template, which editors look for, stays the first. */
export function scaffold({ name, text }: Template, { frameworks, tools }: Detection, starters: readonly StarterRule[]): string {
  const [first = "", ...rest] = text.split("\n");
  const head = [
    "#",
    `# Written by gait init from the template ${name}. What belongs where:`,
    `#   ${CONTRACT.repo_policy_path} is this policy: gait check looks at it, gait gate eval --policy decides by it`,
    `#   ${CONTRACT.project_defaults_path} holds the defaults of gait gate eval for this project`,
    `#   ${CONTRACT.regress_config_path} is the regression suite of gait regress`,
    `# Frameworks found here: ${named(frameworks)}`,
    `# Tools found here: ${named(tools)}`,
  ];
  return [first, ...head, ...rest].join("\n") + suggestions(starters);
}

const named = (all: Detection["tools"]): string => {
  const names = all.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = all.length - names.length;
  return names.length === 0 ? "none" : `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};

// Behind comment signs: nothing that was guessed decides anything.
function suggestions(starters: readonly StarterRule[]): string {
  if (starters.length === 0) return "";
  const lines = writeYaml({ kind: "list", items: starters.map((rule) => ({ value: treeOf(rule), notes: BARE })), below: [] });
  return [
    "",
    "# Rules for the tools that were found. They say nothing until the number sign in front is taken away.",
    ...lines.trimEnd().split("\n").map((line) => `# ${line}`),
    "",
  ].join("\n");
}

const scalar = (text: string): YamlTree => ({ kind: "scalar", text });
const list = (texts: readonly string[]): YamlTree => ({
  kind: "list",
  items: texts.map((text) => ({ value: scalar(plainOrQuoted(text)), notes: BARE })),
  below: [],
});
const map = (entries: Readonly<Record<string, YamlTree>>): YamlTree => ({
  kind: "map",
  entries: Object.entries(entries).map(([key, value]) => ({ key, value, notes: BARE })),
  below: [],
});

const treeOf = ({ name, priority, effect, match, reason_codes }: StarterRule): YamlTree =>
  map({
    name: scalar(plainOrQuoted(name)),
    priority: scalar(String(priority)),
    effect: scalar(effect),
    match: map({ tool_names: list(match.tool_names) }),
    reason_codes: list(reason_codes),
  });
