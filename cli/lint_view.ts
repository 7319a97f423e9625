// What lint found, for people and as SARIF.
import { quoted } from "../core/base/json_words.ts";
import { prettyText } from "../core/base/pretty.ts";
import { type SarifLevel, sarifLog } from "../core/base/sarif.ts";
import type { LintFinding } from "../core/gate/lint.ts";
import { LINT, type Severity } from "../core/gate/lint_codes.ts";

/** A finding as it is printed: without a rule when it is about the policy. */
export type PrintedFinding = Omit<LintFinding, "rule"> & { readonly rule?: string };

/** Findings as they are printed. */
export const printed = (findings: readonly LintFinding[]): readonly PrintedFinding[] =>
  findings.map(({ rule, ...rest }) => rule === "" ? rest : { rule, ...rest });

/** One line a finding, led by its place as editors and terminals open it, and below it what to do. */
export const lintLines = (path: string, findings: readonly PrintedFinding[]): readonly string[] =>
  findings.flatMap(({ line, column, severity, code, rule, message, remedy }) => [
    `${path}:${line}:${column}: ${severity} ${code}: ${rule === undefined ? "" : `rule ${quoted(rule)}: `}${message}`,
    `  ${remedy}`,
  ]);

const LEVELS: Readonly<Record<Severity, SarifLevel>> = { error: "error", warning: "warning", info: "note" };

/** The findings as a SARIF log. */
export const lintSarif = (path: string, findings: readonly LintFinding[], version: string): string =>
  prettyText(sarifLog(
    version,
    Object.entries(LINT).map(([id, { summary, remedy, severity }]) => ({ id, summary, help: remedy, level: LEVELS[severity] })),
    findings.map(({ code, rule, message, line, column }) => ({
      rule: code,
      message: rule === "" ? message : `Rule ${quoted(rule)}: ${message}`,
      file: path,
      line,
      column,
    })),
  ));

/** How many findings of each severity, in words: `1 error, 2 warnings`; `none` when there are none. */
export function lintCounts(findings: readonly Pick<LintFinding, "severity">[]): string {
  const count = (severity: Severity, one: string, many: string): string[] => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${found === 1 ? one : many}`];
  };
  const counts = [
    ...count("error", "error", "errors"),
    ...count("warning", "warning", "warnings"),
    ...count("info", "info", "infos"),
  ];
  return counts.length === 0 ? "none" : counts.join(", ");
}
