// What a command is: plain data and one function. The parser, the types of `run`, help, completion and the docs all read
// the same flags, so nothing about a flag is written twice.
import type { ExitName } from "../core/base/errors.ts";
import { type Fault, ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";

/**
 * One flag. `json`, `explain` and `help` belong to every command and are not listed; a command that lists `explain` itself runs when
 * JSON is asked for too, and is told of it.
 */
export type Flag =
  | {
    readonly kind: "text";
    readonly doc: string;
    /** The value when the flag is not given. */
    readonly default?: string;
    /** Not giving it, unless there is a default, or giving it blank, is a usage fault. */
    readonly required?: true;
    /** What stands for the value in help, without brackets: `file`, `name`; `text` when absent. */
    readonly value?: string;
    /** `path` lets shells complete file names. */
    readonly complete?: "path";
    /** It counts as it is given, blanks around it and all. */
    readonly exact?: true;
  }
  | {
    readonly kind: "choice";
    readonly doc: string;
    readonly values: readonly string[];
    readonly default?: string;
    /** Accepted in any letter case; `run` gets the spelling of `values`. */
    readonly fold?: true;
    /** What blank text means; without it blank text is refused. */
    readonly blank?: string;
  }
  | {
    readonly kind: "switch";
    readonly doc: string;
    /** It is on unless it is given as false. */
    readonly on?: true;
    /** The project defaults can give it too: undefined where it is not given. */
    readonly configured?: true;
  };

/** Flags by name, without dashes. */
export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<G extends Flag> = G extends { kind: "switch" } ? G extends { configured: true } ? boolean | undefined : boolean
  : G extends { kind: "choice"; values: readonly (infer V)[] } ? G extends { default: string } ? V : V | undefined
  : G extends { kind: "text" } ? G extends { default: string } | { required: true } ? string : string | undefined
  : never;

/**
 * What `run` gets: texts trimmed unless they are exact, a choice in the spelling of its `values`, a switch as boolean. A text or
 * choice that is not given is its default, else undefined. Positionals come as given, their number checked.
 */
export type Values<F extends Flags> =
  & { readonly [N in keyof F]: ValueOf<F[N]> }
  & { readonly positionals: readonly string[] };

/** The arguments without a dash. `max` may be `Infinity`; `ignored` swallows any number of them without a look. */
export type Positionals = {
  readonly name: string;
  readonly doc: string;
  readonly min: number;
  readonly max: number;
  readonly values?: readonly string[];
  readonly complete?: "path";
  readonly ignored?: true;
  /**
   * They are the command line of another program, and nothing of it is read here: it begins behind `--` or, where that need not
   * stand, with the first argument that is no flag.
   */
  readonly rest?: "behind_dashes" | "anywhere";
};

/** What a run came to. `data` is the JSON view; its own `ok` says whether the answer is good. */
export type Outcome<T> = {
  readonly exit: ExitName;
  /** The exit code of a program that gait ran for its user, to end with in the place of the number of `exit`. */
  readonly code?: number;
  readonly data: T;
  /** Why the answer is not good, where there are words for it: the error envelope is then added to `data`. */
  readonly fault?: Fault;
  /** Top-level members to print even when empty; all other empty ones are left out. */
  readonly always?: readonly string[];
};

/**
 * Records that are written as they come instead of one answer: each text is whole lines of JSON with their line breaks, and is
 * answered by whether somebody still reads. The end of all says how the program ends; a fault is written as a last line.
 */
export type Records = { readonly records: AsyncGenerator<string, Result<ExitName>, boolean> };

/** Work that says nothing of its own on standard output, which belongs to somebody else; it gives how the program ends. */
export function silently(work: () => Promise<ExitName>): Records {
  async function* nothing(): Records["records"] {
    yield* [];
    return ok(await work());
  }
  return { records: nothing() };
}

/** An outcome whose type is closed over: what rendering needs of it. */
export type Answer = Outcome<{ readonly ok: boolean }> & {
  lines(): readonly string[];
  /** What stands in the place of `data` where the command prints a document of its own. */
  readonly document?: object;
};

/** JSON that is a document of its own: no correlation id, no error envelope, and no member left out because it is empty. */
export type OwnDocument = {
  /** It is printed also where no JSON is asked for; what people are to know of what is not in order then goes to stderr. */
  readonly always?: true;
  /**
   * The exit code whenever all is not well, whatever went wrong: for callers that take this number alone for a refusal. Words are then
   * on stderr in any case.
   */
  readonly code?: number;
  /** The document of an error of a program of this version. */
  refuse(fault: Fault, version: string): object;
};

/** What every command says about itself before it runs. */
export type About = {
  readonly path: readonly string[];
  /** A few words for the list of commands. */
  readonly summary: string;
  /** One sentence printed by `--explain`. */
  readonly explain: string;
  readonly positionals?: Positionals;
  readonly flags: Flags;
  /** Whole command lines, `gait` included. */
  readonly examples?: readonly string[];
  /** Its first line of text is a verdict: green or red on a terminal. */
  readonly verdict?: true;
  /** Members that its JSON holds in every error, also when its command line could not be read. */
  readonly refusal?: Refusal;
  /** Those of them to print even when empty. */
  readonly refusalAlways?: readonly string[];
  /** Set where its JSON does not have the form that all others share. */
  readonly document?: OwnDocument;
  /** Standard output belongs to somebody else: whatever is not well is told on standard error, JSON too. */
  readonly silent?: true;
};

/** Members of every error of a command, or how they follow from the words of its command line. */
export type Refusal = Readonly<Record<string, unknown>> | ((words: readonly string[]) => Readonly<Record<string, unknown>>);

/** The members that an error of a command holds whose command line was `words`. */
export const refusalOf = ({ refusal = {} }: About, words: readonly string[]): Readonly<Record<string, unknown>> =>
  typeof refusal === "function" ? refusal(words) : refusal;

/** A command as the frame runs it. */
export type Command = About & {
  readonly needs: readonly (keyof Ports)[];
  /** What of `needs` these values call for. */
  needed(values: unknown): readonly (keyof Ports)[];
  /** Runs on values that `parse` of `cli/flags.ts` made from these flags; anything else is a bug and throws. */
  execute(values: unknown, ports: Ports, invocation: Invocation): Promise<Result<Answer | Records>>;
};

/** A row of the table of commands: enough to list it; the command itself is loaded when it is wanted. */
export type Entry = {
  readonly path: readonly string[];
  readonly summary: string;
  load(): Promise<{ readonly default: Command }>;
};

/** The table of commands in parts, by the first word of their paths: each part is made when it is wanted. */
export type Commands = Readonly<Record<string, () => readonly Entry[]>>;

/** All rows of a table of commands. */
export const allOf = (commands: Commands): readonly Entry[] => Object.values(commands).flatMap((part) => part());

/** What the program knows of itself. */
export type Program = { readonly version: string; readonly commands: Commands };

/** What a command knows of the program and of its own invocation. */
export type Invocation = Program & {
  /** Whether JSON is asked for. */
  readonly json: boolean;
  /** 24 hex digits, the same for the same command line (spec 01, section 3.3). */
  correlationId(): string;
};

type Spec<F extends Flags, K extends keyof Ports, T extends { readonly ok: boolean }> = About & {
  readonly flags: F;
  readonly needs: readonly K[];
  /** Ports of `needs` that these values do not call for: the power that they take is given up too. */
  spared?(values: Values<F>): readonly K[];
  /** Does the work with the ports of `needs` and no others. */
  run(values: Values<F>, ports: Pick<Ports, K>, invocation: Invocation): Promise<Result<Outcome<T> | Records>>;
  /** The human view: one line each, without line breaks. */
  lines(data: T): readonly string[];
  readonly document?: { of(data: T): object };
};

/** Makes a command of its data. The type of `run`'s values follows from `flags`, that of its ports from `needs`. */
export function command<const F extends Flags, const K extends keyof Ports, T extends { readonly ok: boolean }>(
  spec: Spec<F, K, T>,
): Command {
  return {
    ...spec,
    needed(values) {
      const spared: readonly (keyof Ports)[] = spec.spared?.(checked(spec, values)) ?? [];
      return spec.needs.filter((name) => !spared.includes(name));
    },
    async execute(given, ports, invocation) {
      const values = checked(spec, given);
      const result = await spec.run(values, ports, invocation);
      if (!result.ok) return result;
      const { value } = result;
      if ("records" in value) return { ok: true, value };
      const document = spec.document === undefined ? {} : { document: spec.document.of(value.data) };
      return { ok: true, value: { ...value, ...document, lines: () => spec.lines(value.data) } };
    },
  };
}

function checked<F extends Flags>(
  { flags, path }: { readonly flags: F; readonly path: readonly string[] },
  values: unknown,
): Values<F> {
  if (!holds(flags, values)) throw new Error(`values do not fit the flags of ${path.join(" ")}`);
  return values;
}

// Checks what the types claim, so that no cast is needed.
function holds<F extends Flags>(flags: F, values: unknown): values is Values<F> {
  if (typeof values !== "object" || values === null || !Array.isArray(Reflect.get(values, "positionals"))) return false;
  return Object.entries(flags).every(([name, flag]) => fits(flag, Reflect.get(values, name)));
}

function fits(flag: Flag, value: unknown): boolean {
  if (flag.kind === "switch") return typeof value === "boolean" || (value === undefined && flag.configured === true);
  if (value === undefined) return flag.default === undefined && !(flag.kind === "text" && flag.required);
  return typeof value === "string" && (flag.kind === "text" || flag.values.includes(value));
}
