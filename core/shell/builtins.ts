// Commands of the shell itself that run texts, or change what later commands mean.
import { keepsMeaning } from "./options.ts";
import type { ShellReason } from "./reading.ts";
import { isCounted, isGuarded } from "./variables.ts";
import { mayBeOption, type ShellWord } from "./word.ts";

const EVALUATES: ReadonlySet<string> = new Set([
  "eval",
  "source",
  ".",
  "alias",
  "enable",
  "bind",
  "complete",
  "compgen",
  "fc",
  "let",
]);

/** Commands whose arguments may be names of variables, with an index that the shell evaluates. */
const NAMES: ReadonlySet<string> = new Set([
  ...[
    "read",
    "unset",
    "printf",
    "declare",
    "typeset",
    "local",
    "export",
    "readonly",
    "getopts",
    "mapfile",
    "readarray",
    "wait",
  ],
  ...["test", "["],
]);

/** Commands whose words all mean something here, whatever stands before them. */
const WORDS: ReadonlySet<string> = new Set(["set", "hash", "jobs"]);

/** A name with an index that is evaluated; an option may stand before it in the same word. */
const INDEXED = /^[-+]*\w+\[(?!(?:\d+|[@*])\](?:\+?=|$))/;

/** Those that set the variables which they name to what they read or make. */
const SETS: ReadonlySet<string> = new Set(["read", "printf", "getopts", "mapfile", "readarray", "wait"]);

/** Those that read a list of values out of one word, and evaluate what is in it. */
const LISTS: ReadonlySet<string> = new Set(["declare", "typeset", "local", "export", "readonly"]);
const LIST = /^\w+(?:\[.*?\])?\+?=\(/s;

/** Why a command of the shell cannot be told from its words; undefined for all others. `trap` is looked into elsewhere. */
export function builtinReason(program: string, args: readonly ShellWord[]): ShellReason | undefined {
  if (EVALUATES.has(program)) return "shell_eval";
  if ((NAMES.has(program) || WORDS.has(program)) && hidden(program, args)) return "shell_expansion";
  const options = args.filter(({ value }) => value.startsWith("-")).map(({ value }) => value);
  if (program === "hash") return options.some((option) => option.includes("p")) ? "shell_environment" : undefined;
  if (program === "set") return keepsMeaning(args) ? undefined : "shell_environment";
  if (program === "jobs") return options.some((option) => option.includes("x")) ? "shell_wrapper_unknown" : undefined;
  if (program === "shopt") return "shell_environment";
  if (!NAMES.has(program)) return undefined;
  if (/^(?:mapfile|readarray)$/.test(program) && options.some((option) => option.includes("C"))) return "shell_eval";
  // Names that stand for others, and values that are evaluated.
  if (/^(?:declare|typeset|local)$/.test(program) && options.some((option) => /^-.*[in]/.test(option))) {
    return "shell_environment";
  }
  const names = named(program, args.map(({ value }) => value));
  if (names.some((name) => INDEXED.test(name)) || LISTS.has(program) && names.some((name) => LIST.test(name))) {
    return "shell_eval";
  }
  if (names.some((name) => spellings(name).some((one) => isGuarded(one) || SETS.has(program) && isCounted(one)))) {
    return "shell_environment";
  }
  return LISTS.has(program) && names.some(counts) ? "shell_arithmetic" : undefined;
}

// The names that an argument may hold: behind an option that stands in the same word, each of its endings.
function spellings(arg: string): readonly string[] {
  const name = arg.replace(/[+[=].*$/s, "");
  return name.startsWith("-") ? Array.from(name, (_, at) => name.slice(at)) : [name];
}

// Whether a number of bash is set to what is no number by itself.
function counts(arg: string): boolean {
  const [, name = "", value = ""] = /^(\w+)(?:\[.*?\])?\+?=(.*)$/s.exec(arg) ?? [];
  return isCounted(name) && !/^\d*$/.test(value);
}

// Whether options or names may be in words that stand for several. Behind the format of `printf` all words are values, and `test` has
// names of files, which may be called like its options.
function hidden(program: string, args: readonly ShellWord[]): boolean {
  if (program === "test" || program === "[") return args.some((arg) => arg.kind === "several" || mayBeOption(arg));
  const ends = args.findIndex(({ value }) =>
    program === "printf" ? !value.startsWith("-") : value === "--" && program === "set"
  );
  return args.slice(0, ends === -1 ? args.length : ends + 1).some(({ kind }) => kind === "several" || kind === "pattern");
}

// The arguments that are names: all of them, or only those behind an option.
function named(program: string, args: readonly string[]): readonly string[] {
  const option = program === "printf" ? /^-v/ : program === "test" || program === "[" ? /^-[vR]$/ : undefined;
  if (option === undefined) return args;
  return args.flatMap((arg, at) => option.test(arg) ? [arg.slice(2), args[at + 1] ?? ""] : []);
}
