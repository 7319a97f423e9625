// The policies to begin with, by name. Each is a text with comments that `policy fmt` leaves as it is.
import { closest } from "../base/closest.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { HIGH } from "./templates/high.ts";
import { LOW } from "./templates/low.ts";
import { MEDIUM } from "./templates/medium.ts";
import type { Verdict } from "./types.ts";

/** One of them: its full name, the others that it goes by, its default verdict, and its text. */
export type Template = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly otherwise: Verdict;
  readonly text: string;
};

/** All templates, from the most permissive to the strictest. */
export const TEMPLATES: readonly Template[] = [
  { name: "baseline-lowrisk", aliases: ["low", "baseline_low_risk"], otherwise: "allow", text: LOW },
  { name: "baseline-mediumrisk", aliases: ["medium", "baseline_medium_risk"], otherwise: "require_approval", text: MEDIUM },
  { name: "baseline-highrisk", aliases: ["high", "baseline_high_risk"], otherwise: "block", text: HIGH },
];

/** The template of a name in any letter case. Fault `flag_value`. */
export function templateOf(given: string): Result<Template> {
  const name = lower(trim(given));
  const found = TEMPLATES.find((template) => template.name === name || template.aliases.includes(name));
  if (found !== undefined) return ok(found);
  const names = TEMPLATES.map(({ name }) => name);
  const words = TEMPLATES.flatMap(({ name, aliases }) => [name, ...aliases]);
  return fail("flag_value", `Cannot find template "${given}": wanted is one of ${names.join(", ")}${closest(name, words)}`);
}

/** What is to be said of a template that does not block what no rule names. */
export const templateAdvice = ({ name, otherwise }: Template): readonly string[] =>
  otherwise === "block" ? [] : [
    `Template ${name} has default_verdict ${otherwise}: write "default_verdict: block" once its rules name all that your agents may do`,
  ];
