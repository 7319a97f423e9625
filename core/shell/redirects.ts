// The files that the shell itself opens for a command.
import type { Redirection } from "./parse.ts";
import type { ShellFile } from "./reading.ts";
import { isGuarded } from "./variables.ts";
import { readWord, type WordRules } from "./word.ts";

/** Files that are no files: opening them does nothing. */
const NOWHERE = /^\/dev\/(?:null|std(?:in|out|err)|fd\/\d+)$/;

/** The texts of redirections that have theirs in the command; whether it is expanded is to be seen from the mark. */
export const givenTexts = (redirects: readonly Redirection[], source: string): readonly string[] =>
  redirects.filter(({ type }) => type !== "Redirect").map((redirect) => {
    const sign = source.slice(redirect.pos, redirect.end);
    return redirect.type === "HereDoc" ? `${sign}\n${redirect.body.text}` : sign;
  });

/** The file that a redirection opens; `none` where it opens none. */
export function openedFile(redirect: Redirection, rules: WordRules): ShellFile | "none" | "unknown" {
  const { descriptor } = redirect;
  if (descriptor?.type === "FileDescriptorVariable" && isGuarded(descriptor.name)) return "unknown";
  if (redirect.type !== "Redirect") return "none"; // texts that stand in the command
  const { operator, target } = redirect;
  if (target === undefined) return "unknown";
  const word = readWord(target, rules);
  const duplicates = operator === "<&" || operator === ">&";
  if (duplicates && word.kind === "plain" && /^(?:\d+-?|-)$/.test(word.value)) return "none";
  if (duplicates && /^-./s.test(target.text)) return "unknown"; // for bash the minus closes, and a word begins behind it
  if (/^[<>]\(/.test(target.text)) return "none"; // the other end is a command, read on its own
  // bash takes quotes out of such a name twice.
  if (duplicates && /['"\\$`]/.test(word.value)) return "unknown";
  if (word.kind !== "plain" || word.value === "" || operator === "<&") return "unknown";
  const operation = operator === "<" ? "read" : "write";
  if (NOWHERE.test(word.value)) return "none";
  const [, host] = /^\/dev\/(?:tcp|udp)\/([^/]*)/.exec(word.value) ?? [];
  return host === undefined ? { kind: "path", value: word.value, operation } : { kind: "host", value: host, operation };
}
