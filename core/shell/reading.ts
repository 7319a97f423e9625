// What the reading of a shell command comes to: the commands that it may run, the files that it opens, and why it is not known whether
// these are all.

/** Why it cannot be told what a shell command does. These are reason codes of decisions. */
export const SHELL_REASONS = [
  "shell_parse_error",
  "shell_too_large",
  "shell_eval",
  "shell_expansion",
  "shell_wrapper_unknown",
  "shell_environment",
  "shell_directory_unknown",
  "shell_arithmetic",
] as const;

/** One of them. */
export type ShellReason = typeof SHELL_REASONS[number];

/** A simple command that may be run. */
export type ShellCommand = {
  /** Its name as it is looked up; one in a folder of the system without that folder. */
  readonly program: string;
  /** Whether it is a shell that runs a text which was read too. */
  readonly evaluates: boolean;
  /** Name and arguments with quotes taken away; patterns of file names as they are. */
  readonly argv: readonly string[];
  /** The same as one text, quoted where it has to be, behind the variables that it is given. */
  readonly text: string;
  /** The variables that it alone is given: `NAME=value`. */
  readonly variables: readonly string[];
  /** The texts that stand in the command and are its input, each behind the sign and the mark that it was written with. */
  readonly input: readonly string[];
  /** Whether the program may get words that are not in `argv` in the place of some of them: braces, patterns of file names. */
  readonly loose: boolean;
  /** Whether more arguments come when it is run (`xargs`). */
  readonly more: boolean;
};

/** A file that the shell itself opens. */
export type ShellFile = { readonly kind: "path" | "host"; readonly value: string; readonly operation: "read" | "write" };

/** What could not be told, and of which part of the text. */
export type Unresolved = { readonly code: ShellReason; readonly text: string };

/** A shell command, read. Only where nothing is unresolved are commands and files all that there are. */
export type ShellReading = {
  readonly commands: readonly ShellCommand[];
  readonly files: readonly ShellFile[];
  readonly unresolved: readonly Unresolved[];
};

/** What is known of the shell that will run a command. */
export type ShellPlace = {
  /** Its folder, absolute; empty where that is not known. */
  readonly cwd: string;
  /** The user's home folder; empty where that is not known. */
  readonly home: string;
};
