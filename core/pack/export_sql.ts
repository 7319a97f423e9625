// A pack as a row for PostgreSQL (spec 04, section 6): a table and its indexes where they are wanted, and one statement that inserts the
// row or takes the place of the one with the same id. Every word from outside is quoted.
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { toUtc } from "../base/time.ts";
import type { PackExport } from "../schema/pack_export.ts";

/** The name of a table: one word, or that of its schema before it. */
export type TableName = { readonly quoted: string; readonly plain: string };

/** Reads the name of a table. Fault `flag_value`. */
export function tableName(given: string): Result<TableName> {
  const parts = given.split(".").map(trim);
  return parts.length <= 2 && parts.every((part) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(part))
    ? ok({ quoted: parts.map((part) => `"${part}"`).join("."), plain: parts.map(lower).join("_") })
    : fail(
      "flag_value",
      `Cannot name the table "${given}": wanted is a name, or schema.name, of ASCII letters, digits and underscores`,
    );
}

const WORD = "TEXT NOT NULL";
const NUMBER = "INTEGER NOT NULL";

const COLUMNS = {
  pack_id: "TEXT PRIMARY KEY",
  pack_type: WORD,
  source_ref: WORD,
  manifest_digest: WORD,
  files_checked: NUMBER,
  hash_mismatches: NUMBER,
  missing_files: NUMBER,
  undeclared_files: NUMBER,
  signature_status: WORD,
  signatures_total: NUMBER,
  signatures_valid: NUMBER,
  tool_calls_total: NUMBER,
  tool_calls_success: NUMBER,
  tool_calls_success_rate: "DOUBLE PRECISION NOT NULL",
  policy_blocked: NUMBER,
  approval_required: NUMBER,
  regress_failures: NUMBER,
  created_at: "TIMESTAMPTZ NOT NULL",
} as const;

const NAMES = Object.keys(COLUMNS);

const definition = ({ quoted, plain }: TableName): string =>
  `CREATE TABLE IF NOT EXISTS ${quoted} (
${Object.entries(COLUMNS).map(([name, type]) => `  ${name} ${type}`).join(",\n")}
);
CREATE INDEX IF NOT EXISTS "idx_${plain}_pack_type_created_at" ON ${quoted} (pack_type, created_at DESC);
CREATE INDEX IF NOT EXISTS "idx_${plain}_source_ref" ON ${quoted} (source_ref);

`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The share of `part` in `whole` with six decimals; of two that are as near, the even one. */
function share(part: number, whole: number): string {
  if (whole === 0) return "0.000000";
  const scaled = BigInt(part) * 1_000_000n;
  const [down, rest] = [scaled / BigInt(whole), 2n * (scaled % BigInt(whole))];
  const up = rest > BigInt(whole) || rest === BigInt(whole) && down % 2n === 1n;
  const digits = String(up ? down + 1n : down).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function row(record: PackExport): Readonly<Record<keyof typeof COLUMNS, string>> {
  const { metrics } = record;
  const number = (value: number): string => String(value);
  return {
    pack_id: literal(record.pack_id),
    pack_type: literal(record.pack_type),
    source_ref: literal(record.source_ref),
    manifest_digest: literal(record.manifest_digest),
    files_checked: number(record.files_checked),
    hash_mismatches: number(record.hash_mismatches),
    missing_files: number(record.missing_files),
    undeclared_files: number(record.undeclared_files),
    signature_status: literal(record.signature_status),
    signatures_total: number(record.signatures_total),
    signatures_valid: number(record.signatures_valid),
    tool_calls_total: number(metrics.tool_calls_total),
    tool_calls_success: number(metrics.tool_calls_success),
    tool_calls_success_rate: share(metrics.tool_calls_success, metrics.tool_calls_total),
    policy_blocked: number(metrics.policy_blocked),
    approval_required: number(metrics.approval_required),
    regress_failures: number(metrics.regress_failures),
    created_at: `${literal(toUtc(record.created_at) ?? record.created_at)}::timestamptz`,
  };
}

/** The statements of a pack. Fault `document_shape` for a text that PostgreSQL cannot hold. */
export function sqlText(record: PackExport, table: TableName, withDefinition: boolean): Result<string> {
  const values = row(record);
  const nul = Object.entries(values).find(([, value]) => value.includes("\0"));
  if (nul !== undefined) {
    return fail(
      "document_shape",
      `Cannot write pack "${record.pack_id}" as SQL: its ${nul[0]} holds NUL, which PostgreSQL cannot hold`,
    );
  }
  const update = NAMES.filter((name) => name !== "pack_id").map((name) => `  ${name} = EXCLUDED.${name}`).join(",\n");
  return ok(`${withDefinition ? definition(table) : ""}INSERT INTO ${table.quoted} (
${NAMES.map((name) => `  ${name}`).join(",\n")}
) VALUES (
${Object.values(values).map((value) => `  ${value}`).join(",\n")}
)
ON CONFLICT (pack_id) DO UPDATE SET
${update};
`);
}
