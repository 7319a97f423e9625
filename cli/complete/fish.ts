// Completion in fish.
import type { Dialect, Value } from "./nodes.ts";

/** The script for fish. */
export const fish: Dialect = (nodes) => [
  "# Completion of gait in fish. Load it with: gait completion fish | source",
  "function __gait_is",
  "  set -l at",
  "  set -l words (commandline -opc)",
  "  for word in $words[2..-1]",
  `    if contains -- (string join ' ' -- $at $word) ${
    nodes.filter(({ at }) => at !== "").map(({ at }) => quoted(at)).join(" ")
  }`,
  "      set at $at $word",
  "    else",
  "      break",
  "    end",
  "  end",
  '  test "$at" = "$argv[1]"',
  "end",
  "complete -c gait -f",
  ...nodes.flatMap(({ at, subs, flags, positional }) => {
    const here = `complete -c gait -n ${quoted(`__gait_is ${quoted(at)}`)}`;
    return [
      ...subs.map(([word, doc]) => `${here} -a ${quoted(word)} -d ${quoted(doc)}`),
      ...(positional.kind === "words" ? [`${here} -a ${quoted(positional.words.join(" "))}`] : []),
      ...(positional.kind === "path" ? [`${here} -F`] : []),
      ...flags.map(({ name, doc, value }) => `${here} -l ${name.slice(2)}${takes(value)} -d ${quoted(doc)}`),
    ];
  }),
];

const takes = (value: Value | undefined): string => {
  if (value === undefined) return "";
  return value.kind === "words" ? ` -x -a ${quoted(value.words.join(" "))}` : value.kind === "path" ? " -r -F" : " -x";
};

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
