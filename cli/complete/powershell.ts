// Completion in PowerShell, 5.1 and later.
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
  "    elseif ($wordToComplete -like '-*') { 'flags' } else { $values[$at] }",
  "  $rows = if ($kind -is [array]) { $kind | ForEach-Object { , @($_, $_) } } elseif ($kind -eq 'flags') { $flags[$at] }",
  "    elseif ($kind -ne 'none') { $subs[$at] }",
  "  foreach ($row in @($rows)) {",
  '    if ($null -ne $row -and $row[0] -like "$wordToComplete*") {',
  "      [System.Management.Automation.CompletionResult]::new($row[0], $row[0], 'ParameterValue', $row[1])",
  "    }",
  "  }",
  "  if ($kind -eq 'files') { [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete) }",
  "}",
];

// What a value of a flag, or a word that is no flag, can be: a list, `files`, `subs` (commands) or `none`.
const valueRows = ({ at, flags, positional }: Node): string[] => [
  `    ${quoted(at)} = ${spell(positional, "'subs'")}`,
  ...flags.flatMap(({ name, value }) =>
    value === undefined ? [] : [`    ${quoted(`${at} ${name}`)} = ${spell(value, "'none'")}`]
  ),
];

const spell = (value: Value, free: string): string =>
  value.kind === "words" ? `@(${value.words.map(quoted).join(", ")})` : value.kind === "path" ? "'files'" : free;

const row = ([word, doc]: readonly [string, string]): string => `@(${quoted(word)}, ${quoted(doc)})`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
