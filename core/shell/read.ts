// Reads a shell command without running it: every simple command that GNU bash may run for it, whatever branches it takes, and the files
// that it opens. INVARIANT: what is not known before the shell has run is said to be unresolved, never left out.
import { shellQuoted } from "../base/shell_quote.ts";
import { builtinReason } from "./builtins.ts";
import { type Directories, directories } from "./directories.ts";
import { onlyBash } from "./dialect.ts";
import { doubts } from "./doubts.ts";
import { endsEscaped, gluesLines } from "./lines.ts";
import {
  type Assignment,
  type Command,
  forEachChild,
  parseShell,
  type Redirection,
  type SyntaxNode,
  unlessTooDeep,
  type Word,
} from "./parse.ts";
import { type ShellCommand, type ShellFile, type ShellPlace, type ShellReading, type ShellReason } from "./reading.ts";
import { givenTexts, openedFile } from "./redirects.ts";
import { type Renamed, renamed } from "./renamed.ts";
import { shellStart } from "./starts.ts";
import { isGuarded } from "./variables.ts";
import { isLoose, mayBeOption, readWord, type ShellWord, type WordRules } from "./word.ts";
import { unwrap } from "./wrappers.ts";

/** The longest text that is read. */
const LONGEST = 2 ** 16;

/** How many texts within texts are read. */
const DEEPEST = 8;

const SYSTEM = /^\/(?:usr\/)?s?bin\/(?=[^/]+$)/;

type Sink = {
  readonly commands: ShellCommand[];
  readonly files: ShellFile[];
  readonly unresolved: { readonly code: ShellReason; readonly text: string }[];
  readonly directories: Directories;
  /** What has been given another meaning in all texts that were read. */
  renamed: Renamed;
};

/**
 * What holds around a text: the rules of its words, whether it may run again or later, how many texts are around it, whether the shell may
 * be another one than bash, and whether it is in a folder that nobody knows.
 */
type Around = {
  readonly rules: WordRules;
  readonly again: boolean;
  readonly depth: number;
  readonly posix: boolean;
  readonly moved: boolean;
};

/** Where in a text something stands, and the texts that all commands there have as their input. */
type Spot = Around & { readonly source: string; readonly input: readonly string[] };

/** Reads a shell command. Total: a text of any kind is read, or is unresolved. */
export function readShell(text: string, place: ShellPlace): ShellReading {
  const home = place.home === "" ? undefined : place.home;
  const first = readBy({ home, catIsKnown: true }, text, place);
  const { renamed } = first;
  if (!renamed.home && !renamed.cat) return first.reading;
  // A text within may give a name another meaning for what stands around it, before or behind it.
  return readBy({ home: renamed.home ? undefined : home, catIsKnown: !renamed.cat }, text, place).reading;
}

function readBy(
  rules: WordRules,
  text: string,
  place: ShellPlace,
): { readonly reading: ShellReading; readonly renamed: Renamed } {
  const sink: Sink = {
    commands: [],
    files: [],
    unresolved: [],
    directories: directories(place.cwd),
    renamed: { home: false, cat: false },
  };
  const read = unlessTooDeep(() => readText(text, { rules, again: false, depth: 0, posix: false, moved: false }, sink));
  if (read === undefined) sink.unresolved.push({ code: "shell_too_large", text: cut(text) });
  const { files, lost } = sink.directories.settle();
  if (lost !== undefined) sink.unresolved.push({ code: "shell_directory_unknown", text: cut(lost) });
  const { commands, unresolved, renamed } = sink;
  return { reading: { commands, files: [...sink.files, ...files], unresolved }, renamed };
}

function readText(text: string, around: Around, sink: Sink): true {
  const refuse = (code: ShellReason): true => {
    sink.unresolved.push({ code, text: cut(text) });
    return true;
  };
  if (text.length > LONGEST || around.depth > DEEPEST) return refuse("shell_too_large");
  if (text.includes("\0") || !text.isWellFormed()) return refuse("shell_parse_error");
  const script = parseShell(text);
  if (script === undefined) return refuse("shell_too_large");
  if (script.errors !== undefined && script.errors.length > 0 || endsEscaped(text)) return refuse("shell_parse_error");
  if (gluesLines(text, script)) return refuse("shell_expansion");
  const { home, cat } = renamed(script);
  sink.renamed = { home: home || sink.renamed.home, cat: cat || sink.renamed.cat };
  visit(script, { ...around, source: text, input: [] }, sink);
  return true;
}

