// The SQL that we export is loaded into a real PostgreSQL by its own client: the table is made, the row is there, and takes the place of
// the one with the same id.
import { sqlText, tableName } from "../../core/pack/export_sql.ts";
import type { PackExport } from "../../core/schema/pack_export.ts";
import { exists } from "../../scripts/tools/run.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { must, run } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";

const RECORD: PackExport = {
  pack_id: "a".repeat(64),
  pack_type: "run",
  source_ref: `it's \\ "ä" $1 ; -- \n<run>`,
  manifest_digest: "c".repeat(64),
  files_checked: 3,
  hash_mismatches: 1,
  missing_files: 0,
  undeclared_files: 0,
  signature_status: "missing",
  signatures_total: 0,
  signatures_valid: 0,
  created_at: "2031-04-02T10:15:30.123456+02:00",
  metrics: {
    tool_calls_total: 3,
    tool_calls_success: 2,
    tool_calls_success_rate: 2 / 3,
    policy_blocked: 1,
    approval_required: 0,
    regress_failures: 0,
  },
};

/** The folder of PostgreSQL's programs, the newest of Debian's; undefined when there is none. */
function programs(): string | undefined {
  const folder = "/usr/lib/postgresql";
  if (!exists(folder)) return undefined;
  const versions = [...Deno.readDirSync(folder)].map(({ name }) => Number(name)).sort((a, b) => b - a);
  const found = versions.map((version) => `${folder}/${version}/bin`).find((path) => exists(`${path}/initdb`));
  return found;
}

const asRoot = async (): Promise<boolean> => (await run("id", ["-u"])).out.trim() === "0";

/** Starts a database of its own in a folder, for the time of an action; it listens on a socket alone. */
async function withDatabase(bin: string, act: (folder: string, psql: (...args: string[]) => Promise<string>) => Promise<void>) {
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "gpg-" });
  // It refuses to run as root.
  const isRoot = await asRoot();
  const as = (program: string, ...args: string[]): [string, string[]] =>
    isRoot ? ["runuser", ["-u", "postgres", "--", program, ...args]] : [program, args];
  try {
    if (isRoot) await must("chown", ["postgres", folder]);
    await must(
      ...as(`${bin}/initdb`, "-D", `${folder}/d`, "-A", "trust", "-U", "gait", "--no-sync", "-E", "UTF8", "--locale=C"),
    );
    const options = `-c listen_addresses='' -c unix_socket_directories=${folder} -c fsync=off -p 54329`;
    await must(...as(`${bin}/pg_ctl`, "-D", `${folder}/d`, "-w", "-s", "-l", `${folder}/log`, "-o", options, "start"));
    try {
      const at = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", "54329", "-U", "gait", "-d", "postgres"];
      await act(folder, (...args) => must(`${bin}/psql`, [...at, ...args]));
    } finally {
      await run(...as(`${bin}/pg_ctl`, "-D", `${folder}/d`, "-m", "immediate", "-s", "stop"));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("foreign: PostgreSQL takes the SQL, twice, and holds what was exported", async () => {
  const bin = programs();
  if (bin === undefined || await asRoot() && (await run("id", ["postgres"])).code !== 0) {
    return skipped("PostgreSQL", "it is not installed here (apt-get install postgresql)");
  }
  await withDatabase(bin, async (folder, psql) => {
    const load = async (record: PackExport, table: string, ddl: boolean): Promise<void> => {
      const path = `${folder}/pack.sql`;
      await Deno.writeTextFile(path, assertOk(sqlText(record, assertOk(tableName(table)), ddl)));
      await psql("-f", path);
    };
    const row = (table: string) => psql("-A", "-t", "-c", `SELECT row_to_json(t) FROM ${table} t`);
    await load(RECORD, "gait_pack_index", true);
    await load(RECORD, "gait_pack_index", true);
    const { metrics, created_at: _written, ...said } = RECORD;
    const held = JSON.parse(await row('"gait_pack_index"'));
    assertEquals(new Date(held.created_at).toISOString(), "2031-04-02T08:15:30.123Z");
    assert(held.created_at.includes(".123456"), held.created_at);
    const { created_at: _, ...others } = held;
    assertEquals(others, { ...said, ...metrics, tool_calls_success_rate: 0.666667 });
    await load({ ...RECORD, hash_mismatches: 0, source_ref: "other" }, "gait_pack_index", false);
    const after = JSON.parse(await row('"gait_pack_index"'));
    assertEquals([after.hash_mismatches, after.source_ref], [0, "other"]);
    await psql("-c", "CREATE SCHEMA ops");
    await load(RECORD, "ops.Pack_Index", true);
    await load({ ...RECORD, pack_id: "b".repeat(64) }, "ops.Pack_Index", true);
    assertEquals(await psql("-A", "-t", "-c", 'SELECT count(*) FROM "ops"."Pack_Index"'), "2");
    const indexes = "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'idx_%'";
    assertEquals(await psql("-A", "-t", "-c", indexes), "4");
  });
});
