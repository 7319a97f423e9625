// The one strict reader of a command line (spec 01, section 3.1). Why not parseArgs of @std/cli: a value flag here takes
// the next argument whatever it looks like, `-json` is one long flag, a boolean knows ten words, and each flag that is
// unknown, without a value or with a wrong one is a fault; parseArgs can be told none of the first three.
import { closest } from "../core/base/closest.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { lower, trim } from "../core/base/text.ts";
import type { Flag, Flags, Positionals } from "./command.ts";

/** The flags of every command. */
export const COMMON = {
  json: { kind: "switch", doc: "Print one JSON object on one line" },
  explain: { kind: "switch", doc: "Say in one sentence what the command does, and do nothing" },
  help: { kind: "switch", doc: "Show this help" },
} as const satisfies Flags;

/** What a command line said: texts and choices by flag name, switches as booleans, defaults filled in. */
export type Parsed = {
  readonly values: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly help: boolean;
};

const TRUE = ["true", "1", "t", "T", "True", "TRUE"];
const FALSE = ["false", "0", "f", "F", "False", "FALSE"];

/** The text without its one or two leading dashes, or undefined when it is no flag (`-` alone is none). */
const undashed = (arg: string): string | undefined =>
  arg.length > 1 && arg.startsWith("-") ? arg.slice(arg.startsWith("--") ? 2 : 1) : undefined;

/** The name of the flag that an argument gives, value or not; undefined when it is no flag. */
export const flagName = (arg: string): string | undefined => {
  const body = undashed(arg);
  return body === undefined ? undefined : split(body)[0];
};

/** The arguments before `--`, where alone flags can be. */
export const beforeDashes = (argv: readonly string[]): readonly string[] => {
  const end = argv.indexOf("--");
  return end < 0 ? argv : argv.slice(0, end);
};

/** Whether JSON was asked for, found without knowing the command: for faults that come before or while parsing. */
export function wantsJson(argv: readonly string[]): boolean {
  let json = false;
  for (const arg of beforeDashes(argv)) {
    const [name, value] = split(undashed(arg) ?? "");
    if (name === "json") json = value === undefined || !FALSE.includes(trim(value));
  }
  return json;
}

/** Whether `--explain` stands before `--`, as a word of its own. */
export const wantsExplain = (argv: readonly string[]): boolean => beforeDashes(argv).some((arg) => trim(arg) === "--explain");

/** Whether an argument asks for help, in any spelling. */
export const isHelp = (arg: string): boolean => ["help", "h"].includes(undashed(arg) ?? "");

/** Whether a first argument asks for the version, in any spelling. */
export const isVersion = (arg: string): boolean => ["version", "v"].includes(undashed(arg) ?? "");

const split = (text: string): readonly [string, string | undefined] => {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};

/**
 * The arguments behind a command's name that are gait's own: those before `--`, and where the command line of another program may
 * begin without it, those before that. Behind a flag that is not known nobody can tell its value from a program's name.
 */
export function ownArguments(flags: Flags, wanted: Positionals | undefined, argv: readonly string[]): readonly string[] {
  const own = beforeDashes(argv);
  if (wanted?.rest === undefined) return own;
  const known = flagsOf(flags);
  for (let i = 0; i < own.length; i++) {
    const body = undashed(own[i] ?? "");
    if (body === undefined) return own.slice(0, i);
    const [name, inline] = split(body);
    const flag = known.get(name);
    if (flag === undefined) return own;
    if (flag.kind !== "switch" && inline === undefined) i++;
  }
  return own;
}

const flagsOf = (flags: Flags): ReadonlyMap<string, Flag> =>
  new Map<string, Flag>([...Object.entries(flags), ...Object.entries(COMMON), ["h", COMMON.help]]);

