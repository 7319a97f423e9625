// What a CI system is told of a command of gait that it ran: a short summary, a table, the failures with their places. All of it is
// read from what the command left: its JSON, its result, its SARIF, a receipt.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../core/base/json_value.ts";
import { joinPath } from "../core/base/paths.ts";
import { fromSarifText } from "../core/base/sarif.ts";
import type { Grade } from "../core/schema/regress.ts";

/** The commands that CI runs. */
export const CI_COMMANDS = ["regress", "policy-test"] as const;

/** Something to show beside a line of a file; without a file, with the whole. Lines and columns count from 1, 0 is unknown. */
export type Annotation = {
  readonly level: "error" | "warning" | "notice";
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly title: string;
  readonly message: string;
};

/** What there is to read. */
export type CiInput = {
  readonly command: typeof CI_COMMANDS[number];
  readonly exit_code: number;
  /** What the command printed, or why that cannot be read. */
  readonly said: JsonObject | string;
  /** The grades of `regress`. */
  readonly grades: readonly Grade[];
  readonly sarif: JsonObject | undefined;
  readonly receipt: JsonObject | undefined;
  /** The folder that the command ran in, from the root of the repository. */
  readonly folder: string;
};

/** A table of texts. */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** What CI is told. */
export type CiReport = {
  readonly ok: true;
  readonly command: string;
  readonly exit_code: number;
  /** `pass` or `fail`, the verdict of one call, or `error` where the command could not do its work. */
  readonly status: string;
  readonly top_failure_reason: string;
  readonly next_command: string;
  readonly ticket_footer: string;
  /** The summary, `key=value` each. */
  readonly summary: readonly string[];
  readonly table: Table;
  readonly annotations: readonly Annotation[];
};

const NONE = "not_available";
const MOST = 180;

const textAt = (json: JsonObject | undefined, name: string): string => {
  const value = json?.[name];
  return typeof value === "string" ? value : "";
};

const numberAt = (json: JsonObject | undefined, name: string): number => {
  const value = json?.[name];
  return typeof value === "number" ? value : 0;
};

const textsAt = (json: JsonObject | undefined, name: string): readonly string[] => {
  const value = json?.[name];
  return isJsonList(value) ? value.filter((one) => typeof one === "string") : [];
};

const objectsIn = (value: Json | undefined): readonly JsonObject[] => isJsonList(value) ? value.filter(isJsonObject) : [];
const objectIn = (value: Json | undefined): JsonObject | undefined => isJsonObject(value) ? value : undefined;

/** One line of at most 180 characters. */
export function short(text: string): string {
  const line = Array.from(text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim());
  return line.length > MOST ? `${line.slice(0, MOST - 3).join("")}...` : line.join("");
}

const pair = (key: string, value: string): string => `${key}=${short(value)}`;

/** The report. */
export function ciReport(input: CiInput): CiReport {
  const { command, exit_code, said, receipt } = input;
  const json = typeof said === "string" ? undefined : said;
  const broken = typeof said === "string" ? said : textAt(json, "error");
  const view = broken !== "" ? brokenView(input, broken) : command === "regress" ? regressView(input) : policyView(json ?? {});
  const next_command = short(textAt(json, "next_command"));
  const ticket_footer = command === "regress" ? short(textAt(receipt, "ticket_footer")) : "";
  const footer = pair("ticket_footer", ticket_footer || NONE);
  const summary = command === "regress"
    ? [
      pair("status", view.status),
      pair("failed_graders", String(numberAt(json, "failed"))),
      pair("top_failure_reason", view.reason || NONE),
      pair("next_command", next_command || NONE),
      pair("artifact_paths", textsAt(json, "artifact_paths").slice(0, 3).join(",") || NONE),
    ]
    : [
      pair("verdict", view.status),
      pair("reason_codes", view.reasons.slice(0, 6).join(",") || NONE),
      pair("summary", view.words || NONE),
    ];
  return {
    ok: true,
    command,
    exit_code,
    status: view.status,
    top_failure_reason: short(view.reason),
    next_command,
    ticket_footer,
    summary: [pair("command", command), ...summary, footer],
    table: view.table,
    annotations: annotationsOf(input, broken, view.words),
  };
}

