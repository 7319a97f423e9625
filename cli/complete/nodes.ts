// What can follow each run of command words: the data that every completion script spells in its own dialect.
import type { About, Flag } from "../command.ts";
import { COMMON } from "../flags.ts";

/** What a word or a flag's value can be: one of some words, a file name, or free text. */
export type Value = { readonly kind: "words"; readonly words: readonly string[] } | { readonly kind: "path" | "free" };

/** A point of the command line after some command words (`at`, joined by blanks; empty at the start). */
export type Node = {
  readonly at: string;
  /** The command words that may follow, with their summaries. */
  readonly subs: readonly (readonly [word: string, doc: string])[];
  /** The flags that may follow, `--` included; `value` is absent for a switch. */
  readonly flags: readonly { readonly name: string; readonly doc: string; readonly value?: Value }[];
  readonly positional: Value;
};

/** A script builder of one shell. */
export type Dialect = (nodes: readonly Node[]) => readonly string[];

/** Every point that some command begins or ends at, by path. */
export function nodes(commands: readonly About[]): readonly Node[] {
  const ats = new Set([""]);
  for (const { path } of commands) path.forEach((_, i) => ats.add(path.slice(0, i + 1).join(" ")));
  return [...ats].sort().map((at) => {
    const about = commands.find(({ path }) => path.join(" ") === at);
    const wanted = about?.positionals;
    return {
      at,
      subs: subs(at, [...ats], commands),
      flags: Object.entries({ ...about?.flags, ...COMMON }).map(([name, flag]) => flagOf(name, flag)),
      positional: wanted?.values !== undefined ? { kind: "words", words: wanted.values } : { kind: wanted?.complete ?? "free" },
    };
  });
}

const subs = (at: string, ats: readonly string[], commands: readonly About[]): Node["subs"] => {
  const prefix = at === "" ? "" : `${at} `;
  return ats.filter((path) => path.startsWith(prefix) && path !== at && !path.slice(prefix.length).includes(" "))
    .map((path) => {
      const about = commands.find((command) => command.path.join(" ") === path);
      const under = commands.filter((command) => command.path.join(" ").startsWith(`${path} `));
      const words = under.map((command) => command.path[path.split(" ").length]);
      return [path.slice(prefix.length), about?.summary ?? [...new Set(words)].join(", ")];
    });
};

const flagOf = (name: string, flag: Flag): Node["flags"][number] => {
  const said = { name: `--${name}`, doc: flag.doc };
  if (flag.kind === "switch") return said;
  return { ...said, value: flag.kind === "choice" ? { kind: "words", words: flag.values } : { kind: flag.complete ?? "free" } };
};

/** Text in single quotes as a POSIX shell reads it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