/** Reads the arguments behind a command's name. Faults: `unknown_flag`, `flag_value`, `missing_argument`, `usage`. */
export function parse(flags: Flags, wanted: Positionals | undefined, argv: readonly string[]): Result<Parsed> {
  const known = flagsOf(flags);
  const given = new Map<string, string | boolean>();
  const positionals: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (arg === "--") {
      positionals.push(...argv.slice(i + 1));
      break;
    }
    const body = undashed(arg);
    if (body === undefined && wanted?.rest !== undefined) {
      if (wanted.rest === "behind_dashes") {
        return fail("usage", `Cannot take argument "${arg}": <${wanted.name}> is wanted behind "--"`);
      }
      positionals.push(...argv.slice(i));
      break;
    }
    if (body === undefined) {
      positionals.push(arg);
      continue;
    }
    const [name, inline] = split(body);
    const flag = known.get(name);
    if (flag === undefined) return unknownFlag(name, [...known.keys()]);
    const follows = flag.kind !== "switch" && inline === undefined;
    if (follows && ++i >= argv.length) return fail("flag_value", `Cannot read flag "--${name}": a value is wanted after it`);
    const value = read(name, flag, follows ? argv[i] : inline);
    if (!value.ok) return value;
    given.set(name === "h" ? "help" : name, value.value);
  }
  const json = given.get("json") === true;
  const help = given.get("help") === true;
  if (help) return ok({ values: {}, json, help }); // nothing else is wanted then
  const values: Record<string, unknown> = { positionals };
  for (const [name, flag] of Object.entries(flags)) {
    const value = given.get(name) ?? otherwise(flag);
    if (flag.kind === "text" && flag.required && (value === undefined || value === "")) {
      return fail("missing_argument", `Cannot run without flag "--${name}": give ${placeholder(flag)}`);
    }
    values[name] = value;
  }
  const fault = countFault(wanted, positionals);
  return fault ?? ok({ values, json, help });
}

function otherwise(flag: Flag): string | boolean | undefined {
  if (flag.kind !== "switch") return flag.default;
  return flag.configured === true ? undefined : flag.on === true;
}

/** What stands for a flag's value in help and messages; empty for a switch. */
export function placeholder(flag: Flag): string {
  switch (flag.kind) {
    case "text":
      return `<${flag.value ?? (flag.complete === "path" ? "path" : "text")}>`;
    case "choice":
      return flag.values.join("|");
    case "switch":
      return "";
    default:
      return never(flag);
  }
}

function read(name: string, flag: Flag, given: string | undefined): Result<string | boolean> {
  const value = trim(given ?? "");
  switch (flag.kind) {
    case "text":
      return ok(flag.exact === true ? given ?? "" : value);
    case "switch":
      if (given === undefined || TRUE.includes(given)) return ok(true);
      return FALSE.includes(given) ? ok(false) : wrongValue(`--${name}`, given, ["true", "false"]);
    case "choice": {
      if (value === "" && flag.blank !== undefined) return ok(flag.blank);
      const same = (word: string) => flag.fold ? lower(word) === lower(value) : word === value;
      const word = flag.values.find(same);
      return word === undefined ? wrongValue(`--${name}`, value, flag.values) : ok(word);
    }
    default:
      return never(flag);
  }
}

function countFault(wanted: Positionals | undefined, positionals: readonly string[]): Result<never> | undefined {
  if (wanted?.ignored) return undefined;
  const extra = positionals[wanted?.max ?? 0];
  if (extra !== undefined) {
    const most = wanted === undefined ? "no argument without a dash" : `at most ${wanted.max} ${wanted.name}`;
    return fail("usage", `Cannot take argument "${extra}": the command wants ${most}`);
  }
  if (wanted === undefined) return undefined;
  if (positionals.length < wanted.min) return fail("missing_argument", `Cannot run without <${wanted.name}>: ${wanted.doc}`);
  if (
    wanted.complete === "path" && wanted.min > 0 && wanted.rest === undefined && positionals.some((path) => trim(path) === "")
  ) {
    return fail("missing_argument", `Cannot run with a blank <${wanted.name}>: ${wanted.doc}`);
  }
  const odd = wanted.values === undefined ? undefined : positionals.find((word) => !wanted.values?.includes(word));
  return odd === undefined ? undefined : wrongValue(wanted.name, odd, wanted.values ?? []);
}

const wrongValue = (what: string, value: string, values: readonly string[]): Result<never> =>
  fail("flag_value", `Cannot read value "${value}" of ${what}: wanted is one of ${values.join(", ")}${closest(value, values)}`);

const unknownFlag = (name: string, names: readonly string[]): Result<never> =>
  fail("unknown_flag", `Cannot take flag "--${name}": the command has no such flag${closest(name, names, "--")}`);

const never = (flag: never): never => {
  throw new Error(`unknown kind of flag: ${JSON.stringify(flag)}`);
};
