// Lint: sections of a rule that are on although they say that they are off, and those that say something and are off.
import { isNull, nodeAt, type YamlNode, type YamlSource } from "../base/yaml_tree.ts";
import type { Found, LintCode } from "./lint_codes.ts";
import type { Rule } from "./types.ts";

/** Tells of something at a field of the rule that is looked at. */
export type Say = (code: LintCode, field: string, message: string, word?: string) => Found;

const SECTIONS = ["endpoint", "dataflow", "freeze_window", "sandbox"] as const;

const OFF = {
  endpoint: "endpoint is off and asks nothing: a list, destructive_action or enabled: true turns it on",
  dataflow: "dataflow is off and asks nothing: a list or enabled: true turns it on",
  rate_limit: "rate_limit has no requests and limits nothing",
} as const;

/** Whether a plain scalar that is false stands at a pointer. */
export const isFalse = (source: YamlSource, pointer: string): boolean => {
  const node = nodeAt(source, pointer);
  return node !== undefined && isOff(node);
};

const isOff = (node: YamlNode): boolean =>
  node.kind === "scalar" && node.style === "plain" && ["false", "False", "FALSE"].includes(node.text);

// Whether a value is more than what an absent one is read as.
const says = (node: YamlNode): boolean => {
  if (node.kind === "list") return node.items.length > 0;
  if (node.kind === "mapping") return node.members.some(({ value }) => says(value));
  return node.text !== "" && node.text !== "0" && !isNull(node) && !isOff(node);
};

/** What is to be said of the sections of a rule. */
export function switches(rule: Rule, source: YamlSource, say: Say): Found[] {
  const at = `/rules/${rule.index}`;
  const on = SECTIONS.filter((section) => rule[section] !== undefined && isFalse(source, `${at}/${section}/enabled`));
  const off = (["endpoint", "dataflow", "rate_limit"] as const).filter((section) => {
    const node = nodeAt(source, `${at}/${section}`);
    return rule[section] === undefined && node !== undefined && says(node) && !isFalse(source, `${at}/${section}/enabled`);
  });
  return [
    ...on.map((section) =>
      say(
        "setting_without_effect",
        `${section}/enabled`,
        `${section} is on by what it lists: enabled: false does not switch it off`,
      )
    ),
    ...off.map((section) => say("setting_without_effect", section, OFF[section])),
  ];
}
