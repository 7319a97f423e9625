// From the words of a command line to what is to be done: run a command with its values, explain, help, or refuse. Nothing
// here acts; loading the one command that is named is all that it waits for.
import { closest } from "../core/base/closest.ts";
import type { Fault } from "../core/base/result.ts";
import { type About, allOf, type Command, type Entry, type OwnDocument, type Program, refusalOf } from "./command.ts";
import { beforeDashes, isHelp, isVersion, ownArguments, parse, wantsExplain, wantsJson } from "./flags.ts";
import { below, named } from "./help.ts";
import { flagMigration, migration, RETIRED, retiredFlag } from "./retired.ts";

/** What a command line asks for. `json` is known in every case. */
export type Plan =
  | { readonly kind: "run"; readonly json: boolean; readonly command: Command; readonly values: unknown }
  | { readonly kind: "explain"; readonly json: boolean; readonly sentence: string }
  | { readonly kind: "help"; readonly json: boolean; readonly command: Command | undefined; readonly group: readonly string[] }
  | {
    readonly kind: "refuse";
    readonly json: boolean;
    /** Stands before `error:`; empty where no command is known. */
    readonly name: string;
    readonly fault: Fault;
    /** The group, or the command, whose usage follows in text. */
    readonly usage?: readonly string[] | About;
    readonly extra?: object;
    /** Members of it to print even when empty. */
    readonly always?: readonly string[] | undefined;
    /** Set where the command prints documents of its own. */
    readonly document?: OwnDocument | undefined;
    /** Set where standard output belongs to somebody else. */
    readonly silent?: true | undefined;
  };

const GAIT = "Gait records what agents do, checks the evidence of it, and decides what they may do next.";

/** Decides what a command line asks for (spec 01, section 3.1). */
export async function route(argv: readonly string[], { commands }: Program): Promise<Plan> {
  const words = withFullName(argv);
  const [first = ""] = words;
  const entry = Object.hasOwn(commands, first) ? longest(words, commands[first]?.() ?? []) : undefined;
  if (entry === undefined) return groupOrNothing(words, allOf(commands), wantsJson(words));
  const command = (await entry.load()).default;
  const rest = words.slice(entry.path.length);
  const own = ownArguments(command.flags, command.positionals, rest);
  const json = wantsJson(own);
  const tells = json && Object.hasOwn(command.flags, "explain"); // it explains what it was asked, not itself
  if (wantsExplain(own) && !tells) return { kind: "explain", json, sentence: command.explain };
  const parsed = parse(command.flags, command.positionals, rest);
  const help = parsed.ok ? parsed.value.help : own.some(isHelp);
  if (help) return { kind: "help", json: parsed.ok ? parsed.value.json : json, command, group: entry.path };
  if (parsed.ok) return { kind: "run", json: parsed.value.json, command, values: parsed.value.values };
  const { refusalAlways: always, document, silent } = command;
  const usage = command.positionals?.rest === "behind_dashes" ? { usage: command } : {}; // its name is that of a group too
  const refusal = { kind: "refuse", json, name: entry.path.join(" "), always, document, silent, ...usage } as const;
  const retired = parsed.fault.code === "unknown_flag" ? retiredFlag(entry.path, own) : undefined;
  if (retired === undefined) return { ...refusal, fault: parsed.fault, extra: refusalOf(command, rest) };
  const message = `Cannot take flag "--${retired.flag}": it is now "--${retired.replacement}"`;
  const extra = { ...refusalOf(command, rest), migration: flagMigration(retired) };
  return { ...refusal, fault: { code: "retired", message }, extra };
}

// `gait` alone, and what looks like a flag but names a command; help is asked for behind other flags too.
const withFullName = (argv: readonly string[]): readonly string[] => {
  const [first, ...rest] = argv;
  if (first === undefined || isVersion(first)) return ["version", ...rest];
  const asked = first.startsWith("-") ? beforeDashes(argv).findIndex(isHelp) : -1;
  return asked === -1 ? argv : ["help", ...argv.toSpliced(asked, 1)];
};

const longest = (words: readonly string[], commands: readonly Entry[]): Entry | undefined =>
  commands.filter(({ path }) => path.every((word, i) => words[i] === word))
    .sort((a, b) => b.path.length - a.path.length)[0];

function groupOrNothing(words: readonly string[], commands: readonly Entry[], json: boolean): Plan {
  const group = groupOf(words, commands);
  const next = words[group.length];
  const missing = next === undefined || next.startsWith("-");
  const options = [...new Set(commands.filter(({ path }) => below(path, group)).map(({ path }) => path[group.length] ?? ""))];
  if (missing && wantsExplain(words)) {
    const sentence = group.length === 0 ? GAIT : `${named(group)} groups the commands ${options.join(", ")}.`;
    return { kind: "explain", json, sentence };
  }
  if (group.length > 0 && missing && beforeDashes(words).some(isHelp)) return { kind: "help", json, command: undefined, group };
  const retired = RETIRED.find(({ path }) => path.every((word, i) => words[i] === word));
  if (retired !== undefined) {
    const message = `Cannot run "${named(retired.path)}": it is now "${retired.replacement}"`;
    const fault: Fault = { code: "retired", message };
    return { kind: "refuse", json, name: retired.path.join(" "), fault, extra: { migration: migration(retired) } };
  }
  const fault: Fault = {
    code: "unknown_command",
    message: missing
      ? `Cannot run "${named(group)}": the name of a command is wanted after it (${options.join(", ")})`
      : `Cannot run "${named([...group, next])}": there is no such command${closest(next, options)}`,
  };
  return { kind: "refuse", json, name: group.join(" "), fault, usage: group };
}

// The longest run of words that begins some command.
function groupOf(words: readonly string[], commands: readonly Entry[]): readonly string[] {
  for (let length = words.length; length > 0; length--) {
    const group = words.slice(0, length);
    if (commands.some(({ path }) => below(path, group))) return group;
  }
  return [];
}
