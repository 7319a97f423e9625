// Completion in zsh.
import { type Dialect, type Node, quoted, type Value } from "./nodes.ts";

/** The script for zsh; it works sourced and as a file `_gait` on the function path. */
export const zsh: Dialect = (nodes) => [
  "#compdef gait",
  "# Completion of gait in zsh. Load it with: source <(gait completion zsh)",
  "_gait() {",
  '  local current="${words[CURRENT]}" previous="${words[CURRENT-1]}" at="" i',
  "  local -a rows",
  "  for ((i = 2; i < CURRENT; i++)); do",
  '    case "$at ${words[i]}" in',
  `      ${steps(nodes)}) at="\${at:+$at }\${words[i]}" ;;`,
  "      *) break ;;",
  "    esac",
  "  done",
  "  if [[ $current == -*=* ]]; then previous=\"${current%%=*}\"; compset -P '*='; fi",
  '  if [[ $previous == -[^-]* ]]; then previous="-$previous"; fi',
  '  case "$at $previous" in',
  ...nodes.flatMap(valueCases),
  "    *)",
  "      if [[ $current == -* ]]; then",
  '        case "$at" in',
  ...nodes.map(({ at, flags }) => `          "${at}") rows=(${rows(flags.map(({ name, doc }) => [name, doc]))}) ;;`),
  "        esac",
  "        _describe -o flag rows",
  "      else",
  '        case "$at" in',
  ...nodes.map(({ at, subs, positional }) => `          "${at}") ${[...commands(subs), act(positional)].join("; ")} ;;`),
  "        esac",
  "      fi",
  "      ;;",
  "  esac",
  "}",
  'if [[ "${funcstack[1]}" == "_gait" ]]; then _gait "$@"; else compdef _gait gait; fi',
];

const steps = (nodes: readonly Node[]): string =>
  nodes.filter(({ at }) => at !== "").map(({ at }) => at.includes(" ") ? `"${at}"` : `" ${at}"`).join(" | ");

const rows = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([word, doc]) => quoted(`${word}:${doc}`)).join(" ");

const commands = (subs: Node["subs"]): string[] => subs.length === 0 ? [] : [`rows=(${rows(subs)}); _describe command rows`];

const valueCases = ({ at, flags }: Node): string[] =>
  flags.flatMap(({ name, value }) => value === undefined ? [] : [`    "${at} ${name}") ${act(value)} ;;`]);

const act = (value: Value): string =>
  value.kind === "words" ? `compadd -- ${value.words.join(" ")}` : value.kind === "path" ? "_files" : ":";
