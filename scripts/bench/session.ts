// Sessions: appending against the bare system calls, and what it costs on a long journal.
import { denoActing } from "../../cli/host/deno_acting.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Result } from "../../core/base/result.ts";
import { allOf } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { denoPorts } from "../../cli/host/deno.ts";
import { pathsOf, type SessionPorts } from "../../cli/session_files.ts";
import { openSession, type SessionWriter } from "../../cli/session_writer.ts";
import { ratios, type Row } from "./measure.ts";

const WAITERS = 64;
const SHORT = 100;
const LONG = 100_000;
const TENTH = LONG / 10;

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
}

const ports = denoPorts(undefined, { report: () => {} }, denoActing());
const PROGRAM = { version: "bench", json: true, commands: COMMANDS, correlationId: () => "" };

/** Runs a command of a session, which must work. */
async function command(words: readonly string[], values: Readonly<Record<string, unknown>>): Promise<void> {
  const entry = allOf(COMMANDS).find(({ path }) => path.join(" ") === words.join(" "));
  if (entry === undefined) throw new Error(`there is no command ${words.join(" ")}`);
  const answer = value(await (await entry.load()).default.execute({ positionals: [], ...values }, ports, PROGRAM));
  if ("records" in answer || answer.exit !== "ok" || answer.fault !== undefined) throw new Error(words.join(" "));
}

const draft = (i: number) => ({ tool_name: "ledger.write", verdict: "allow", intent_id: `intent_${i}` });

/** A session of `count` events, and its writer. */
async function sessionOf(folder: string, count: number): Promise<{ journal: string; writer: SessionWriter }> {
  const journal = `${folder}/${count}.jsonl`;
  await command(["run", "session", "start"], { journal, "session-id": `s_${count}`, "run-id": `run_${count}` });
  const session: SessionPorts = ports;
  const writer = value(await openSession(value(pathsOf(journal)), session, "bench", "close"));
  for (let i = 0; i < count; i += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - i) }, (_, k) => writer.append(draft(i + k)));
    for (const one of await Promise.all(some)) value(one);
  }
  return { journal, writer };
}

/** The rows. */
export async function sessions(): Promise<Row[]> {
  const folder = await Deno.makeTempDir({ dir: "." }); // not in memory, as the folder for temporary files may be
  try {
    const short = await sessionOf(folder, SHORT);
    const tenth = await sessionOf(folder, TENTH);
    const long = await sessionOf(folder, LONG);
    const bare = await Deno.open(`${folder}/bare`, { append: true, create: true });
    const line = utf8(`${"x".repeat(Deno.statSync(long.journal).size / LONG - 1)}\n`);
    const bareAppend = () => {
      bare.writeSync(line);
      bare.syncDataSync();
    };
    const oneByOne = async () => {
      for (let i = 0; i < WAITERS; i++) value(await short.writer.append(draft(i)));
    };
    const alone = (writer: SessionWriter) => async () => value(await writer.append(draft(0)));
    const together = async () => {
      for (const one of await Promise.all(Array.from({ length: WAITERS }, (_, i) => short.writer.append(draft(i))))) value(one);
    };
    const by = "write and fdatasync of a line";
    const rows: Row[] = [
      { what: "append of a lone event", by, values: await ratios(alone(short.writer), bareAppend, 300), limit: 2 },
      {
        what: `append of ${WAITERS} events that wait together`,
        by: "one after the other, each synced",
        values: await ratios(together, oneByOne, 20),
        limit: 0.1,
      },
      {
        what: `append after ${LONG} events`,
        by: `append after ${SHORT}`,
        values: await ratios(alone(long.writer), alone(short.writer), 300),
        limit: 1.25,
      },
    ];
    bare.close();
    for (const { writer } of [short, tenth, long]) await writer.close();
    const status = (journal: string) => () => command(["run", "session", "status"], { journal });
    const grown = LONG / TENTH;
    const linear = async (what: string, large: () => unknown, small: () => unknown): Promise<Row> => ({
      what: `${what} of ${LONG} events, an event`,
      by: `${what} of ${TENTH}`,
      values: (await ratios(large, small)).map((ratio) => ratio / grown),
      limit: 1.5,
    });
    rows.push(await linear("status", status(long.journal), status(tenth.journal)));
    const plain = (journal: string) => Deno.readFileSync(journal);
    const [longBytes, tenthBytes] = [plain(long.journal), plain(tenth.journal)];
    const seal = (journal: string, bytes: Uint8Array) => async () => {
      Deno.writeFileSync(journal, bytes);
      await command(["run", "session", "checkpoint"], { journal, out: `${journal}.zip`, "chain-out": "" });
    };
    rows.push(await linear("checkpoint", seal(long.journal, longBytes), seal(tenth.journal, tenthBytes)));
    return rows;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
