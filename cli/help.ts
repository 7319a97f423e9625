// Help, made of the same data that the parser reads.
import type { About, Entry, Flag, Flags, Positionals } from "./command.ts";
import { COMMON, placeholder } from "./flags.ts";

/** The words of a path, as typed. */
export const named = (path: readonly string[]): string => ["gait", ...path].join(" ");

/** Whether a path begins with the words of another and goes on. */
export const below = (path: readonly string[], group: readonly string[]): boolean =>
  path.length > group.length && group.every((word, i) => path[i] === word);

/** Usage of the whole program, or of a group of commands. */
export function usageOfGroup(group: readonly string[], commands: readonly Entry[]): string[] {
  const rows = commands.filter(({ path }) => below(path, group))
    .map(({ path, summary }) => [named(path), summary] as const);
  return [
    `Usage: ${named(group)} <command> [arguments] [flags]`,
    "",
    "Commands:",
    ...columns(rows),
    "",
    `Every command takes ${Object.keys(COMMON).map((name) => `--${name}`).join(", ")}.`,
    `Run ${named([...group, "<command>"])} --help to see what a command takes.`,
  ];
}

/** Usage of one command, with the commands below it. */
export function usageOf(about: About, commands: readonly Entry[]): string[] {
  const under = commands.filter(({ path }) => below(path, about.path));
  const flags = [...required(about.flags), "[flags]"];
  const words = about.positionals?.rest === undefined
    ? [...argument(about.positionals), ...flags]
    : [...flags, "--", ...argument(about.positionals)];
  return [
    `Usage: ${[named(about.path), ...words].join(" ")}`,
    "",
    about.explain,
    ...section("Arguments", about.positionals === undefined ? [] : [argumentRow(about.positionals)]),
    ...section(
      "Flags",
      Object.entries({ ...about.flags, ...COMMON, ...about.flags }).map(([name, flag]) => flagRow(name, flag)),
    ),
    ...section("Commands", under.map(({ path, summary }) => [named(path), summary])),
    ...(about.examples === undefined ? [] : ["", "Examples:", ...about.examples.map((line) => `  ${line}`)]),
  ];
}

const argument = (wanted: Positionals | undefined): string[] => {
  if (wanted === undefined || wanted.ignored) return [];
  const name = `<${wanted.name}>${wanted.max > 1 ? "..." : ""}`;
  return [wanted.min === 0 ? `[${name}]` : name];
};

const required = (flags: Flags): string[] =>
  Object.entries(flags).flatMap(([name, flag]) =>
    flag.kind === "text" && flag.required && flag.default === undefined ? [`--${name} ${placeholder(flag)}`] : []
  );

const argumentRow = ({ name, doc, values }: Positionals): readonly [string, string] => [
  `<${name}>`,
  values === undefined ? doc : `${doc}: ${values.join(", ")}`,
];

const flagRow = (name: string, flag: Flag): readonly [string, string] => {
  const word = flag.kind === "switch" ? (flag.on === true ? "true" : undefined) : flag.default;
  const preset = word === undefined || word === "" ? "" : ` (default ${word})`;
  return [`--${name} ${placeholder(flag)}`.trimEnd(), `${flag.doc}${preset}`];
};

const section = (title: string, rows: readonly (readonly [string, string])[]): string[] =>
  rows.length === 0 ? [] : ["", `${title}:`, ...columns(rows)];

// Two columns; a first column that is too wide for that stands on a line of its own.
const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) =>
    left.length > width ? [`  ${left}`, `  ${" ".repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`]
  );
};
