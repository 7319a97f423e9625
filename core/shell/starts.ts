// Shells that are started as programs, and what they run.
import { optionValues } from "./options.ts";
import type { ShellWord } from "./word.ts";

/** The names of shells. */
export const SHELL_NAMES: ReadonlySet<string> = new Set([
  ...["sh", "bash", "dash", "ash", "rbash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh"],
]);

/** What a shell that is started as a program runs; `posix` is a text for a shell that may not be bash. */
export type ShellStart =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string; readonly posix: boolean }
  | { readonly kind: "file" }
  | { readonly kind: "unknown" };

const BASH: ReadonlySet<string> = new Set(["bash", "rbash"]);
const POSIX: ReadonlySet<string> = new Set(["sh", "dash", "ash"]);

/** Names of the standard input and of other open files, from whatever folder. */
const OPEN_FILE = /^\/+(?:dev|proc)\/|(?:^|\/)stdin$|(?:^|\/)\d+$/;

/** Options with which a shell reads the files of a home folder first. */
const READS_HOME = /^(?:--login|[-+]\w*[il]\w*)$/;

/**
 * What a program runs if it is a shell: the text behind `-c`, a file, or what nobody knows before. `home` is undefined where the files
 * of another home folder may be read first.
 */
export function shellStart(program: string, args: readonly ShellWord[], home: string | undefined): ShellStart {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (!SHELL_NAMES.has(name)) return { kind: "none" };
  let text = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined || word.kind !== "plain") return { kind: "unknown" };
    const { value } = word;
    if (/^--(?:version|help)$/.test(value)) return { kind: "file" };
    if (value === "--" || value === "-") return ended(text, args[at + 1]);
    if (home === undefined && READS_HOME.test(value)) return { kind: "unknown" };
    if (/^--(?:norc|noprofile|posix|login|restricted)$/.test(value)) continue;
    if (!/^[-+]/.test(value)) return ended(text, word);
    const values = optionValues(value, args.slice(at + 1), true);
    if (values === undefined || value.includes("s") && !value.includes("c")) return { kind: "unknown" };
    text ||= value.includes("c"); // behind a plus too
    at += values;
  }
  return { kind: "unknown" }; // what comes on its standard input

  function ended(text: boolean, word: ShellWord | undefined): ShellStart {
    if (word === undefined || word.kind !== "plain") return { kind: "unknown" };
    if (!text) return OPEN_FILE.test(word.value) ? { kind: "unknown" } : { kind: "file" };
    const posix = POSIX.has(name);
    return posix || BASH.has(name) ? { kind: "text", text: word.value, posix } : { kind: "unknown" };
  }
}
