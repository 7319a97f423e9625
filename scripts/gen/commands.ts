// The list of commands that main.ts is given, and its page, from the files of cli/commands/.
import type { Command, Flag } from "../../cli/command.ts";
import { COMMON, placeholder } from "../../cli/flags.ts";
import { named, usageOf } from "../../cli/help.ts";
import { byBytes } from "../../core/base/text.ts";

/** A command and the file that it is in. */
export type Filed = { readonly file: string; readonly command: Command };

const isCommand = (value: unknown): value is Command =>
  typeof value === "object" && value !== null && Array.isArray(Reflect.get(value, "path")) &&
  typeof Reflect.get(value, "execute") === "function";

/** All commands by path. Throws for a file that exports none, for a path that is there twice, and for a file named otherwise. */
export async function loadCommands(root: string): Promise<readonly Filed[]> {
  const filed: Filed[] = [];
  for (const { name } of Deno.readDirSync(`${root}cli/commands`)) {
    if (!name.endsWith(".ts")) continue;
    const loaded: { readonly default?: unknown } = await import(`../../cli/commands/${name}`);
    if (!isCommand(loaded.default)) throw new Error(`cli/commands/${name} exports no command by default`);
    const { path } = loaded.default;
    if (name !== `${path.join("_").replaceAll("-", "_")}.ts`) throw new Error(`cli/commands/${name} holds "${path.join(" ")}"`);
    filed.push({ file: name, command: loaded.default });
  }
  return filed.sort((a, b) => byBytes(a.command.path.join(" "), b.command.path.join(" ")));
}

/** The text of cli/commands.gen.ts. */
export const commandList = (filed: readonly Filed[]): string =>
  `// Written by \`deno task gen\` from cli/commands/: one row a command, each loaded when it is wanted. Do not edit.
import type { Commands } from "./command.ts";

/** All commands, by the first word of their paths, then by path. */
export const COMMANDS: Commands = {
${[...Map.groupBy(filed, ({ command: { path } }) => path[0] ?? "")].map(part).join("")}};
`;

const part = ([word, filed]: readonly [string, readonly Filed[]]): string =>
  `  ${/^[a-z]+$/.test(word) ? word : JSON.stringify(word)}: () => [
${filed.map(row).join("")}  ],
`;

const row = ({ file, command: { path, summary } }: Filed): string =>
  `    {
      path: [${path.map((word) => JSON.stringify(word)).join(", ")}],
      summary: ${JSON.stringify(summary)},
      load: () => import("./commands/${file}"),
    },
`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "\\<");

const flagLine = ([name, flag]: readonly [string, Flag]): string => {
  const preset = flag.kind === "switch"
    ? (flag.on === true ? "on" : "off")
    : flag.default ?? (flag.kind === "text" && flag.required ? "required" : "");
  const value = placeholder(flag);
  return `| \`--${name}${value === "" ? "" : ` ${value}`}\` | ${cell(preset)} | ${cell(flag.doc)} |`;
};

/** The page docs/gen/commands.md. */
export function commandPage(filed: readonly Filed[]): string {
  const parts = filed.map(({ command }) => {
    const { path, explain, positionals, flags, examples = [], needs } = command;
    const rows = Object.entries(flags).map(flagLine);
    return [
      `## ${named(path)}`,
      `${explain.replace(/\.$/, "")}.`,
      "```text\n" + (usageOf(command, [])[0] ?? "").replace("Usage: ", "") + "\n```",
      ...(positionals === undefined || positionals.ignored ? [] : [`\`<${positionals.name}>\`: ${positionals.doc}.`]),
      ...(rows.length === 0 ? [] : [["| flag | default | meaning |", "|---|---|---|", ...rows].join("\n")]),
      ...(examples.length === 0 ? [] : ["```sh\n" + examples.join("\n") + "\n```"]),
      needs.length === 0 ? "Needs nothing of the machine." : `Needs of the machine: ${needs.join(", ")}.`,
    ].join("\n\n");
  });
  const common = Object.entries(COMMON).map(flagLine);
  return [
    "# Commands",
    "Written by `deno task gen` from the commands themselves. Do not edit.",
    "Every command takes these as well:",
    ["| flag | default | meaning |", "|---|---|---|", ...common].join("\n"),
    ...parts,
  ].join("\n\n") + "\n";
}
