// Words of a shell command: which of them are known before the shell has run anything.
import type { CommandExpansionPart, Word, WordPart } from "./parse.ts";

/**
 * A word: `plain` is what the program will get; `pattern` stands for names of files, known by its text; `several` for words of any form,
 * as braces do; `filled` for a word that a wrapper fills in; `unknown` is only known when the shell has expanded it.
 */
export type ShellWord = { readonly kind: typeof KINDS[number]; readonly value: string };

/** What reading words takes: the home folder (undefined where `~` may be another one), and whether `cat` is the program. */
export type WordRules = { readonly home: string | undefined; readonly catIsKnown: boolean };

const KINDS = ["plain", "pattern", "several", "filled", "unknown"] as const;

const worse = (a: ShellWord["kind"], b: ShellWord["kind"]): ShellWord["kind"] => KINDS.indexOf(a) > KINDS.indexOf(b) ? a : b;

/**
 * Whether a program may get a word in the place of this one that says something else to it, such as an option. Names of files below a
 * folder that the word begins with do not, nor does the name of a pipe.
 */
export const isLoose = ({ kind, value }: ShellWord): boolean =>
  kind !== "plain" && !(kind === "pattern" && /^(?:[^-+*?[\]{}][^*?[\]{}]*\/|[/~]|[<>]\()/.test(value));

/** Whether a pattern may come to an option or a sign of a program whose own ones have neither a dot nor a slash: files may be called so. */
export const mayBeOption = ({ kind, value }: ShellWord): boolean =>
  kind === "pattern" && /^[-+*?[@!]/.test(value) && !/^[^[(]*[./][^[(]*$/.test(value);

/** Reads a word. */
export function readWord(word: Word, rules: WordRules): ShellWord {
  if (word.text.startsWith("~")) return tilde(word, rules);
  const parts = word.parts ?? [];
  return parts.length === 0 ? bare(word.text, word.value) : joined(parts, rules);
}

// In braces escapes count as what they escape: a word that only looks like several is none the worse for being taken for them.
const bare = (text: string, value: string): ShellWord => ({
  kind: /\{.*(?:,|\.\.)/s.test(text)
    ? "several"
    : /[*?[]/.test(text.replaceAll(/\\./gs, "")) && text !== "["
    ? "pattern"
    : "plain",
  value,
});

function joined(parts: readonly WordPart[], rules: WordRules): ShellWord {
  let kind: ShellWord["kind"] = "plain";
  let value = "";
  let unquoted = "";
  for (const part of parts) {
    const read = readPart(part, rules);
    kind = worse(kind, read.kind);
    value += read.value;
    unquoted += part.type === "Literal" ? part.text : "x"; // braces may hold quoted parts
  }
  return { kind: worse(kind, bare(unquoted, "").kind), value };
}

function readPart(part: WordPart, rules: WordRules): ShellWord {
  switch (part.type) {
    case "Literal":
      return { kind: "plain", value: part.value };
    case "SingleQuoted":
    case "AnsiCQuoted":
      return { kind: part.value.includes("\0") ? "unknown" : "plain", value: part.value };
    case "DoubleQuoted":
      return quoted(part.parts, rules);
    case "CommandExpansion":
      return { kind: "unknown", value: part.text };
    case "ProcessSubstitution":
      return { kind: "pattern", value: part.text }; // the name of a pipe; what runs behind it is read on its own
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion": {
      const kind = part.type === "BraceExpansion" ? "several" : "pattern";
      return { kind: (part.parts ?? []).some(expands) ? "unknown" : kind, value: part.text };
    }
    case "LocaleString":
    case "SimpleExpansion":
    case "ParameterExpansion":
    case "ArithmeticExpansion":
      return { kind: "unknown", value: part.text };
    default:
      return part satisfies never;
  }
}

const expands = (part: WordPart): boolean => {
  const { kind } = readPart(part, { home: undefined, catIsKnown: false });
  return kind === "unknown";
};

function quoted(parts: readonly WordPart[], rules: WordRules): ShellWord {
  let value = "";
  for (const part of parts) {
    const text = part.type === "Literal" ? part.value : part.type === "CommandExpansion" ? printed(part, rules) : undefined;
    if (text === undefined) return { kind: "unknown", value: parts.map((one) => one.text).join("") };
    value += text;
  }
  return { kind: "plain", value };
}

// "$(cat <<'END' … END)" is how a text of several lines is quoted: what it comes to stands there.
function printed({ script }: CommandExpansionPart, { catIsKnown }: WordRules): string | undefined {
  const [statement, ...more] = script?.commands ?? [];
  const command = statement?.command;
  if (!catIsKnown || script?.errors !== undefined || more.length > 0 || statement?.background || command?.type !== "Command") {
    return undefined;
  }
  const [redirect, ...others] = command.suffix;
  if (command.name?.text !== "cat" || command.prefix.length > 0 || others.length > 0) return undefined;
  if (redirect?.type !== "HereDoc" || redirect.delimiter?.quoted !== true || redirect.closing === undefined) return undefined;
  if (redirect.descriptor !== undefined) return undefined;
  const { text } = redirect.body;
  return (redirect.operator === "<<-" ? text.replaceAll(/^\t+/gm, "") : text).replace(/\n+$/, "");
}

function tilde(word: Word, { home }: WordRules): ShellWord {
  const unknown: ShellWord = { kind: "unknown", value: word.value };
  if (home === undefined || !/^~(?:\/|$)/.test(word.text)) return unknown;
  // What follows the slash is read as if it stood alone: the slash itself is never quoted here.
  const rest = word.value.slice(1);
  const parts = word.parts ?? [];
  const read = parts.length === 0 ? bare(word.text, word.value) : joined(parts, { home, catIsKnown: false });
  return read.kind === "unknown" ? unknown : { kind: read.kind, value: home + rest };
}
