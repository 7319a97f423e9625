// A whole invocation in memory: test-only commands, a memory host, and a note of what happened in which order.
import { fail, ok } from "../../core/base/result.ts";
import type { Ports } from "../../core/ports.ts";
import { type Command, command, type Commands, type Entry } from "../../cli/command.ts";
import type { World } from "../../cli/run.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";

/** Copies a file; its switches choose how it ends. */
export const copy: Command = command({
  path: ["box", "copy"],
  summary: "Copy a file",
  explain: "Copies a file byte by byte.",
  positionals: { name: "source", doc: "The file", min: 1, max: 1, complete: "path" },
  flags: {
    to: { kind: "text", doc: "The copy", required: true, complete: "path" },
    note: { kind: "text", doc: "A word", default: "none" },
    mode: { kind: "choice", doc: "How", values: ["fast", "safe"], default: "fast", fold: true, blank: "safe" },
    exact: { kind: "choice", doc: "How exactly", values: ["yes", "No"] },
    fail: { kind: "switch", doc: "Answer that it did not work" },
    throw: { kind: "switch", doc: "Have a bug" },
  },
  needs: ["files", "store"],
  verdict: true,
  examples: ["gait box copy a --to b"],
  async run({ positionals: [source = ""], ...flags }, { files, store }) {
    if (flags.throw) throw new TypeError("boom \x1b[2J");
    const bytes = await files.read(source, 100);
    if (!bytes.ok) return bytes;
    const written = await store.write(flags.to, bytes.value, "create");
    if (!written.ok) return written;
    const data = { ok: !flags.fail, to: flags.to, note: flags.note, mode: flags.mode, size: bytes.value.length, empty: [] };
    return ok({ exit: flags.fail ? "verification" : "ok", data, always: ["empty"] });
  },
  lines: ({ to, note }) => [`copied to ${to}`, `note ${note}`],
});

const list: Command = command({
  path: ["box", "list"],
  summary: "List the box",
  explain: "Lists what is in the box.",
  flags: {},
  needs: [],
  run: () => Promise.resolve(fail("store_busy", "Cannot list the box: it is locked")),
  lines: () => [],
});

const entry = (made: Command): Entry => ({
  path: made.path,
  summary: made.summary,
  load: () => Promise.resolve({ default: made }),
});

/** The table of the test program. */
export const TABLE: readonly Entry[] = [
  entry(copy),
  entry(list),
  { path: ["version"], summary: "Print the version", load: () => import("../../cli/commands/version.ts") },
  { path: ["help"], summary: "Show how to use gait", load: () => import("../../cli/commands/help.ts") },
  { path: ["completion"], summary: "Print a script", load: () => import("../../cli/commands/completion.ts") },
];

const byFirstWord = (entries: readonly Entry[]): Commands =>
  Object.fromEntries(
    [...Map.groupBy(entries, ({ path }) => path[0] ?? "")].map(([word, part]) => [word, () => part]),
  );

/** A world in memory. `seen` fills with what happened, in order. */
export function world(files: Readonly<Record<string, Uint8Array>> = {}): World & {
  readonly seen: string[];
  readonly disk: ReturnType<typeof memoryPorts>["disk"];
} {
  const seen: string[] = [];
  const memory = memoryPorts({ host: nodeHost, files });
  const noted: Ports["files"] = {
    ...memory.files,
    read(path, limit) {
      seen.push(`read ${path}`);
      return memory.files.read(path, limit);
    },
  };
  return {
    seen,
    disk: memory.disk,
    program: { version: "1.2.3", commands: byFirstWord(TABLE) },
    colour: false,
    sha256Text: nodeHost.crypto.sha256Text,
    ports: () => Promise.resolve({ ...memory, files: noted }),
    say(text) {
      seen.push(`say ${text}`);
      return Promise.resolve(true);
    },
    restrict(needs) {
      seen.push(`restrict ${needs.join(" ")}`);
      return ok(undefined);
    },
  };
}
