// Options of the shell itself, as `set` and a shell that is started take them: those that leave the meaning of commands as it is.
import type { ShellWord } from "./word.ts";

const LETTERS = /^[-+][abefhmnptuvxBCETo]+$/;
const STARTING = /^[-+][abefhmnptuvxBCETocilrs]+$/;

const NAMES: ReadonlySet<string> = new Set([
  ...["allexport", "braceexpand", "errexit", "errtrace", "functrace", "hashall", "monitor", "noclobber", "noexec", "noglob"],
  ...["notify", "nounset", "onecmd", "pipefail", "privileged", "verbose", "xtrace"],
]);

/** How many of the words behind a word of options are values of it; undefined where an option changes what commands mean. */
export function optionValues(word: string, behind: readonly ShellWord[], starting: boolean): number | undefined {
  if (!(starting ? STARTING : LETTERS).test(word)) return undefined;
  const values = word.split("o").length - 1; // `-oo` takes two
  return behind.slice(0, values).every(({ kind, value }) => kind === "plain" && NAMES.has(value)) ? values : undefined;
}

/** Whether what `set` is given leaves the meaning of later commands as it is. */
export function keepsMeaning(args: readonly ShellWord[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const { value } = args[at] ?? { value: "" };
    if (/^--?$/.test(value) || !/^[-+]/.test(value)) return true; // what follows are arguments of the shell
    const values = optionValues(value, args.slice(at + 1), false);
    if (values === undefined) return false;
    at += values;
  }
  return true;
}