type View = {
  readonly status: string;
  readonly reason: string;
  readonly reasons: readonly string[];
  readonly words: string;
  readonly table: Table;
};

// Of a program that speaks of no fault of its own the category is what there is.
const brokenView = ({ said }: CiInput, words: string): View => {
  const reason = typeof said === "string" ? "output_unreadable" : textAt(said, "fault") || textAt(said, "error_code");
  return { status: "error", reason, reasons: [reason], words, table: { head: ["what", "why"], rows: [[reason, words]] } };
};

function regressView({ said, grades }: CiInput): View {
  const json = typeof said === "string" ? undefined : said;
  const reason = textAt(json, "top_failure_reason");
  const rows = grades.map(({ name, status, reason_codes }) => {
    const at = name.indexOf("/");
    return [name.slice(0, at), name.slice(at + 1), status, reason_codes.join(", ")];
  });
  return {
    status: textAt(json, "status"),
    reason,
    reasons: reason === "" ? [] : [reason],
    words: textsAt(json, "failures")[0] ?? reason,
    table: { head: ["fixture", "grader", "verdict", "reasons"], rows },
  };
}

// One call, or a folder of fixtures that say what they expect.
function policyView(said: JsonObject): View {
  const fixtures = objectsIn(said["fixtures"]);
  const all = fixtures.length === 0 ? [said] : fixtures;
  const reasons = [...new Set(all.flatMap((one) => textsAt(one, "reason_codes")))];
  const verdict = fixtures.length === 0 ? textAt(said, "verdict") : said["ok"] === true ? "pass" : "fail";
  const rows = fixtures.length === 0 ? [[verdict, reasons.join(", ")]] : fixtures.map((one) => [
    textAt(one, "path"),
    textAt(one, "verdict"),
    textAt(one, "status"),
    textsAt(one, "reason_codes").join(", "),
  ]);
  const head = fixtures.length === 0 ? ["verdict", "reasons"] : ["fixture", "verdict", "status", "reasons"];
  const reason = fixtures.length > 0 ? (verdict === "fail" ? "policy_expectation_failed" : "") : reasons[0] ?? "";
  return { status: verdict, reason, reasons, words: textAt(said, "summary"), table: { head, rows } };
}

function annotationsOf(input: CiInput, broken: string, words: string): readonly Annotation[] {
  const { command, exit_code, said, sarif, folder } = input;
  if (exit_code === 0) return [];
  const title = `gait ${command}`;
  if (broken !== "") {
    const json = typeof said === "string" ? undefined : said;
    const remedy = textAt(json, "remedy");
    const message = remedy === "" ? broken : `${broken}\n${remedy}`;
    return [{
      level: "error",
      ...placed(textAt(json, "file"), folder),
      line: numberAt(json, "line"),
      column: numberAt(json, "column"),
      title,
      message,
    }];
  }
  const found = objectsIn(sarif?.["runs"]).flatMap((run) => objectsIn(run["results"])).map((one): Annotation => {
    const place = objectIn(objectsIn(one["locations"])[0]?.["physicalLocation"]);
    const region = objectIn(place?.["region"]);
    const level = textAt(one, "level");
    return {
      level: level === "warning" ? level : level === "note" ? "notice" : "error",
      ...placed(pathOf(textAt(objectIn(place?.["artifactLocation"]), "uri")), folder),
      line: numberAt(region, "startLine"),
      column: numberAt(region, "startColumn"),
      title: `${title}: ${textAt(one, "ruleId")}`,
      message: fromSarifText(textAt(objectIn(one["message"]), "text")),
    };
  });
  return found.length > 0
    ? found
    : [{ level: "error", file: "", line: 0, column: 0, title, message: words || `exit code ${exit_code}` }];
}

const placed = (file: string, folder: string): { readonly file: string } => ({
  file: file === "" || file.startsWith("/") ? file : joinPath(folder, file),
});

// A URI that decodes to no text is shown as it stands.
function pathOf(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\//, ""));
  } catch {
    return uri;
  }
}
