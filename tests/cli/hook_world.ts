// A machine whose agent asks gait: policies, keys and calls for tests of `gait hook`.
import type { Json } from "../../core/base/json_value.ts";
import { assertEquals } from "../assert.ts";
import { machine, PRIVATE_KEY, type Setup } from "./commands_world.ts";

/** A policy that lets some through, asks for some and blocks the rest. */
export const HOOK_POLICY = `default_verdict: block
rules:
  - name: reads
    effect: allow
    match: {tool_names: [tool.read, tool.mcp__db__query]}
  - name: programs
    effect: allow
    match: {tool_names: ["tool.exec:ls", "tool.exec:git", "tool.exec:cat", "tool.exec:rm"]}
  - name: writes
    effect: require_approval
    match: {tool_names: [tool.write]}
    reason_codes: [writes_are_asked]
  - name: rehearsals
    effect: dry_run
    match: {tool_names: [tool.delegate]}
`;

/** The flags of a hook that signs. */
export const SIGNED = ["--policy", "p.yaml", "--key-mode", "prod", "--private-key", "k"] as const;

/** What an invocation came to. */
export type Told = { readonly exit: number; readonly out: string; readonly err: string };

/** A disk on which one hook runs after the other, each with an input of its own. */
export function hookDisk(setup: Setup = {}) {
  let files: Readonly<Record<string, string | Uint8Array>> = { "p.yaml": HOOK_POLICY, k: PRIVATE_KEY, ...setup.files };
  const text = (path: string): string => {
    const found = files[path] ?? "";
    return typeof found === "string" ? found : new TextDecoder().decode(found);
  };
  return {
    files: (): readonly string[] => Object.keys(files).sort(),
    text,
    put(path: string, content: string): void {
      files = { ...files, [path]: content };
    },
    /** Runs a command line; `input` is what it is told on standard input. */
    async run(input: Json, ...words: readonly string[]): Promise<Told> {
      const on = machine({ ...setup, files, input: [typeof input === "string" ? input : JSON.stringify(input)] });
      const [exit, out, err] = await on.raw(...words);
      files = Object.fromEntries(on.disk.files());
      return { exit, out, err };
    },
    /** The records of the only session that there is. */
    journal(): readonly Record<string, unknown>[] {
      const journals = Object.keys(files).filter((path) => path.endsWith("/journal.jsonl"));
      assertEquals(journals.length, 1, journals.join());
      return text(journals[0] ?? "").trimEnd().split("\n").map((line) => JSON.parse(line));
    },
  };
}
