// Completion in PowerShell, 5.1 and later. Tables hold plain strings only: PowerShell unrolls nested lists.
import type { Dialect, Node, Value } from "./nodes.ts";

/** The script for PowerShell. */
export const powershell: Dialect = (nodes) => [
  "# Completion of gait in PowerShell. Load it with: gait completion powershell | Out-String | Invoke-Expression",
  "Register-ArgumentCompleter -Native -CommandName gait -ScriptBlock {",
  "  param($wordToComplete, $commandAst, $cursorPosition)",
  "  $subs = @{",
  ...nodes.map(({ at, subs }) => `    ${quoted(at)} = @(${subs.map(row).join(", ")})`),
  "  }",
  "  $flags = @{",
  ...nodes.map(({ at, flags }) => `    ${quoted(at)} = @(${flags.map(({ name, doc }) => row([name, doc])).join(", ")})`),
  "  }",
  "  $values = @{",
  ...nodes.flatMap(valueRows),
  "  }",
  "  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |",
  "    Select-Object -Skip 1 | ForEach-Object { $_.ToString() })",
  "  $at = ''",
  "  foreach ($word in $before) {",
  "    $next = ($at + ' ' + $word).Trim()",
  "    if (-not $subs.ContainsKey($next)) { break }",
  "    $at = $next",
  "  }",
  "  $previous = if ($before.Count -gt 0) { $before[-1] -replace '^--?', '--' } else { '' }",
  '  $kind = if ($values.ContainsKey("$at $previous")) { $values["$at $previous"] }',
  "    elseif ($wordToComplete.StartsWith('-')) { 'flags' } else { $values[$at] }",
  "  $rows = if ($kind -eq 'flags') { $flags[$at] } elseif ($kind -like 'subs*') { $subs[$at] }",
  "    elseif ($kind -like 'words *') { $kind.Substring(6) -split ' ' }",
  "  foreach ($row in @($rows)) {",
  "    if ($row -and $row.StartsWith($wordToComplete)) {",
  "      $word, $doc = $row -split ' ', 2",
  "      if (-not $doc) { $doc = $word }",
  "      [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $doc)",
  "    }",
  "  }",
  "  if ($kind -like '*path') { [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete) }",
  "}",
];

// What a flag's value, or a word that is no flag, can be: `words ...`, `path`, `subs` (commands), `subs path` or `none`.
const valueRows = ({ at, flags, positional }: Node): string[] => [
  `    ${quoted(at)} = ${
    quoted(positional.kind === "words" ? spell(positional) : positional.kind === "path" ? "subs path" : "subs")
  }`,
  ...flags.flatMap(({ name, value }) =>
    value === undefined ? [] : [`    ${quoted(`${at} ${name}`)} = ${quoted(spell(value))}`]
  ),
];

const spell = (value: Value): string =>
  value.kind === "words" ? `words ${value.words.join(" ")}` : value.kind === "path" ? "path" : "none";

const row = ([word, doc]: readonly [string, string]): string => quoted(`${word} ${doc}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