const LONG = 200;

const cut = (text: string): string => text.length > LONG ? `${text.slice(0, LONG)}...` : text;

function visit(node: SyntaxNode, spot: Spot, sink: Sink): void {
  const refuse = (code: ShellReason, text = spot.source.slice(node.pos, node.end)): void => {
    sink.unresolved.push({ code, text: cut(text) });
  };
  const inside = (next = spot): void => forEachChild(node, (child) => visit(child, next, sink));
  for (const code of doubts(node, spot.rules)) refuse(code);
  if (spot.posix && onlyBash(node, spot.source, spot.rules)) refuse("shell_eval");
  switch (node.type) {
    case "Script": {
      if ("errors" in node && (node.errors ?? []).length > 0) refuse("shell_parse_error");
      if (node.source !== undefined && endsEscaped(node.source)) refuse("shell_parse_error");
      // The text within escaped backticks is one of its own.
      return inside(node.source === undefined ? spot : { ...spot, source: node.source });
    }
    case "Command":
      simple(node, spot, sink);
      return inside();
    case "Redirected":
      opened(node.redirects, spot, sink);
      return inside({ ...spot, input: [...spot.input, ...givenTexts(node.redirects, spot.source)] });
    case "For":
    case "Select":
    case "While":
    case "ArithmeticFor":
    case "Function":
    case "Coproc":
      return inside({ ...spot, again: true });
    default:
      return inside();
  }
}

function opened(redirects: readonly Redirection[], spot: Spot, sink: Sink): void {
  for (const redirect of redirects) {
    const file = openedFile(redirect, spot.rules);
    if (file === "none") continue;
    const refuse = (code: ShellReason) =>
      sink.unresolved.push({ code, text: cut(spot.source.slice(redirect.pos, redirect.end)) });
    if (file === "unknown") refuse("shell_expansion");
    else if (file.kind !== "path" || file.value.startsWith("/")) sink.files.push(file);
    else if (spot.moved) refuse("shell_directory_unknown");
    else sink.directories.open(file, spot.again);
  }
}

function simple(node: Command, spot: Spot, sink: Sink): void {
  opened(node.redirects, spot, sink);
  if (node.name === undefined) return; // variables and files alone
  const words = [readWord(node.name, spot.rules)];
  for (const arg of node.args) {
    words.push(arg.type === "Word" ? argument(arg, spot) : assignedWord(arg, spot));
  }
  const before = node.prefix.flatMap((part) => part.type === "Assignment" ? [assignedWord(part, spot)] : []);
  const input = [...spot.input, ...givenTexts(node.redirects, spot.source)];
  run(words, { before, input, more: false, text: spot.source.slice(node.pos, node.end) }, spot, sink);
}

// An argument `name=~/x` is expanded as an assignment would be, but not by every shell.
function argument(word: Word, { rules }: Spot): ShellWord {
  const read = readWord(word, rules);
  return /^\w+\+?=(?:.*:)?~/s.test(word.text) ? { ...read, kind: "unknown" } : read;
}

function assignedWord({ name, append, value, text }: Assignment, { rules }: Spot): ShellWord {
  if (value.type !== "Word") return { kind: "unknown", value: text };
  // A tilde behind `=` and `:` is expanded here too, which reading the value alone does not show.
  const read = readWord(value, rules);
  const kind = read.kind === "pattern" || read.kind === "several" ? "plain" : /[=:]~/.test(text) ? "unknown" : read.kind;
  return { kind, value: `${name}${append ? "+" : ""}=${read.value}` };
}

/** A text that a command at a spot runs, once or later. */
const within = ({ rules, depth, posix, moved }: Spot): Around => ({ rules, again: true, depth: depth + 1, posix, moved });

type Run = Pick<ShellCommand, "input" | "more" | "text"> & { readonly before: readonly ShellWord[] };

