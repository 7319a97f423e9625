// SARIF 2.1.0 for code scanners and editors: findings with their places, the same bytes for the same findings.
import { utf8 } from "./bytes.ts";
import type { JsonObject } from "./json.ts";
import { safeLine } from "./safe_text.ts";
import { byBytes } from "./text.ts";

/** How much a finding matters, in the words of SARIF. */
export type SarifLevel = "error" | "warning" | "note";

/** A kind of finding. */
export type SarifRule = {
  /** Stable code. */
  readonly id: string;
  /** What it says, in one sentence. */
  readonly summary: string;
  /** What to do about it. */
  readonly help: string;
  readonly level: SarifLevel;
};

/** One finding of one of the rules. */
export type SarifResult = {
  readonly rule: string;
  /** What was found, for people; nothing in it is a placeholder or a link. */
  readonly message: string;
  /** Path of a file; a relative one is relative to where the program ran. */
  readonly file: string;
  /** From 1, columns in code points. */
  readonly line: number;
  readonly column: number;
};

const isPlain = (byte: number): boolean =>
  byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a ||
  [0x2d, 0x2e, 0x2f, 0x5f, 0x7e].includes(byte);

const escaped = (byte: number): string =>
  isPlain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

// A path as a URI reference; encodeURI throws on texts that are no Unicode and leaves "?" and "#".
const uriOf = (path: string): string => {
  const slashed = path.replaceAll("\\", "/");
  const uri = Array.from(utf8(slashed), escaped).join("");
  if (slashed.startsWith("/")) return `file://${uri}`;
  return /^[A-Za-z]:\//.test(slashed) ? `file:///${uri.replace("%3A", ":")}` : uri;
};

// A plain text message: braces are placeholders unless they are doubled (section 3.11.5), and no link is embedded where the bracket that
// would end its text is escaped (3.11.6). Brackets and backslashes elsewhere stand as they are.
const message = (text: string) => ({
  text: safeLine(text).replace(/[{}]/g, "$&$&").replace(/(?<!\\)(\\*)\]\(/g, "$1$1\\]("),
});

/** What a plain text message says to people. */
export const fromSarifText = (text: string): string =>
  text.replace(/(?<!\\)(\\+)\]\(/g, (_, slashes: string) => `${slashes.slice(Math.ceil(slashes.length / 2))}](`)
    .replaceAll("{{", "{").replaceAll("}}", "}");

const order = (a: SarifResult, b: SarifResult): number =>
  byBytes(a.file, b.file) || a.line - b.line || a.column - b.column || byBytes(a.rule, b.rule) || byBytes(a.message, b.message);

/** A log of one run. `version` is that of the program; rules come in the order given, results by place. */
export const sarifLog = (
  version: string,
  rules: readonly SarifRule[],
  results: readonly SarifResult[],
): JsonObject => ({
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  version: "2.1.0",
  runs: [{
    tool: {
      driver: {
        name: "gait",
        semanticVersion: version,
        rules: rules.map(({ id, summary, help, level }) => ({
          id,
          shortDescription: message(summary),
          help: message(help),
          defaultConfiguration: { level },
        })),
      },
    },
    columnKind: "unicodeCodePoints",
    results: [...results].sort(order).map(({ rule, message: words, file, line, column }) => {
      const ruleIndex = rules.findIndex(({ id }) => id === rule);
      return {
        ruleId: rule,
        ruleIndex,
        level: rules[ruleIndex]?.level ?? "warning",
        message: message(words),
        locations: [{
          physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, startColumn: column } },
        }],
      };
    }),
  }],
});
