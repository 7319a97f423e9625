// The report for CI in the forms that CI systems take: commands of a GitHub workflow, Markdown for a job summary, `key=value` outputs.
import type { Annotation, CiReport, Table } from "./ci_report.ts";
import { short } from "./ci_report.ts";

const MARKS: Readonly<Record<string, string>> = { "%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C" };

const message = (text: string): string => text.replace(/[%\r\n]/g, (mark) => MARKS[mark] ?? "");
const property = (text: string): string => text.replace(/[%\r\n:,]/g, (mark) => MARKS[mark] ?? "");

/** An annotation as a command of a GitHub workflow: one line, whatever the texts hold. */
export function githubCommand({ level, file, line, column, title, message: words }: Annotation): string {
  const places = [
    ...(file === "" ? [] : [`file=${property(file)}`]),
    ...(file === "" || line === 0 ? [] : [`line=${line}`]),
    ...(file === "" || line === 0 || column === 0 ? [] : [`col=${column}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${places.join(",")}::${message(words)}`;
}

// Nothing of a document may become markup or a link: a cell is text. An underscore inside of a word means nothing.
const cell = (text: string): string =>
  short(text).replace(/[\\`*[\]<>#!|&~@:]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (mark) => `&#${mark.charCodeAt(0)};`);

const tableLines = ({ head, rows }: Table): readonly string[] => [
  `| ${head.join(" | ")} |`,
  `| ${head.map(() => "---").join(" | ")} |`,
  ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
];

/** Most rows of a table; a job summary has a limit too. */
const ROWS = 500;

/** The job summary. */
export function summaryMarkdown({ command, status, exit_code, summary, table }: CiReport): string {
  const shown = { ...table, rows: table.rows.slice(0, ROWS) };
  const more = table.rows.length - shown.rows.length;
  return [
    `### gait ${command}: ${cell(status)}, exit code ${exit_code}`,
    "",
    ...tableLines(shown),
    ...(more > 0 ? ["", `and ${more} more rows`] : []),
    "",
    ...tableLines({
      head: ["", ""],
      rows: summary.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    }),
    "",
  ].join("\n");
}

/** The outputs of a step, one line each. */
export const outputLines = ({ command, status, exit_code, top_failure_reason, next_command }: CiReport): string =>
  [
    `${command.replace("-", "_")}_status=${status}`,
    `${command.replace("-", "_")}_exit_code=${exit_code}`,
    `top_failure_reason=${top_failure_reason}`,
    `next_command=${next_command}`,
    "",
  ].join("\n");
