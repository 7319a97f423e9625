// Project defaults (spec 02, section 9): what stands in `.gait/config.yaml` and which of flag, file and built-in default counts. The
// only file that knows `@std/yaml`, which is loaded when there is something to read.
import { fromUtf8, sameBytes, utf8 } from "../core/base/bytes.ts";
import { closest } from "../core/base/closest.ts";
import { quoted } from "../core/base/json_words.ts";
import { cleanPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import type { Files } from "../core/ports.ts";

/** Where the defaults of a project are. */
export const CONFIG_PATH = ".gait/config.yaml";

/** Where the counters are unless a flag or the project says otherwise. */
export const RATE_LIMIT_PATH = ".gait-out/gate_rate_limits.json";

/** Where the gate keeps which approvals of single use were used. */
export const LEDGER_PATH = ".gait-out/approval_ledger.json";

/** Where the state of durable jobs is unless a flag says otherwise. */
export const JOB_ROOT = "./gait-out/jobs";

type Read<T> = (name: string) => T;

const gateOf = (text: Read<string>, list: Read<readonly string[]>) => ({
  policy: text("policy"),
  profile: text("profile"),
  key_mode: text("key_mode"),
  private_key: text("private_key"),
  private_key_env: text("private_key_env"),
  approval_public_key: text("approval_public_key"),
  approval_public_key_env: text("approval_public_key_env"),
  approval_private_key: text("approval_private_key"),
  approval_private_key_env: text("approval_private_key_env"),
  kill_switch_state: text("kill_switch_state"),
  rate_limit_state: text("rate_limit_state"),
  credential_broker: text("credential_broker"),
  credential_env_prefix: text("credential_env_prefix"),
  credential_ref: text("credential_ref"),
  credential_scopes: list("credential_scopes"),
  credential_command: text("credential_command"),
  credential_command_args: list("credential_command_args"),
  credential_evidence_path: text("credential_evidence_path"),
  trace_path: text("trace_path"),
  wrkr_inventory_path: text("wrkr_inventory_path"),
});

/** The section `gate`: texts trimmed, empty where nothing is given. Lists may be written as lists, or as texts with commas. */
export type GateDefaults = Readonly<ReturnType<typeof gateOf>> & {
  /** What is to be said of names that are not known and nearly are. */
  readonly warnings: readonly string[];
};

/** Far more than any configuration holds. */
const MOST = 2 ** 18;

/** Where defaults are read from: the file of the project unless one is named, or nothing at all. */
export type ConfigSource = { readonly path?: string | undefined; readonly off: boolean };

/** All sections of a file, by name; undefined without one. */
type Sections = ReadonlyMap<string, unknown> | undefined;

/**
 * The defaults that the file at `path` gives (undefined: the file of the project), or none when reading it is `off`. The file of the
 * project may be absent; one that was named may not. Faults: those of files, `path_refused` for a blank path, `text_encoding`,
 * `yaml_syntax`, `yaml_too_large`, `config_invalid`.
 */
export async function loadConfig(source: ConfigSource, files: Pick<Files, "read">): Promise<Result<GateDefaults>> {
  const read = await loadSections(source, files);
  return read.ok ? gateSection(read.value.sections?.get("gate"), read.value.what) : read;
}

/** The defaults of `mcp serve`: the section `mcp_serve`, whose fields are the flags with `_` for `-`. Faults as `loadConfig`. */
export async function loadServeConfig<N extends string>(
  source: ConfigSource,
  names: readonly N[],
  files: Pick<Files, "read">,
): Promise<Result<SectionOf<N>>> {
  const read = await loadSections(source, files);
  return read.ok ? textSection("mcp_serve", read.value.sections?.get("mcp_serve"), names, read.value.what) : read;
}

/** The file that defaults are read from. */
export const configPath = ({ path = CONFIG_PATH }: Pick<ConfigSource, "path">): string => trim(path);

async function loadSections(
  source: ConfigSource,
  files: Pick<Files, "read">,
): Promise<Result<{ readonly sections: Sections; readonly what: string }>> {
  if (source.off) return ok({ sections: undefined, what: CONFIG_PATH });
  const path = configPath(source);
  if (path === "") return fail("path_refused", "Cannot read the project defaults: --config must name a file");
  const bytes = await files.read(path, MOST);
  if (!bytes.ok) {
    const none = bytes.fault.code === "file_missing" && cleanPath(path) === CONFIG_PATH;
    return none ? ok({ sections: undefined, what: path }) : bytes;
  }
  const sections = await readSections(bytes.value, path);
  return sections.ok ? ok({ sections: sections.value, what: path }) : sections;
}

/** Reads the defaults of the section `gate`; other sections and unknown keys are left alone, but for a warning. */
export async function readConfig(bytes: Uint8Array, what: string): Promise<Result<GateDefaults>> {
  const sections = await readSections(bytes, what);
  return sections.ok ? gateSection(sections.value?.get("gate"), what) : sections;
}

async function readSections(bytes: Uint8Array, what: string): Promise<Result<Sections>> {
  const text = fromUtf8(bytes);
  if (!sameBytes(utf8(text), bytes)) return fail("text_encoding", `Cannot read "${what}": it is not UTF-8`, { file: what });
  if (trim(text) === "") return ok(undefined);
  const tab = TABBED.exec(text);
  if (tab !== null) {
    return syntax(what, text.slice(0, tab.index).split("\n").length, tab[0].indexOf("\t") + 1, "a tab does not indent");
  }
  const { parse } = await import("@std/yaml");
  let root: unknown;
  try {
    root = parse(text, { schema: "failsafe" });
  } catch (thrown) {
    return flaw(thrown, what);
  }
  return mapping(root, "the file", what);
}

// The parser takes a tab for no indentation: what is below it would belong to another section.
const TABBED = /^ *\t[ \t]*[^ \t\r\n#]/m;

const syntax = (what: string, line: number, column: number, words: string): Result<never> =>
  fail("yaml_syntax", `Cannot read "${what}": line ${line}, column ${column}: ${words}`, { file: what, line, column });

// What the parser throws says where, in words of its own; running out of stack is how it meets a file that nests without end.
function flaw(thrown: unknown, what: string): Result<never> {
  if (thrown instanceof RangeError) {
    return fail("yaml_too_large", `Cannot read "${what}": it nests too deeply`, { file: what });
  }
  if (!(thrown instanceof SyntaxError)) throw thrown;
  const [line, column] = [Number(Reflect.get(thrown, "line")), Number(Reflect.get(thrown, "column"))];
  // It counts from the line behind where it has read a value that is nothing, and comes to a column before the first.
  return syntax(what, line, Math.max(1, column), "this is not YAML, or a name that is there already");
}

const NULLS = new Set(["", "~", "null", "Null", "NULL"]);

const isNull = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === "string" && NULLS.has(trim(value));

const misfit = (what: string, words: string): Result<never> =>
  fail("config_invalid", `Cannot read "${what}": ${words}`, { file: what });

// Undefined when there is none. A merge key would be passed over like any unknown one, and what it brings would be lost in silence.
function mapping(value: unknown, name: string, what: string): Result<ReadonlyMap<string, unknown> | undefined> {
  if (isNull(value)) return ok(undefined);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return misfit(what, `${name} must be a mapping of names to values`);
  }
  const members = new Map<string, unknown>(Object.entries(value));
  return members.has("<<") ? misfit(what, `${name} must be written out: merge keys (<<) are not read here`) : ok(members);
}

function gateSection(value: unknown, what: string): Result<GateDefaults> {
  const section = mapping(value, 'section "gate"', what);
  if (!section.ok) return section;
  let wrong: Result<never> | undefined;
  const refused = (name: string, wanted: string): "" => {
    wrong ??= misfit(what, `field "gate.${name}" must be ${wanted}`);
    return "";
  };
  const given = (name: string): unknown => isNull(section.value?.get(name)) ? "" : section.value?.get(name);
  const text = (name: string): string => {
    const found = given(name);
    return trim(typeof found === "string" ? found : refused(name, "one text"));
  };
  const list = (name: string): readonly string[] => {
    const found = given(name);
    if (isTexts(found)) return found.map(trim).filter((item) => item !== "");
    return csv(typeof found === "string" ? found : refused(name, "a list of texts, or one with commas between them"));
  };
  const defaults = gateOf(text, list);
  return wrong ??
    ok({ ...defaults, warnings: misspelt("gate", [...section.value?.keys() ?? []], Object.keys(defaults), what) });
}

/** A section of texts by name, trimmed and empty where nothing is given; only names that are given at all are there. */
export type SectionOf<N extends string> = {
  readonly values: Readonly<Partial<Record<N, string>>>;
  /** What is to be said of names that are not known and nearly are. */
  readonly warnings: readonly string[];
};

function textSection<N extends string>(
  name: string,
  value: unknown,
  names: readonly N[],
  what: string,
): Result<SectionOf<N>> {
  const section = mapping(value, `section "${name}"`, what);
  if (!section.ok) return section;
  const values: Partial<Record<N, string>> = {};
  for (const field of names) {
    const found = section.value?.get(field);
    if (isNull(found)) continue;
    if (typeof found !== "string") return misfit(what, `field "${name}.${field}" must be one text`);
    values[field] = trim(found);
  }
  return ok({ values, warnings: misspelt(name, [...section.value?.keys() ?? []], names, what) });
}

// Any other name is left alone: it may belong to a later version.
const misspelt = (section: string, names: readonly string[], known: readonly string[], what: string): readonly string[] =>
  names.filter((name) => !known.includes(name)).flatMap((name) => {
    const meant = closest(name, known);
    return meant === "" ? [] : [`field ${quoted(`${section}.${name}`)} of "${what}" is not known and was left out${meant}`];
  });

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** Texts that stand in one with commas between them: trimmed, in their order, blank ones dropped. */
export const csv = (text: string): readonly string[] => text.split(",").map(trim).filter((item) => item !== "");

/** What counts: what the flag gives, else the configuration, else the built-in value. Blank is not given, on every level. */
export const preferred = (flag: string | undefined, config: string, builtIn = ""): string =>
  trim(flag ?? "") || trim(config) || builtIn;

/** The same for lists. */
export const preferredList = (flag: string | undefined, config: readonly string[]): readonly string[] => {
  const given = csv(flag ?? "");
  return given.length > 0 ? given : config;
};

/**
 * Where the keys of one kind (to sign, to check approvals) come from: as soon as one flag of the kind is given, none of that kind
 * counts in the configuration, so that a flag and a configured variable are no two sources of one key.
 */
export const keySources = <K extends string>(
  flags: Readonly<Record<K, string | undefined>>,
  config: Readonly<Record<K, string>>,
): Readonly<Record<K, string | undefined>> =>
  Object.values<string | undefined>(flags).some((value) => trim(value ?? "") !== "") ? flags : config;
