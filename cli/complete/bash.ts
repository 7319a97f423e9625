// Completion in bash, 3.2 and later.
import type { Dialect, Node, Value } from "./nodes.ts";

/** The script for bash. */
export const bash: Dialect = (nodes) => [
  "# Completion of gait in bash. Load it with: source <(gait completion bash)",
  "_gait() {",
  '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" at="" head="" words="" files="" i',
  "  # bash cuts --flag=value into three words, unless COMP_WORDBREAKS says otherwise",
  '  if [[ $current == "=" ]]; then current=""',
  '  elif [[ $previous == "=" && COMP_CWORD -gt 1 ]]; then previous="${COMP_WORDS[COMP_CWORD - 2]}"',
  '  elif [[ $current == -*=* ]]; then previous="${current%%=*}" head="${current%%=*}=" current="${current#*=}"; fi',
  '  if [[ $previous == -[!-]* ]]; then previous="-$previous"; fi',
  "  for ((i = 1; i < COMP_CWORD; i++)); do",
  '    case "$at ${COMP_WORDS[i]}" in',
  `      ${steps(nodes)}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;`,
  "      *) break ;;",
  "    esac",
  "  done",
  '  case "$at $previous" in',
  ...nodes.flatMap(valueCases),
  "    *)",
  "      if [[ $current == -* ]]; then",
  '        case "$at" in',
  ...nodes.map(({ at, flags }) => `          "${at}") words="${flags.map(({ name }) => name).join(" ")}" ;;`),
  "        esac",
  "      else",
  '        case "$at" in',
  ...nodes.map(({ at, subs, positional }) => `          "${at}") ${wordsAndFiles(subs.map(([word]) => word), positional)} ;;`),
  "        esac",
  "      fi",
  "      ;;",
  "  esac",
  "  local IFS=$'\\n'",
  '  COMPREPLY=($(compgen -P "$head" -W "${words// /$\'\\n\'}" -- "$current"))',
  '  if [[ -n $files ]]; then COMPREPLY+=($(compgen -P "$head" -f -- "$current")); fi',
  "  if [[ -n $files ]]; then compopt -o filenames 2>/dev/null; fi", // bash 3.2 has no compopt
  "}",
  "complete -F _gait gait",
];

// The words that lead from one point to the next: `" run"`, `"run record"`.
const steps = (nodes: readonly Node[]): string =>
  nodes.filter(({ at }) => at !== "").map(({ at }) => at.includes(" ") ? `"${at}"` : `" ${at}"`).join(" | ");

const valueCases = ({ at, flags }: Node): string[] =>
  flags.flatMap(({ name, value }) =>
    value === undefined
      ? []
      : value.kind === "free"
      ? [`    "${at} ${name}") ;;`]
      : [`    "${at} ${name}") ${wordsAndFiles([], value)} ;;`]
  );

const wordsAndFiles = (subs: readonly string[], value: Value): string => {
  const words = [...subs, ...(value.kind === "words" ? value.words : [])].join(" ");
  return [...(words === "" ? [] : [`words="${words}"`]), ...(value.kind === "path" ? ["files=1"] : [])].join(" ");
};
