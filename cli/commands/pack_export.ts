// `gait pack export`: hands what a pack says on to other tools.
import type { JsonObject } from "../../core/base/json_value.ts";
import { fail, ok } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import { exportPack } from "../../core/flow/pack_export.ts";
import { PackExportShape } from "../../core/schema/pack_export.ts";
import { writeShape } from "../../core/base/shape.ts";
import { command } from "../command.ts";
import { loadPrivateKey, loadPublicKey, PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "../key_sources.ts";
import { PACK_ARGUMENT, PACK_FLAG, type PackAnswer, packHead } from "../pack_output.ts";
import { checkSinks, drain, sinksOf } from "../pack_sinks.ts";
import { oneArgument } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Exported = PackAnswer<"export"> & {
  readonly otel_path: string;
  readonly postgres_sql_path: string;
  readonly format: string;
  readonly format_path: string;
  readonly collector: string;
  readonly signature_key_id: string;
  readonly export: JsonObject;
};

const HEAD = packHead("export");

export default command({
  path: ["pack", "export"],
  summary: "Hand a pack on to other tools",
  explain:
    "Verifies a pack and tells others what was found: as OpenTelemetry lines, as SQL for PostgreSQL, as a signed in-toto statement, or to a collector.",
  positionals: PACK_ARGUMENT,
  flags: {
    ...PACK_FLAG,
    "otel-out": { kind: "text", doc: "OpenTelemetry records, added to the end", value: "file", complete: "path" },
    "postgres-sql-out": { kind: "text", doc: "SQL that inserts or replaces the pack's row", value: "file", complete: "path" },
    "postgres-table": { kind: "text", doc: "Table, or schema.table", value: "name", default: "gait_pack_index" },
    "postgres-include-ddl": { kind: "switch", doc: "Whether the SQL also makes the table and its indexes", on: true },
    format: {
      kind: "choice",
      doc: "in-toto writes a statement, dsse the statement signed, sigstore that in a bundle, otlp sends to a collector",
      values: ["dsse", "in-toto", "sigstore", "otlp"],
      fold: true,
    },
    out: { kind: "text", doc: "Where the document of --format goes", value: "file", complete: "path" },
    "otlp-url": { kind: "text", doc: "Address of the collector, such as http://localhost:4318", value: "url" },
    ...PRIVATE_KEY_FLAGS,
    ...PUBLIC_KEY_FLAGS,
  },
  refusal: HEAD,
  examples: [
    "gait pack export pack.zip --otel-out packs.jsonl --postgres-sql-out pack.sql",
    "gait pack export pack.zip --format sigstore --out pack.sigstore.json --private-key signer.key",
    "gait pack export pack.zip --format otlp --otlp-url http://localhost:4318",
  ],
  needs: ["files", "store", "journal", "lock", "clock", "random", "env", "host", "net", "progress"],
  spared: ({ format }) => format === "otlp" ? [] : ["net"],
  async run(values, ports, { version }) {
    const given = oneArgument(values.path, values.positionals, "path");
    if (!given.ok) return given;
    const path = trim(given.value);
    if (path === "") return fail("missing_argument", "Cannot export: expected the path of a pack");
    const sinks = sinksOf(values);
    if (!sinks.ok) return sinks;
    const fit = await checkSinks(path, sinks.value, values, ports.files);
    if (!fit.ok) return fit;
    const key = await loadPrivateKey(values, ports);
    if (!key.ok) return key;
    const trusted = await loadPublicKey(values, ports);
    if (!trusted.ok) return trusted;
    const file = await ports.files.open(path);
    if (!file.ok) return file;
    try {
      const source = withProgress(file.value, `export ${path}`, ports.progress);
      const exported = await exportPack(ports.host, source, path, trusted.value?.key);
      if (!exported.ok) return exported;
      const signing = key.value?.key;
      const pack = { path, source, exported: exported.value, version, key: signing };
      const done = await drain(sinks.value, { ...pack, withDefinition: values["postgres-include-ddl"] }, ports);
      if (!done.ok) return done;
      const { record } = exported.value;
      const { pack_id, pack_type, source_ref } = record;
      const { otel, sql, format, out, collector } = sinks.value;
      const isSigned = format === "dsse" || format === "sigstore";
      const data: Exported = {
        ...HEAD,
        ok: true,
        path,
        pack_id,
        pack_type,
        source_ref,
        otel_path: otel,
        postgres_sql_path: sql,
        format,
        format_path: out,
        collector,
        signature_key_id: isSigned ? signing?.keyId ?? "" : "",
        export: writeShape(PackExportShape, record),
      };
      return ok({ exit: "ok", data });
    } finally {
      file.value.close();
    }
  },
  lines: (data: Exported) => [
    `pack export ok: ${data.path}`,
    `${data.pack_type} pack of ${data.source_ref}`,
    `pack_id=${data.pack_id}`,
    ...Object.entries(data.export).filter(([, value]) => typeof value === "number").map(([name, value]) => `${name}=${value}`),
    ...(data.otel_path === "" ? [] : [`otel_path=${data.otel_path}`]),
    ...(data.postgres_sql_path === "" ? [] : [`postgres_sql_path=${data.postgres_sql_path}`]),
    ...(data.format_path === "" ? [] : [`${data.format} document: ${data.format_path}`]),
    ...(data.signature_key_id === "" ? [] : [`signature_key_id=${data.signature_key_id}`]),
    ...(data.collector === "" ? [] : [`sent to ${data.collector}`]),
  ],
});
