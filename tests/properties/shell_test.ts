// Properties of reading shell commands: total on any text, the same each time, and never silent about what it did not understand.
import fc from "fast-check";
import { SHELL_REASONS } from "../../core/shell/reading.ts";
import { assert, assertEquals } from "../assert.ts";
import { programsOf, readIn, RESOLVED, SHELL_CASES } from "../shell/cases.ts";
import { property } from "./run.ts";

const SIGNS = [
  "$(",
  ")",
  "`",
  "'",
  '"',
  "\\",
  "|",
  "&",
  ";",
  "<",
  ">",
  "<<E",
  "\nE\n",
  "{",
  "}",
  "$x",
  "${",
  "((",
  "))",
  "[[",
  "]]",
  "\n",
];
const WORDS = [
  "rm",
  "a",
  "if",
  "then",
  "fi",
  "do",
  "done",
  "for",
  "in",
  "case",
  "esac",
  "function",
  "f()",
  "eval",
  "bash",
  "-c",
  "cd",
];
const salad = fc.array(fc.constantFrom(...SIGNS, ...WORDS, " ", " "), { maxLength: 40 }).map((parts) => parts.join(""));
const spoiled = fc.tuple(fc.constantFrom(...SHELL_CASES), fc.nat(), fc.nat(4), fc.constantFrom(...SIGNS, ""))
  .map(([{ command }, at, length, sign]) => {
    const from = at % (command.length + 1);
    return command.slice(0, from) + sign + command.slice(from + length);
  });
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), salad, spoiled);

property("shell: any text is read or says why not, and the same each time", anyText, (text) => {
  const read = readIn(text);
  assertEquals(readIn(text), read);
  assert(read.unresolved.every(({ code }) => SHELL_REASONS.includes(code)));
  assert(read.commands.every(({ program, argv }) => program !== "" && argv.length > 0));
});

property(
  "shell: a command within another is never lost",
  fc.tuple(
    fc.constantFrom(...RESOLVED),
    fc.constantFrom("{ %\n}", "(%\n)", "x=$(%\n)", "true && {\n%\n}", "if %\nthen true; fi", "%\ntrue"),
  ),
  ([{ command, programs = [] }, around]) => {
    if (programs.length === 0) return;
    const read = readIn(around.replace("%", () => command));
    const told = new Set(programsOf(read));
    assert(read.unresolved.length > 0 || programs.every((program) => told.has(program)), JSON.stringify(read));
  },
);

property(
  "shell: depth of any kind ends in an answer",
  fc.tuple(
    fc.constantFrom(
      ...["$(", "`", "( ", "{ ", "if ", "f() ", "((", "${a:-", "a|", "a;", "[[ ! ", "<(", '"$(', "bash -c '", "while "],
    ),
    fc.integer({ min: 1, max: 30_000 }),
  ),
  ([opening, times]) => {
    const read = readIn(opening.repeat(times));
    assert(read.unresolved.length > 0 || read.commands.length === times, opening);
  },
);
