// Where an exported pack goes: lines that are added to a file, SQL in a file of its own, a document that other tools verify, a collector.
import { utf8 } from "../core/base/bytes.ts";
import type { Source } from "../core/base/host.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { SigningKey } from "../core/base/sign.ts";
import type { ExportedPack } from "../core/flow/pack_export.ts";
import { otelLines } from "../core/pack/export_otel.ts";
import { sqlText, type TableName, tableName } from "../core/pack/export_sql.ts";
import type { Ports } from "../core/ports.ts";
import type { KeyValues } from "./key_sources.ts";
import { lineLog } from "./line_log.ts";
import { checkOutputs, takenBy } from "./output_paths.ts";
import { attestationOf } from "./pack_attestation.ts";
import { collectorAddress, sendToCollector } from "./pack_collector.ts";

/** What is to be written where; blank is nowhere. */
export type Sinks = {
  readonly otel: string;
  readonly sql: string;
  readonly table: TableName;
  readonly format: "" | "dsse" | "in-toto" | "sigstore" | "otlp";
  readonly out: string;
  readonly collector: string;
};

/** The flags that say so. */
export type SinkFlags = {
  readonly "otel-out": string | undefined;
  readonly "postgres-sql-out": string | undefined;
  readonly "postgres-table": string;
  readonly format: "dsse" | "in-toto" | "sigstore" | "otlp" | undefined;
  readonly out: string | undefined;
  readonly "otlp-url": string | undefined;
};

/** Reads the flags. Faults `missing_argument`, `usage`, `flag_value`. */
export function sinksOf(values: SinkFlags): Result<Sinks> {
  const { format = "", out = "" } = values;
  const [otel, sql, url] = [values["otel-out"] ?? "", values["postgres-sql-out"] ?? "", values["otlp-url"] ?? ""];
  if (otel === "" && sql === "" && format === "") {
    return fail("missing_argument", "Cannot export: expected --otel-out, --postgres-sql-out or --format");
  }
  const isFile = format !== "" && format !== "otlp";
  if (isFile !== (out !== "")) {
    return isFile
      ? fail("missing_argument", `Cannot export: expected --out with --format ${format}`)
      : fail("usage", "Cannot take --out: it is for --format dsse, in-toto and sigstore");
  }
  if ((format === "otlp") !== (url !== "")) {
    return url === ""
      ? fail("missing_argument", "Cannot export: expected --otlp-url with --format otlp")
      : fail("usage", "Cannot take --otlp-url: it is for --format otlp");
  }
  const collector = url === "" ? ok("") : collectorAddress(url);
  if (!collector.ok) return collector;
  const table = tableName(values["postgres-table"]);
  return table.ok ? ok({ otel, sql, table: table.value, format, out, collector: collector.value }) : table;
}

/** Checks the files that are to be written: none may be the pack, a key, or another of them. Faults `path_refused`, `same_file`. */
export async function checkSinks(
  path: string,
  { otel, sql, out, format }: Sinks,
  keys: KeyValues,
  files: Ports["files"],
): Promise<Result<void>> {
  const outputs = [["the OpenTelemetry records", otel], ["the SQL", sql], [`the ${format} document`, out]] as const;
  const taken = await takenBy({ read: [path, keys["private-key"], keys["public-key"]], shared: [] }, files);
  return await checkOutputs(outputs.filter(([, file]) => file !== ""), taken, files);
}

/** What of a pack goes there. */
export type Drained = {
  readonly path: string;
  readonly source: Source;
  readonly exported: ExportedPack;
  /** Of the program. */
  readonly version: string;
  readonly key: SigningKey | undefined;
  /** Whether the SQL makes the table too. */
  readonly withDefinition: boolean;
};

type DrainPorts = Pick<Ports, "store" | "journal" | "lock" | "clock" | "random" | "host" | "net">;

/** Writes and sends it all. What can be refused is refused before anything is written. */
export async function drain(sinks: Sinks, pack: Drained, ports: DrainPorts): Promise<Result<void>> {
  const { otel, sql, table, format, out, collector } = sinks;
  const { exported, version, key } = pack;
  const statements = sql === "" ? ok("") : sqlText(exported.record, table, pack.withDefinition);
  if (!statements.ok) return statements;
  const document = format === "" || format === "otlp" ? ok("") : await attestationOf(ports.host, format, pack, key, version);
  if (!document.ok) return document;
  const wanted = [[sql, statements.value], [out, document.value]] as const;
  for (const [path, text] of wanted.filter(([path]) => path !== "")) {
    const written = await ports.store.write(path, utf8(text), "replace");
    if (!written.ok) return written;
  }
  if (otel !== "") {
    const log = lineLog(otel, ports);
    const added = await log.append(utf8(otelLines(ports.host.crypto, exported.record, exported.integrityOk)));
    log.close();
    if (!added.ok) return added;
  }
  return collector === "" ? ok(undefined) : await sendToCollector(collector, exported, version, ports);
}
