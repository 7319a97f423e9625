// Sessions for tests: commands run in memory or as real processes, and what a journal says when it is read apart from the program.
import { hex } from "../../core/base/bytes.ts";
import { ok } from "../../core/base/result.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { type Memory, type MemoryPorts, memoryPorts } from "../../cli/host/memory.ts";
import { EXIT } from "../../cli/render.ts";
import { run } from "../../cli/run.ts";
import { nodeHost } from "../../host/node.ts";

/** What a command line came to: its exit code and its JSON. */
export type Said = { readonly exit: number; readonly json: Record<string, unknown> };

/** Runs one command line on ports; `--json` is added. */
export async function gait(ports: MemoryPorts, ...argv: string[]): Promise<Said> {
  const reply = await run([...argv, "--json"], {
    program: { version: "0.0.0-dev", commands: COMMANDS },
    colour: false,
    sha256Text: nodeHost.crypto.sha256Text,
    ports: () => Promise.resolve(ports),
    say: () => Promise.resolve(true),
    restrict: () => ok(undefined),
  });
  return { exit: EXIT[reply.exit], json: JSON.parse(reply.out) };
}

/** A memory host for sessions. */
export const memory = (about: Omit<Memory, "host"> = {}): MemoryPorts => memoryPorts({ host: nodeHost, ...about });

/** One command of a session on the journal `s.jsonl`. */
export const session = (ports: MemoryPorts, verb: string, ...argv: string[]): Promise<Said> =>
  gait(ports, "run", "session", verb, "--journal", "s.jsonl", ...argv);

/** Begins session s1 of run_s1. */
export const start = (ports: MemoryPorts): Promise<Said> => session(ports, "start", "--session-id", "s1", "--run-id", "run_s1");

/** Appends an event of a tool. */
export const append = (ports: MemoryPorts, tool: string): Promise<Said> =>
  session(ports, "append", "--tool", tool, "--verdict", "allow");

type Record_ = {
  record_type: string;
  event?: { sequence: number; tool_name: string };
  checkpoint?: { sequence_start: number; sequence_end: number; runpack_path: string };
};

/** A journal as JSON.parse has it, line by line: an independent reading for the tests. */
export const records = (bytes: Uint8Array): readonly Record_[] =>
  new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\n").filter((line) => line !== "").map((line) =>
    JSON.parse(line)
  );

/** The tools of the events in a journal, in order. */
export const tools = (bytes: Uint8Array): readonly string[] =>
  records(bytes).flatMap(({ event }) => event === undefined ? [] : [event.tool_name]);

/** The sequences that a journal holds or has sealed; throws when one is missing or there twice. */
export function sequences(bytes: Uint8Array): number {
  let last = 0;
  for (const { event, checkpoint } of records(bytes)) {
    if (checkpoint !== undefined) last = Math.max(last, checkpoint.sequence_end);
    if (event === undefined) continue;
    if (event.sequence !== last + 1) throw new Error(`event ${event.sequence} stands after ${last}`);
    last = event.sequence;
  }
  return last;
}

/** A short name for bytes, to tell equal trees of files apart from others. */
export const fingerprint = (files: ReadonlyMap<string, Uint8Array>): string =>
  [...files].map(([path, bytes]) => `${path}:${hex(nodeHost.crypto.sha256(bytes))}`).sort().join("\n");