// A command of known or unknown words, and what it runs in its turn.
function run(words: readonly ShellWord[], { before, input, more, text }: Run, spot: Spot, sink: Sink): void {
  const refuse = (code: ShellReason): void => void sink.unresolved.push({ code, text: cut(text) });
  const [first, ...args] = words;
  if (first === undefined) return;
  if (first.kind !== "plain" || first.value === "") return refuse("shell_expansion");
  if ([...before, ...args].some(({ kind }) => kind === "unknown")) refuse("shell_expansion");
  const program = first.value.replace(SYSTEM, "");
  const reason = builtinReason(program, args);
  if (reason !== undefined) refuse(reason);
  sink.directories.command(program, args, spot.again, spot.rules.home);

  const start = shellStart(program, args, spot.rules.home);
  const argv = words.map(({ value }) => value);
  sink.commands.push({
    program,
    evaluates: start.kind === "text",
    argv,
    text: [...before.map(({ value }) => assignedText(value)), ...argv.map(shellQuoted)].join(" "),
    variables: before.map(({ value }) => value),
    input,
    loose: args.some(isLoose),
    more,
  });
  if (start.kind === "unknown" || start.kind !== "none" && more) return refuse("shell_eval");
  if (start.kind === "text") {
    // The shell that it starts has the folder that this one has then.
    readText(start.text, { ...within(spot), posix: start.posix }, sink);
    return;
  }
  if (program === "trap") return trapped(args, spot, refuse, sink);
  if (program === "find") return found(args, { before: [], input, more, text }, spot, refuse, sink);
  const inner = unwrap(program, args);
  switch (inner.kind) {
    case "unknown":
      return refuse("shell_wrapper_unknown");
    case "command": {
      if (inner.assignments.some((one) => isGuarded(one.replace(/\+?=.*$/s, "")))) refuse("shell_environment");
      const { words, assignments, replaced, moved, homes } = inner;
      const given = assignments.map((value): ShellWord => ({ kind: "plain", value }));
      const gets = more || inner.more && replaced === undefined;
      const filled = replaced === undefined ? words : filledIn(words, replaced, "filled");
      const rules = homes ? { ...spot.rules, home: undefined } : spot.rules;
      return run(filled, { before: given, input, more: gets, text }, { ...spot, rules, moved: spot.moved || moved }, sink);
    }
    case "idle": // what it is given when it is run would be its command
      return more && isWrapper(program) ? refuse("shell_wrapper_unknown") : undefined;
    case "program":
      return;
    default:
      return inner satisfies never;
  }
}

// Words in which another text takes the place of `mark`, nobody knows which.
const filledIn = (words: readonly ShellWord[], mark: string, kind: "pattern" | "filled"): readonly ShellWord[] =>
  words.map((word) => mark !== "" && word.value.includes(mark) ? { ...word, kind } : word);

const isWrapper = (program: string): boolean => unwrap(program, []).kind !== "program";

const assignedText = (text: string): string => {
  const at = text.indexOf("=") + 1;
  return text.slice(0, at) + (at === text.length ? "" : shellQuoted(text.slice(at)));
};

// `trap text signals`: the text runs later, or not at all.
function trapped(args: readonly ShellWord[], spot: Spot, refuse: (code: ShellReason) => void, sink: Sink): void {
  if (args.some(({ kind }) => kind !== "plain")) return refuse("shell_eval");
  const [first, ...rest] = args[0]?.value === "--" ? args.slice(1) : args;
  if (first === undefined || rest.length === 0 || /^-[lp]$/.test(first.value) || first.value === "-" || first.value === "") {
    return;
  }
  readText(first.value, within(spot), sink);
}

const RUNS: ReadonlySet<string> = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

// `find … -exec program … ;`: names of files take the place of `{}`.
function found(args: readonly ShellWord[], about: Run, spot: Spot, refuse: (code: ShellReason) => void, sink: Sink): void {
  if (about.more) return refuse("shell_wrapper_unknown");
  // Braces may come to actions; of plain names without a sign they come to places alone. Files may be called like actions.
  const hides = ({ kind, value }: ShellWord) =>
    kind === "filled" || kind === "several" && (!/^[\w./{},*?]+$/.test(value) || /(?:^|[{},])[*?]/.test(value));
  if (args.some((arg) => hides(arg) || mayBeOption(arg))) return refuse("shell_expansion");
  for (let at = 0; at < args.length; at++) {
    if (!RUNS.has(args[at]?.value ?? "")) continue;
    const end = args.findIndex(({ value }, i) => i > at && (value === ";" || value === "+" && args[i - 1]?.value === "{}"));
    if (end === -1) return refuse("shell_parse_error");
    // The first of two actions may be what the word before it looks for, and no action.
    if (args.slice(at + 1, end).some(({ value }) => RUNS.has(value))) return refuse("shell_expansion");
    const moved = spot.moved || /dir$/.test(args[at]?.value ?? "");
    run(filledIn(args.slice(at + 1, end), "{}", "pattern"), about, { ...spot, moved }, sink);
    at = end;
  }
}
