// Commands of the shell itself that run texts, or change what later commands mean.
import { keepsMeaning } from "./options.ts";
import type { ShellReason } from "./reading.ts";
import type { ShellWord } from "./word.ts";

/** Variables that change which program is run, or what a program does before it reads its arguments. */
const GUARDED: ReadonlySet<string> = new Set([
  ...[
    "PATH",
    "IFS",
    "ENV",
    "BASH_ENV",
    "SHELLOPTS",
    "BASHOPTS",
    "PS4",
    "PROMPT_COMMAND",
    "CDPATH",
    "EXECIGNORE",
    "BASH_CMDS",
    "BASH_ALIASES",
  ],
  ...["NODE_OPTIONS", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "LESSOPEN"],
  ...["GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_ASKPASS"],
  ...["GIT_EXEC_PATH", "GIT_PROXY_COMMAND", "GIT_TEMPLATE_DIR"],
  ...["PAGER", "MANPAGER", "EDITOR", "VISUAL", "SSH_ASKPASS", "BROWSER", "SHELL"],
]);

/** Whether a variable is one that must not be set unseen. */
export const isGuarded = (name: string): boolean => GUARDED.has(name) || /^(?:LD_|DYLD_|BASH_FUNC_|GIT_CONFIG)/.test(name);

/** Whether an assignment `name=value` changes what is run; a pager that prints is none. */
export const isGuardedAssignment = (name: string, value: ShellWord | undefined): boolean =>
  isGuarded(name) && !(/PAGER$/.test(name) && value?.kind === "plain" && (value.value === "cat" || value.value === ""));

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
  return names.some((name) => isGuarded(name.replace(/[+[=].*$/s, ""))) ? "shell_environment" : undefined;
}

// Whether options or names may be in words that stand for several. Behind the format of `printf` all words are values, and `test` has
// names of files.
function hidden(program: string, args: readonly ShellWord[]): boolean {
  if (program === "test" || program === "[") return args.some(({ kind }) => kind === "several");
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
